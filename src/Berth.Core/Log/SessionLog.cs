using System.Buffers;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Log;

/// <summary>
/// The log of one session: <c>log.jsonl</c> in the session's directory. The truth; everything else is a fold of it.
/// </summary>
internal sealed class SessionLog : IDisposable
{
    /// <summary>The name of the log in a session's directory.</summary>
    public const string FileName = "log.jsonl";

    private const int UsualBytes = 256 * 1024;

    private readonly LogFiles files;
    private readonly TimeProvider time;
    private ArrayBufferWriter<byte> json = new(1024);
    private ArrayBufferWriter<byte> lines = new(1024);

    private SessionLog(LogFiles files, TimeProvider time, IReadOnlyList<LogDamage> damage)
    {
        this.files = files;
        this.time = time;
        Damage = damage;
    }

    /// <summary>The sequence number of the last event; 0 for none.</summary>
    public long LastSeq => files.LastSeq;

    /// <summary>What was found damaged when the log was opened.</summary>
    public IReadOnlyList<LogDamage> Damage { get; }

    /// <summary>Opens or creates the log and hands every whole event to <paramref name="fold"/>, oldest first.</summary>
    /// <exception cref="IOException">The log cannot be opened; nothing was changed.</exception>
    /// <param name="passesOver">Which lines need not be read as events.</param>
    public static SessionLog Open(
        string directory, TimeProvider time, Action<StoredEvent> fold, IDisk? disk = null, PassesOver? passesOver = null)
    {
        PrivateFiles.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var isNew = !File.Exists(path);
        var understanding = new Understanding(directory, fold, passesOver);
        var opened = LogFiles.Open(
            directory, time, disk ?? LocalDisk.Shared, understanding.Take, understanding.BeginFork);
        understanding.End();
        if (isNew)
        {
            PrivateFiles.SyncDirectory(directory);
        }

        return new SessionLog(opened, time, [.. opened.Damage, .. understanding.Failed]);
    }

    /// <summary>
    /// Hands every whole event of a log to <paramref name="fold"/> without changing anything: another part of the program
    /// may be writing it.
    /// </summary>
    /// <param name="passesOver">Which lines need not be read as events.</param>
    /// <param name="upTo">The last sequence number that counts.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static void Read(
        string directory, Action<StoredEvent> fold, PassesOver? passesOver = null, long upTo = long.MaxValue)
    {
        var understanding = new Understanding(directory, fold, passesOver);
        ReadLines(directory, understanding.Take, understanding.BeginFork, upTo);
        understanding.End();
    }

    /// <summary>The same for the lines as they stand in the files.</summary>
    /// <param name="ownBegins">Called between what a fork has from its origin and its own lines.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static void ReadLines(
        string directory, Action<long, ReadOnlySpan<byte>> line, Action? ownBegins = null, long upTo = long.MaxValue)
    {
        long after = 0;
        var parts = LogPart.Of(directory);
        foreach (var part in parts)
        {
            if (part.IsOwn && parts.Count > 1)
            {
                ownBegins?.Invoke();
            }

            using var file = PrivateFiles.OpenRead(part.Path);
            after = JournalScan.Run(file, (seq, _, bytes) => line(seq, bytes), after, Math.Min(part.UpTo, upTo)).LastSeq;
        }
    }

    /// <summary>
    /// Makes a log that begins as this one does up to a sequence number, and goes on as another session's. The two share
    /// what was; what either gets from now on never reaches the other.
    /// </summary>
    /// <param name="forming">Where it is built; on the file system of <paramref name="directory"/>.</param>
    /// <param name="directory">The new session's directory.</param>
    /// <param name="forked">The first event that is its own.</param>
    /// <param name="furnish">Puts what else belongs to the new session below the directory in which it is built.</param>
    /// <returns>The log, open, and its first own event.</returns>
    /// <exception cref="IOException">Nothing was made.</exception>
    public (SessionLog Log, StoredEvent First) Fork(
        string forming, string directory, long upTo, SessionForked forked, Action<string> furnish)
    {
        var first = new StoredEvent(upTo + 1, Moment(time.GetUtcNow()), forked);
        json.Clear();
        lines.Clear();
        EventJson.Write(json, first);
        LogLine.Seal(lines, json.WrittenSpan);
        return (new SessionLog(files.Fork(forming, directory, upTo, lines.WrittenSpan, time, furnish), time, []), first);
    }

    /// <summary>
    /// Stores events after sequence number <paramref name="after"/>. When it returns they are published: readers see
    /// them; with <paramref name="durable"/> they are on the disk first.
    /// </summary>
    /// <returns>The stored events, or null when <paramref name="after"/> was not the end: another writer won.</returns>
    /// <exception cref="IOException">Nothing was stored; a later try may succeed.</exception>
    public async ValueTask<IReadOnlyList<StoredEvent>?> AppendAsync(
        long after, IReadOnlyList<SessionEvent> events, bool durable)
    {
        var stored = new StoredEvent[events.Count];
        var now = Moment(time.GetUtcNow());
        lines.Clear();
        for (var i = 0; i < events.Count; i++)
        {
            stored[i] = new StoredEvent(after + 1 + i, now, events[i]);
            json.Clear();
            EventJson.Write(json, stored[i]);
            if (json.WrittenCount > Limits.EventBytes)
            {
                throw new IOException($"An event of {json.WrittenCount / 1_000_000} MB is too large to be stored.");
            }

            LogLine.Seal(lines, json.WrittenSpan);
        }

        var isStored = await files.AppendAsync(after, lines.WrittenMemory, events.Count, durable).ConfigureAwait(false);
        if (lines.Capacity > UsualBytes)
        {
            // One huge event must not be held for as long as the log is open.
            (json, lines) = (new(1024), new(1024));
        }

        return isStored ? stored : null;
    }

    /// <summary>A reader of the published lines that come after sequence number <paramref name="after"/>.</summary>
    public LogCursor ReadAfter(long after) => new(files, after);

    /// <summary>Closes the file.</summary>
    public void Dispose() => files.Dispose();

    // As the line will say it: who folds the event now and who reads it later have the same moment.
    private static DateTimeOffset Moment(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}

/// <summary>
/// A place in a log: gives the whole lines that come after it, as they stand in the file, as far as they are
/// published. It is the reader's own; the log knows nothing of it and drops nothing for it.
/// </summary>
internal sealed class LogCursor
{
    private readonly LineReader reader;

    internal LogCursor(LogFiles files, long after)
    {
        Seq = after;
        reader = new LineReader(files.Read, files.OffsetBefore(after));
    }

    /// <summary>The sequence number of the last line given.</summary>
    public long Seq { get; private set; }

    /// <summary>The next published line (a JSON object without a line end); false when there is none yet.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        reader.Continue();
        while (reader.TryNext(out line))
        {
            if (LogLine.TryVerify(line, out var seq) && seq > Seq)
            {
                Seq = seq;
                return true;
            }
        }

        return false;
    }
}
