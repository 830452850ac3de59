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

    private readonly Journal journal;
    private readonly TimeProvider time;
    private readonly ArrayBufferWriter<byte> json = new(1024);
    private readonly ArrayBufferWriter<byte> lines = new(1024);

    private SessionLog(Journal journal, TimeProvider time, IReadOnlyList<LogDamage> damage)
    {
        this.journal = journal;
        this.time = time;
        Damage = damage;
    }

    /// <summary>The sequence number of the last event; 0 for none.</summary>
    public long LastSeq => journal.LastSeq;

    /// <summary>What was found damaged when the log was opened.</summary>
    public IReadOnlyList<LogDamage> Damage { get; }

    /// <summary>Opens or creates the log and hands every whole event to <paramref name="fold"/>, oldest first.</summary>
    /// <exception cref="IOException">The log cannot be opened; nothing was changed.</exception>
    public static SessionLog Open(string directory, TimeProvider time, Action<StoredEvent> fold)
    {
        PrivateFiles.CreateDirectory(directory);
        var path = Path.Combine(directory, FileName);
        var isNew = !File.Exists(path);
        var understanding = new Understanding(path, fold);
        var opened = Journal.Open(path, time, understanding.Take);
        if (isNew)
        {
            PrivateFiles.SyncDirectory(directory);
            PrivateFiles.SyncDirectory(Path.GetDirectoryName(directory)!);
        }

        return new SessionLog(opened, time, [.. opened.Damage, .. understanding.Failed]);
    }

    /// <summary>
    /// Hands every whole event of a log to <paramref name="fold"/> without changing anything: another part of the program
    /// may be writing it.
    /// </summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static void Read(string directory, Action<StoredEvent> fold)
    {
        var path = Path.Combine(directory, FileName);
        using var file = PrivateFiles.OpenRead(path);
        var understanding = new Understanding(path, fold);
        JournalScan.Run(file, (seq, _, line) => understanding.Take(seq, line));
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

        return await journal.AppendAsync(after, lines.WrittenMemory, events.Count, durable).ConfigureAwait(false)
            ? stored
            : null;
    }

    /// <summary>A reader of the published lines that come after sequence number <paramref name="after"/>.</summary>
    public LogCursor ReadAfter(long after) => new(journal, after);

    /// <summary>Closes the file.</summary>
    public void Dispose() => journal.Dispose();

    // As the line will say it: who folds the event now and who reads it later have the same moment.
    private static DateTimeOffset Moment(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>Reads whole lines as events. One that is not in our language keeps its place and says nothing.</summary>
    private sealed class Understanding(string path, Action<StoredEvent> fold)
    {
        private DateTimeOffset latest;

        public List<LogDamage> Failed { get; } = [];

        public void Take(long seq, ReadOnlySpan<byte> line)
        {
            try
            {
                var stored = EventJson.Read(line);
                fold(stored);
                latest = stored.At;
            }
            catch (Exception e)
            {
                // The line is whole, so a foreign writer made it. Folds are immutable: one that failed did nothing.
                Failed.Add(new LogDamage($"Event {seq} cannot be understood and is skipped: {e.Message}", path));
                fold(new StoredEvent(seq, latest, new UnknownEvent("unreadable")));
            }
        }
    }
}

/// <summary>
/// A place in a log: gives the whole lines that come after it, as they stand in the file, as far as they are
/// published. It is the reader's own; the log knows nothing of it and drops nothing for it.
/// </summary>
internal sealed class LogCursor
{
    private readonly LineReader reader;

    internal LogCursor(Journal journal, long after)
    {
        Seq = after;
        reader = new LineReader(journal.Read, journal.OffsetBefore(after));
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
