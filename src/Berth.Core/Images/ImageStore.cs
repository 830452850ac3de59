using System.Security.Cryptography;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Images;

/// <summary>
/// The images of one session: files in <c>images/</c> below its directory, named by their content, so that the log stays
/// small, the file the image came from may change or go, and the same picture is kept once.
/// </summary>
/// <param name="session">The session's directory.</param>
internal sealed class ImageStore(string session)
{
    private const string DirectoryName = "images";
    private const int DigitsOfName = 32;
    private readonly string directory = Path.Combine(session, DirectoryName);

    /// <summary>Keeps an image. It is on the disk when this returns.</summary>
    /// <param name="name">What people and the model call it: where it was read.</param>
    /// <exception cref="IOException">It could not be kept.</exception>
    public StoredImage Keep(ImageFile image, string name)
    {
        var file = $"{Convert.ToHexStringLower(SHA256.HashData(image.Bytes))[..DigitsOfName]}.{image.Head.Extension}";
        var path = Path.Combine(directory, file);
        if (!File.Exists(path))
        {
            PrivateFiles.CreateDirectory(directory);
            PrivateFiles.WriteAtomically(path, image.Bytes);
            PrivateFiles.SyncDirectory(session);
        }

        return new StoredImage(file, image.Head.MediaType, image.Bytes.Length, image.Head.Width, image.Head.Height, name);
    }

    /// <summary>The bytes of an image; null when they are gone, or the name is none that <see cref="Keep"/> gives.</summary>
    public ReadOnlyMemory<byte>? Read(string file)
    {
        // The name stands in a log, which a foreign hand may have written.
        if (file.Length <= DigitsOfName || file[DigitsOfName] != '.' || !file[..DigitsOfName].All(char.IsAsciiHexDigit)
            || !file[(DigitsOfName + 1)..].All(char.IsAsciiLetter))
        {
            return null;
        }

        try
        {
            return FileFacts.ReadRegular(Path.Combine(directory, file), Limits.ImageBytes, out _);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Gives all images a second name below another session's directory, at the same cost whatever their size.</summary>
    /// <exception cref="IOException">They could not be linked.</exception>
    public void LinkInto(string other)
    {
        if (!Directory.Exists(directory))
        {
            return;
        }

        var target = Path.Combine(other, DirectoryName);
        PrivateFiles.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(directory).Where(f => !Path.GetFileName(f).StartsWith('.')))
        {
            PrivateFiles.HardLink(file, Path.Combine(target, Path.GetFileName(file)));
        }

        PrivateFiles.SyncDirectory(target);
    }
}
