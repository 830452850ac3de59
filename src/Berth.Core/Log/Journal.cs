using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Log;

/// <summary>
/// An append-only file of checked lines with a dense sequence. There is one way to append: "after sequence N". What
/// is published (<see cref="LastSeq"/>, <see cref="Length"/>) has reached the file; a durable append returns only
/// when it has reached the disk. One owner appends; any number of readers read up to <see cref="Length"/>.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly string path;
    private readonly TimeProvider time;
    private readonly IDisk disk;
    private readonly SafeFileHandle handle;
    private readonly ITimer laterSync;
    private readonly Lock syncing = new();
    private long length;
    private long synced;
    private long lastSeq;
    private bool isWritable = true;
    private bool tailUncertain;
    private bool syncFailed;
    private int syncPlanned;

    private Journal(string path, TimeProvider time, IDisk disk, SafeFileHandle handle)
    {
        this.path = path;
        this.time = time;
        this.disk = disk;
        this.handle = handle;
        laterSync = time.CreateTimer(_ => SyncPlanned(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The sequence number of the last whole line; 0 for none.</summary>
    public long LastSeq => Volatile.Read(ref lastSeq);

    /// <summary>Bytes that readers may read.</summary>
    public long Length => Volatile.Read(ref length);

    /// <summary>Where some of the lines begin.</summary>
    public LineMarks Marks { get; } = new();

    /// <summary>What was found damaged when the file was opened; empty when all was whole.</summary>
    public IReadOnlyList<LogDamage> Damage { get; private set; } = [];

    /// <summary>
    /// Opens or creates a journal, hands every whole line to <paramref name="line"/>, and cuts a torn tail (kept
    /// beside the file). Damaged lines in the middle stay where they are and are skipped; a copy is kept beside. A file
    /// that may only be read is opened as it is; appending to it fails.
    /// </summary>
    /// <param name="after">The sequence number that the file's first line follows.</param>
    /// <exception cref="IOException">The file cannot be opened, read or cut.</exception>
    public static Journal Open(
        string path, TimeProvider time, IDisk disk, Action<long, ReadOnlySpan<byte>> line, long after = 0)
    {
        var journal = OpenFile(path, time, disk);
        var file = journal.handle;
        try
        {
            var scan = JournalScan.Run(
                file,
                (seq, offset, bytes) =>
                {
                    journal.Marks.Add(seq, offset);
                    line(seq, bytes);
                },
                after);
            journal.length = journal.synced = scan.WholeLength;
            journal.lastSeq = scan.LastSeq;
            journal.Damage = journal.isWritable ? LogDamage.KeepAside(path, file, scan, time, disk) : LogDamage.Named(path, scan);
            return journal;
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Appends lines after sequence number <paramref name="after"/>, or says that another writer was there first.</summary>
    /// <param name="lines">Sealed lines, numbered from <paramref name="after"/> + 1.</param>
    /// <param name="count">How many.</param>
    /// <param name="durable">Return only when they are on the disk; else within <see cref="Protocol.Limits.ChunkDurable"/>.</param>
    /// <returns>False when <paramref name="after"/> is not the last sequence number.</returns>
    /// <exception cref="IOException">Nothing was appended (full disk, I/O error); the next append may succeed.</exception>
    public async ValueTask<bool> AppendAsync(long after, ReadOnlyMemory<byte> lines, int count, bool durable)
    {
        if (after != lastSeq)
        {
            return false;
        }

        if (!isWritable)
        {
            throw new IOException($"{path} may only be read.");
        }

        try
        {
            CutUncertainTail();
            WriteAgain();
            tailUncertain = true;
            disk.Write(handle, lines.Span, length);
            if (durable)
            {
                await Task.Run(() => SyncUpTo(length + lines.Length)).ConfigureAwait(false);
            }

            tailUncertain = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A half-written line must not stay in front of the next one; if even cutting fails, the next append tries.
            TryCutTail();
            throw e as IOException ?? new IOException($"{path} cannot grow: {e.Message}", e);
        }

        Marks.Add(after + 1, length);
        Volatile.Write(ref lastSeq, after + count);
        Volatile.Write(ref length, length + lines.Length);
        if (!durable && Interlocked.Exchange(ref syncPlanned, 1) == 0)
        {
            // The rest of the time is the disk's own. Later is fewer: bringing it to the disk costs a sixth of a paced token.
            laterSync.Change(Protocol.Limits.ChunkDurable * 0.75, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    /// <summary>Reads published bytes; returns how many were read (0 at the end).</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        var available = Length - offset;
        try
        {
            return available <= 0
                ? 0
                : RandomAccess.Read(handle, buffer[..(int)Math.Min(buffer.Length, available)], offset);
        }
        catch (ObjectDisposedException)
        {
            // A reader that is about to look elsewhere may be one read behind; for it the log ends here.
            return 0;
        }
    }

    /// <summary>A place at or before the line that follows sequence number <paramref name="after"/>.</summary>
    public long OffsetBefore(long after) => Marks.OffsetBefore(after);

    /// <summary>Waits until everything that was published is on the disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void Sync() => SyncUpTo(Length);

    /// <summary>Closes the file; what a timer still had to sync is synced.</summary>
    public void Dispose()
    {
        laterSync.Dispose();
        SyncPlanned();
        lock (syncing)
        {
            handle.Dispose();
        }
    }

    private static Journal OpenFile(string path, TimeProvider time, IDisk disk)
    {
        try
        {
            return new Journal(path, time, disk, disk.Open(path));
        }
        catch (UnauthorizedAccessException) when (File.Exists(path))
        {
            return new Journal(path, time, disk, PrivateFiles.OpenRead(path)) { isWritable = false };
        }
    }

    private void CutUncertainTail()
    {
        if (tailUncertain)
        {
            disk.Cut(handle, length);
            tailUncertain = false;
        }
    }

    private void SyncUpTo(long end)
    {
        try
        {
            disk.Sync(handle);
            Volatile.Write(ref synced, end);
        }
        catch (IOException)
        {
            Volatile.Write(ref syncFailed, true);
            throw;
        }
    }

    // After a sync that failed the system may take what was written for saved: the next sync would succeed without it.
    private void WriteAgain()
    {
        if (!Volatile.Read(ref syncFailed))
        {
            return;
        }

        var buffer = new byte[64 * 1024];
        for (var at = Volatile.Read(ref synced); at < length;)
        {
            var read = RandomAccess.Read(handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at)), at);
            if (read == 0)
            {
                throw new IOException($"{path} is shorter than it was.");
            }

            disk.Write(handle, buffer.AsSpan(0, read), at);
            at += read;
        }

        Volatile.Write(ref syncFailed, false);
    }

    private void TryCutTail()
    {
        try
        {
            CutUncertainTail();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Still uncertain.
        }
    }

    // The lock keeps the file open while a timer's thread brings it to the disk.
    private void SyncPlanned()
    {
        lock (syncing)
        {
            if (Interlocked.Exchange(ref syncPlanned, 0) == 0 || handle.IsClosed)
            {
                return;
            }

            try
            {
                SyncUpTo(Length);
            }
            catch (IOException)
            {
                // The next durable append meets the same disk and reports it to somebody who can act on it.
            }
        }
    }

    public override string ToString() => $"{path} ({LastSeq} lines, {time.GetUtcNow():u})";
}
