using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>Reads a part of an output file through the cleaner, in pieces: no file is ever in memory.</summary>
internal static class OutputReader
{
    private const int PieceBytes = 32 * 1024;
    private const int LongestSequenceBytes = 256;
    private const int SampleBytes = 8 * 1024;
    private const int FewStrayBytes = 3;
    private const string ControlsInText = "\0\n\t\r\b\a\f\v\e";

    /// <summary>Sends the bytes from one offset to another through the cleaner to a sink.</summary>
    public static void Read(SafeFileHandle file, long from, long to, ITextSink sink)
    {
        var cleaner = new OutputCleaner(sink);
        var decoder = Encoding.UTF8.GetDecoder();
        var bytes = new byte[PieceBytes];
        var chars = new char[PieceBytes + 1];
        while (from < to && !sink.IsFull)
        {
            var got = RandomAccess.Read(file, bytes.AsSpan(0, (int)Math.Min(PieceBytes, to - from)), from);
            if (got == 0)
            {
                break;
            }

            from += got;
            cleaner.Add(chars.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, got), chars, flush: false)));
        }

        // What a decoder still holds is the beginning of a character that never came whole.
        cleaner.Add(chars.AsSpan(0, decoder.GetChars([], chars, flush: true)));
        cleaner.Complete();
    }

    /// <summary>
    /// The last offset, at or before the end, up to which the file can be read and later on from there: neither within
    /// a character nor within a control sequence that the program is still writing.
    /// </summary>
    public static long WholeEnd(SafeFileHandle file, long from, long to)
    {
        var begin = Math.Max(from, to - LongestSequenceBytes);
        var bytes = new byte[LongestSequenceBytes];
        var tail = bytes.AsSpan(0, RandomAccess.Read(file, bytes.AsSpan(0, (int)(to - begin)), begin));
        var escape = tail.LastIndexOf((byte)'\e');
        if (escape >= 0)
        {
            var cleaner = new OutputCleaner(new HeadAndTail(1, 1));
            cleaner.Add(Encoding.Latin1.GetString(tail[escape..]));
            if (cleaner.IsInSequence)
            {
                return begin + escape;
            }
        }

        // A character has at most three bytes after its first.
        for (var back = 1; back <= 3 && back <= tail.Length; back++)
        {
            var b = tail[^back];
            if (b >= 0xC0)
            {
                var length = b >= 0xF0 ? 4 : b >= 0xE0 ? 3 : 2;
                return length > back ? to - back : to;
            }

            if (b < 0x80)
            {
                break;
            }
        }

        return to;
    }

    /// <summary>The first offset at or after one where a line begins, or else a character.</summary>
    public static long LineStart(SafeFileHandle file, long from, long to)
    {
        if (from <= 0)
        {
            return 0;
        }

        var bytes = new byte[(int)Math.Min(PieceBytes, Math.Max(0, to - from))];
        var part = bytes.AsSpan(0, RandomAccess.Read(file, bytes, from));
        var line = part.IndexOf((byte)'\n') + 1;
        if (line > 0 && line < part.Length)
        {
            return from + line;
        }

        var skipped = 0;
        while (skipped < part.Length && skipped < 3 && (part[skipped] & 0xC0) == 0x80)
        {
            skipped++;
        }

        return from + skipped;
    }

    /// <summary>Whether the part's beginning or end is not text at all.</summary>
    public static bool IsBinary(SafeFileHandle file, long from, long to) =>
        LooksBinary(file, from, Math.Min(to, from + SampleBytes)) ||
        (to - from > SampleBytes && LooksBinary(file, Math.Max(from, to - SampleBytes), to));

    // Text may hold a few stray bytes or be parted by NULs (find -print0), not a tenth of bytes that no text has.
    private static bool LooksBinary(SafeFileHandle file, long from, long to)
    {
        var bytes = new byte[SampleBytes];
        var sample = bytes.AsSpan(0, RandomAccess.Read(file, bytes.AsSpan(0, (int)(to - from)), from));
        var text = Encoding.UTF8.GetString(sample);
        var (odd, nulls) = (0, 0);
        foreach (var c in text)
        {
            nulls += c == '\0' ? 1 : 0;
            odd += c == '\uFFFD' || (c < ' ' && !ControlsInText.Contains(c)) ? 1 : 0;
        }

        return (odd > FewStrayBytes && odd * 10 > text.Length) || nulls * 4 > text.Length || (nulls > 0 && odd > 0);
    }
}
