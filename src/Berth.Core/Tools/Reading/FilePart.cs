using System.Security.Cryptography;
using System.Text;
using Berth.Core.Tools.Editing;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tools.Reading;

/// <summary>
/// Some lines of a text file of any size, read in blocks: neither a huge file nor a huge line is ever in memory.
/// </summary>
internal sealed class FilePart
{
    private const int BlockBytes = 64 * 1024;
    private const int KeptBytes = 4 * LongestLine;

    private readonly long first;
    private readonly long count;
    private readonly int mostCharacters;
    private readonly StringBuilder shown = new();
    private readonly byte[] line = new byte[KeptBytes];
    private int kept;
    private long inLine;

    private FilePart(long first, long count, int mostCharacters)
    {
        this.first = first;
        this.count = count;
        this.mostCharacters = mostCharacters;
    }

    /// <summary>Characters of a line that are shown.</summary>
    public const int LongestLine = 2_000;

    /// <summary>Bytes behind the last shown line up to which lines are still counted.</summary>
    public const long CountedBytes = 64 * 1024 * 1024;

    /// <summary>Files up to this size have their content's hash.</summary>
    public const long HashedBytes = 16 * 1024 * 1024;

    /// <summary>The lines, each with its number, an arrow and a line feed.</summary>
    public string Text => shown.ToString();

    /// <summary>How many lines are shown.</summary>
    public long Shown { get; private set; }

    /// <summary>Lines of the file, as far as they were counted.</summary>
    public long Lines { get; private set; }

    /// <summary>The whole file was counted.</summary>
    public bool IsCounted { get; private set; }

    /// <summary>The hash of the whole content; null when it was not read whole.</summary>
    public byte[]? Hash { get; private set; }

    /// <summary>Reads lines.</summary>
    /// <param name="size">Bytes of the file, as far as it says.</param>
    /// <param name="first">The first line, from 1.</param>
    /// <param name="count">Lines at most.</param>
    /// <param name="mostCharacters">Characters at most; a line that has begun is shown.</param>
    /// <param name="mostBytes">Bytes of the file that are looked at.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static FilePart Read(
        SafeFileHandle file, long size, TextFormat format, long first, long count, int mostCharacters,
        CancellationToken cancellation, long mostBytes = long.MaxValue)
    {
        var part = new FilePart(first, count, mostCharacters);
        using var hash = size <= HashedBytes ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        var toUtf8 = new Utf8Stream(format);
        var block = new byte[BlockBytes];
        var (offset, enoughAt) = (0L, long.MaxValue);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var read = RandomAccess.Read(file, block, offset);
            hash?.AppendData(block, 0, read);
            var bytes = block.AsSpan(0, read);
            part.Take(toUtf8.Convert(offset == 0 ? bytes[Math.Min(format.MarkBytes, read)..] : bytes, isLast: read == 0));
            offset += read;
            if (read == 0)
            {
                part.End();
                part.Hash = hash?.GetHashAndReset();
                return part;
            }

            enoughAt = part.HasEnough ? Math.Min(enoughAt, offset) : long.MaxValue;
            if (offset - enoughAt > CountedBytes || offset >= mostBytes)
            {
                return part;
            }
        }
    }

    private bool HasEnough => Shown >= count || shown.Length >= mostCharacters;

    private void Take(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var end = bytes.IndexOf((byte)'\n');
            var part = end < 0 ? bytes : bytes[..end];
            if (Lines + 1 >= first && !HasEnough)
            {
                var room = Math.Min(part.Length, KeptBytes - kept);
                part[..room].CopyTo(line.AsSpan(kept));
                kept += room;
            }

            inLine += part.Length;
            if (end < 0)
            {
                return;
            }

            Show();
            bytes = bytes[(end + 1)..];
        }
    }

    // What stands behind the last line feed is a line only if there is something.
    private void End()
    {
        if (inLine > 0)
        {
            Show();
        }

        IsCounted = true;
    }

    private void Show()
    {
        Lines++;
        if (Lines >= first && !HasEnough)
        {
            Shown++;
            shown.Append(Lines.ToString().PadLeft(6)).Append('→');
            AppendLine();
            shown.Append('\n');
        }

        (kept, inLine) = (0, 0);
    }

    private void AppendLine()
    {
        var bytes = line.AsSpan(0, kept);
        if (inLine == kept)
        {
            bytes = bytes is [.., (byte)'\r'] ? bytes[..^1] : bytes;
        }

        var text = Encoding.UTF8.GetString(bytes);
        if (text.Length <= LongestLine && inLine == kept)
        {
            shown.Append(text);
            return;
        }

        // Not in the middle of a pair of surrogates.
        var cut = Math.Min(LongestLine, text.Length);
        cut -= char.IsHighSurrogate(text[cut - 1]) ? 1 : 0;
        var left = inLine - Encoding.UTF8.GetByteCount(text.AsSpan(0, cut));
        shown.Append(text, 0, cut).Append("… [").Append(left).Append(" more bytes in this line]");
    }
}
