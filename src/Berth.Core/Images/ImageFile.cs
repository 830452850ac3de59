using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Images;

/// <summary>An image as a model may be shown it.</summary>
/// <param name="Bytes">The whole file.</param>
internal sealed record ImageFile(byte[] Bytes, ImageHead Head)
{
    /// <summary>Reads an image.</summary>
    /// <param name="why">Why none can be shown, the end of a sentence about the file; null when one can.</param>
    /// <returns>Null when there is a reason.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ImageFile? Read(string path, out string? why)
    {
        var bytes = FileFacts.ReadStart(path, Limits.ImageBytes + 1, out var facts);
        var head = ImageHead.Of(bytes);
        why = head is null ? "is no PNG, JPEG, GIF or WebP image"
            : bytes.Length > Limits.ImageBytes
                ? $"is {head} with {Math.Max(facts.Size, bytes.Length):N0} bytes; an image may have {Limits.ImageBytes:N0} to be shown"
            : Math.Max(head.Width, head.Height) > Limits.ImagePixels
                ? $"is {head}; an image may have {Limits.ImagePixels:N0} pixels on a side to be shown"
            : null;
        return why is null ? new ImageFile(bytes, head!) : null;
    }
}
