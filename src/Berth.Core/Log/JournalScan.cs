using Berth.Protocol;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Log;

/// <summary>Reads a journal from its beginning, line by line, and finds out what of it is whole.</summary>
/// <param name="WholeLength">Bytes up to the end of the last whole line.</param>
/// <param name="FileLength">Bytes in the file.</param>
/// <param name="LastSeq">The sequence number of the last whole line.</param>
/// <param name="Damaged">Damaged stretches before <paramref name="WholeLength"/>: offset and length.</param>
internal sealed record JournalScan(
    long WholeLength, long FileLength, long LastSeq, IReadOnlyList<(long Offset, long Length)> Damaged)
{
    public delegate void WholeLine(long seq, long offset, ReadOnlySpan<byte> line);

    /// <param name="after">The sequence number that the first line follows.</param>
    /// <param name="upTo">The last sequence number that counts: nothing behind it is looked at.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static JournalScan Run(SafeFileHandle handle, WholeLine whole, long after = 0, long upTo = long.MaxValue)
    {
        var fileLength = RandomAccess.GetLength(handle);
        var damaged = new List<(long, long)>();
        var reader = new LineReader((offset, buffer) => RandomAccess.Read(handle, buffer, offset), 0);
        long wholeLength = 0;
        var lastSeq = after;
        while (reader.TryNext(out var line))
        {
            // A sequence number that does not grow is a line from somewhere else: damage, not an event.
            if (LogLine.TryVerify(line, out var seq) && seq > lastSeq)
            {
                if (seq > upTo)
                {
                    fileLength = wholeLength;
                    break;
                }

                if (reader.LineOffset > wholeLength)
                {
                    damaged.Add((wholeLength, reader.LineOffset - wholeLength));
                }

                whole(seq, reader.LineOffset, line);
                lastSeq = seq;
                wholeLength = reader.NextOffset;
            }
        }

        return new JournalScan(wholeLength, fileLength, lastSeq, damaged);
    }
}

/// <summary>Splits what a read function gives into lines, with their offsets. Longer lines than an event are cut apart.</summary>
internal sealed class LineReader(LineReader.ReadAt read, long offset)
{
    private const int UsualBytes = 64 * 1024;

    private byte[] buffer = new byte[UsualBytes];
    private int start;
    private int end;
    private bool ended;

    public delegate int ReadAt(long offset, Span<byte> buffer);

    /// <summary>Where the line that <see cref="TryNext"/> gave begins.</summary>
    public long LineOffset { get; private set; }

    /// <summary>Where the line after it begins.</summary>
    public long NextOffset { get; private set; } = offset;

    /// <summary>The next complete line without its line end; false when only an unfinished one is left.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0 || end - start > Limits.EventBytes)
            {
                var stop = newline >= 0 ? searched + newline : end;
                line = buffer.AsSpan(start, stop - start);
                LineOffset = NextOffset;
                var taken = stop - start + (newline >= 0 ? 1 : 0);
                NextOffset += taken;
                start += taken;
                return true;
            }

            if (ended)
            {
                line = default;
                return false;
            }

            searched = end - start;
            Fill();
        }
    }

    /// <summary>More may have been written since the end was met.</summary>
    public void Continue() => ended = false;

    private void Fill()
    {
        var held = end - start;
        var target = held > buffer.Length / 2 ? new byte[buffer.Length * 2]
            : held == 0 && buffer.Length > UsualBytes ? new byte[UsualBytes]
            : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, held);
        buffer = target;
        start = 0;
        var count = read(NextOffset + held, buffer.AsSpan(held));
        end = held + count;
        ended = count == 0;
    }
}
