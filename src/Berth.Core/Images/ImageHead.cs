using System.Buffers.Binary;

namespace Berth.Core.Images;

/// <summary>The kind and size of an image, from its first bytes.</summary>
/// <param name="Kind">For people: "PNG".</param>
/// <param name="Width">Pixels; 0 when the bytes at hand do not say it.</param>
internal sealed record ImageHead(string Kind, int Width, int Height)
{
    /// <summary>As providers name it: "image/png". Every kind known here is one that they take.</summary>
    public string MediaType => $"image/{Extension}";

    /// <summary>What the name of such a file ends in.</summary>
    public string Extension => Kind.ToLowerInvariant();

    /// <summary>In words, for people and models: "a PNG image of 640×480 pixels".</summary>
    public override string ToString() => Width > 0 && Height > 0 ? $"a {Kind} image of {Width}×{Height} pixels" : $"a {Kind} image";

    /// <summary>Reads the head of an image; null when it is none of the known kinds.</summary>
    /// <param name="start">Its first bytes; 64 KB hold the size of nearly every photo.</param>
    public static ImageHead? Of(ReadOnlySpan<byte> start) => start switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Png(start),
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => Gif(start),
        [0xff, 0xd8, 0xff, ..] => Jpeg(start),
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebP(start),
        _ => null,
    };

    // The first chunk, IHDR, begins with the two sizes (PNG specification, 11.2.1).
    private static ImageHead Png(ReadOnlySpan<byte> b) => b.Length < 24
        ? new("PNG", 0, 0)
        : new("PNG", BinaryPrimitives.ReadInt32BigEndian(b[16..]), BinaryPrimitives.ReadInt32BigEndian(b[20..]));

    // The logical screen follows the signature (GIF89a, 18).
    private static ImageHead Gif(ReadOnlySpan<byte> b) => b.Length < 10
        ? new("GIF", 0, 0)
        : new("GIF", BinaryPrimitives.ReadUInt16LittleEndian(b[6..]), BinaryPrimitives.ReadUInt16LittleEndian(b[8..]));

    // Segments follow each other; a "start of frame" has the sizes (ITU T.81, B.2.2).
    private static ImageHead Jpeg(ReadOnlySpan<byte> b)
    {
        for (var at = 2; at + 9 <= b.Length && b[at] == 0xff;)
        {
            var marker = b[at + 1];
            if (marker is >= 0xc0 and <= 0xcf and not (0xc4 or 0xc8 or 0xcc))
            {
                return new("JPEG", BinaryPrimitives.ReadUInt16BigEndian(b[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(b[(at + 5)..]));
            }

            at += marker == 0xff ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(b[(at + 2)..]);
        }

        return new("JPEG", 0, 0);
    }

    // Three kinds of the first chunk: lossy, lossless, extended (RFC 9649, 2.5 to 2.7).
    private static ImageHead WebP(ReadOnlySpan<byte> b)
    {
        if (b.Length < 30)
        {
            return new("WebP", 0, 0);
        }

        var bits = BinaryPrimitives.ReadInt32LittleEndian(b[21..]);
        return b[12..16] switch
        {
            [.., (byte)'8', (byte)' '] => new(
                "WebP", BinaryPrimitives.ReadUInt16LittleEndian(b[26..]) & 0x3fff, BinaryPrimitives.ReadUInt16LittleEndian(b[28..]) & 0x3fff),
            [.., (byte)'L'] => new("WebP", (bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1),
            [.., (byte)'X'] => new("WebP", (b[24] | b[25] << 8 | b[26] << 16) + 1, (b[27] | b[28] << 8 | b[29] << 16) + 1),
            _ => new("WebP", 0, 0),
        };
    }
}
