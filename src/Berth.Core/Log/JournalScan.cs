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
