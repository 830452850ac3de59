using Berth.Core.Images;

namespace Berth.Core.Tools.Reading;

/// <summary>What a file that is no text is, from its first bytes.</summary>
internal static class BinaryKind
{
    private static readonly (byte[] Start, string Name)[] Known =
    [
        ("%PDF-"u8.ToArray(), "a PDF document"),
        ("PK\u0003\u0004"u8.ToArray(), "a ZIP archive (also .docx, .xlsx, .jar, .whl)"),
        ([0x1f, 0x8b], "gzip-compressed data"),
        ([0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "xz-compressed data"),
        ([0x28, 0xb5, 0x2f, 0xfd], "zstd-compressed data"),
        ("BZh"u8.ToArray(), "bzip2-compressed data"),
        ([(byte)'7', (byte)'z', 0xbc, 0xaf, 0x27, 0x1c], "a 7z archive"),
        ([0x7f, (byte)'E', (byte)'L', (byte)'F'], "an ELF program or library"),
        ("MZ"u8.ToArray(), "a Windows program or library"),
        ([0xca, 0xfe, 0xba, 0xbe], "a Java class or a Mach-O program"),
        ([0, (byte)'a', (byte)'s', (byte)'m'], "a WebAssembly module"),
        ("SQLite format 3\0"u8.ToArray(), "an SQLite database"),
        ("!<arch>\n"u8.ToArray(), "a static library"),
        ("OggS"u8.ToArray(), "Ogg media"),
        ("ID3"u8.ToArray(), "MP3 audio"),
        ("BM"u8.ToArray(), "a bitmap image"),
    ];

    /// <summary>In words; "a binary file" when nothing more can be told.</summary>
    public static string Of(ReadOnlySpan<byte> start)
    {
        if (ImageHead.Of(start) is { } image)
        {
            return image.ToString();
        }

        foreach (var (first, name) in Known)
        {
            if (start.StartsWith(first))
            {
                return name;
            }
        }

        return "a binary file";
    }

    /// <summary>Whether a text could begin like this, although some of its bytes are no letters: kinds that are never one.</summary>
    public static bool IsNeverText(ReadOnlySpan<byte> start) => ImageHead.Of(start) is not null || start.StartsWith("%PDF-"u8);
}
