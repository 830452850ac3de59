using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Log;

/// <summary>
/// What a fork has from its origin: a file that counts up to a sequence number. It may be the very file that the origin
/// still writes to, so it is only ever read, and what stands behind that number says nothing here.
/// </summary>
internal sealed class LogBase : IDisposable
{
    private readonly SafeFileHandle handle;

    private LogBase(string path, SafeFileHandle handle, LineMarks marks)
    {
        Path = path;
        this.handle = handle;
        Marks = marks;
    }

    public string Path { get; }

    /// <summary>Where some of the lines begin.</summary>
    public LineMarks Marks { get; }

    /// <summary>Bytes that count.</summary>
    public long Length { get; private init; }

    /// <summary>The sequence number of the last line that counts.</summary>
    public long LastSeq { get; private init; }

    /// <summary>What of it is not whole.</summary>
    public IReadOnlyList<LogDamage> Damage { get; private init; } = [];

    /// <summary>Opens a base and hands every whole line that counts to <paramref name="line"/>.</summary>
    /// <param name="after">The sequence number of the last line before this file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LogBase Open(LogPart part, long after, Action<long, ReadOnlySpan<byte>> line)
    {
        var marks = new LineMarks();
        var file = PrivateFiles.OpenRead(part.Path);
        try
        {
            var scan = JournalScan.Run(
                file,
                (seq, offset, bytes) =>
                {
                    marks.Add(seq, offset);
                    line(seq, bytes);
                },
                after,
                part.UpTo);
            return new LogBase(part.Path, file, marks)
            {
                Length = scan.WholeLength, LastSeq = scan.LastSeq, Damage = LogDamage.Named(part.Path, scan),
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a base of which everything is known already.</summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static LogBase OpenKnown(string path, LineMarks marks, long lastSeq, long length) =>
        new(path, PrivateFiles.OpenRead(path), marks) { Length = length, LastSeq = lastSeq };

    /// <summary>Reads bytes that count; returns how many were read.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        try
        {
            return RandomAccess.Read(handle, buffer[..(int)Math.Clamp(Length - offset, 0, buffer.Length)], offset);
        }
        catch (ObjectDisposedException)
        {
            // As for a journal: a reader that is about to look elsewhere may be one read behind.
            return 0;
        }
    }

    public void Dispose() => handle.Dispose();
}
