using Berth.Platform;

namespace Berth.Core.Log;

/// <summary>
/// The files of one log as one: its bases, if it is a fork's, and behind them the file that grows. Offsets count through
/// all of them.
/// </summary>
internal sealed class LogFiles : IDisposable
{
    private readonly IReadOnlyList<LogBase> bases;
    private readonly IDisk disk;
    private readonly Journal own;
    private readonly string path;
    private readonly long basesLength;

    private LogFiles(string directory, IReadOnlyList<LogBase> bases, Journal own, IDisk disk)
    {
        this.disk = disk;
        this.bases = bases;
        this.own = own;
        path = Path.Combine(directory, SessionLog.FileName);
        basesLength = bases.Sum(b => b.Length);
    }

    /// <summary>The sequence number of the last whole line.</summary>
    public long LastSeq => own.LastSeq;

    /// <summary>What was found damaged.</summary>
    public IReadOnlyList<LogDamage> Damage => [.. bases.SelectMany(b => b.Damage), .. own.Damage];

    /// <summary>Opens a log, or creates one without bases, and hands every whole line to <paramref name="line"/>.</summary>
    /// <param name="ownBegins">Called between the bases and the log's own file; not for a log without bases.</param>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    public static LogFiles Open(
        string directory, TimeProvider time, IDisk disk, Action<long, ReadOnlySpan<byte>> line, Action ownBegins)
    {
        var opened = new List<LogBase>();
        try
        {
            long after = 0;
            foreach (var part in LogPart.Of(directory).Where(p => !p.IsOwn))
            {
                opened.Add(LogBase.Open(part, after, line));
                after = opened[^1].LastSeq;
            }

            if (opened.Count > 0)
            {
                ownBegins();
            }

            return new LogFiles(
                directory, opened, Journal.Open(Path.Combine(directory, SessionLog.FileName), time, disk, line, after), disk);
        }
        catch
        {
            opened.ForEach(b => b.Dispose());
            throw;
        }
    }

    /// <summary>Appends lines to the log's own file; see <see cref="Journal.AppendAsync"/>.</summary>
    public ValueTask<bool> AppendAsync(long after, ReadOnlyMemory<byte> lines, int count, bool durable) =>
        own.AppendAsync(after, lines, count, durable);

    /// <summary>Reads published bytes; returns how many were read (0 at the end).</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        foreach (var part in bases)
        {
            if (offset < part.Length)
            {
                return part.Read(offset, buffer);
            }

            offset -= part.Length;
        }

        return own.Read(offset, buffer);
    }

    /// <summary>A place at or before the line that follows sequence number <paramref name="after"/>.</summary>
    public long OffsetBefore(long after)
    {
        long before = 0;
        foreach (var part in bases)
        {
            if (after < part.LastSeq)
            {
                return before + part.Marks.OffsetBefore(after);
            }

            before += part.Length;
        }

        return basesLength + own.OffsetBefore(after);
    }

    /// <summary>
    /// Makes a log that begins as this one does up to a sequence number and goes on with <paramref name="line"/>. The
    /// files are shared, so the cost does not depend on their length. After any fall there is all of it or nothing.
    /// </summary>
    /// <param name="forming">Where it is built; must not exist.</param>
    /// <param name="directory">Where it stands when it is whole; must not exist.</param>
    /// <exception cref="IOException">It could not be made.</exception>
    public LogFiles Fork(
        string forming, string directory, long upTo, ReadOnlySpan<byte> line, TimeProvider time, Action<string> furnish)
    {
        // What the origin has published may still be on its way to the disk.
        own.Sync();
        var shared = Shared(upTo);
        PrivateFiles.CreateDirectory(forming);
        try
        {
            for (var i = 0; i < shared.Count; i++)
            {
                PrivateFiles.HardLink(shared[i].Path, Path.Combine(forming, LogPart.BaseName(i + 1)));
            }

            using (var file = disk.Open(Path.Combine(forming, SessionLog.FileName)))
            {
                disk.Write(file, line, 0);
                disk.Sync(file);
            }

            furnish(forming);
            PrivateFiles.SyncDirectory(forming);
            Directory.Move(forming, directory);
        }
        catch
        {
            Directory.Delete(forming, recursive: true);
            throw;
        }

        PrivateFiles.SyncDirectory(Path.GetDirectoryName(directory)!);
        var opened = new List<LogBase>();
        foreach (var (_, marks, lastSeq, length) in shared)
        {
            opened.Add(LogBase.OpenKnown(Path.Combine(directory, LogPart.BaseName(opened.Count + 1)), marks, lastSeq, length));
        }

        return new LogFiles(
            directory, opened, Journal.Open(Path.Combine(directory, SessionLog.FileName), time, disk, (_, _) => { }, upTo), disk);
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        own.Dispose();
        foreach (var part in bases)
        {
            part.Dispose();
        }
    }

    // The files that hold the lines up to a sequence number, and how much of each counts.
    private List<(string Path, LineMarks Marks, long LastSeq, long Length)> Shared(long upTo)
    {
        var shared = new List<(string, LineMarks, long, long)>();
        foreach (var part in bases)
        {
            if (upTo <= part.LastSeq)
            {
                shared.Add((part.Path, part.Marks.UpTo(upTo), upTo, EndOf(upTo, part.Marks.OffsetBefore(upTo), part.Read)));
                return shared;
            }

            shared.Add((part.Path, part.Marks, part.LastSeq, part.Length));
        }

        shared.Add((path, own.Marks.UpTo(upTo), upTo, EndOf(upTo, own.OffsetBefore(upTo - 1), own.Read)));
        return shared;
    }

    private static long EndOf(long upTo, long from, LineReader.ReadAt read)
    {
        var reader = new LineReader(read, from);
        var end = from;
        while (reader.TryNext(out var line))
        {
            if (LogLine.TryVerify(line, out var seq))
            {
                if (seq > upTo)
                {
                    break;
                }

                end = reader.NextOffset;
            }
        }

        return end;
    }
}
