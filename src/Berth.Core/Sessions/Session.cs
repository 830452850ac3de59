using System.Collections.Immutable;
using Berth.Core.Images;
using Berth.Core.Log;
using Berth.Core.Tools;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>
/// One session: a mailbox with one reader that owns its log and its state. A turn runs beside it and hands every event
/// to the mailbox, so interrupts, answers and messages reach a running session at once. While nobody watches it and
/// nothing runs, it holds no transcript: log and state are dropped and read again when needed.
/// </summary>
internal sealed partial class Session
{
    private readonly SessionHost host;
    private readonly Mailbox mailbox = new();
    private readonly SessionCreated birth;
    private readonly Dictionary<string, TaskCompletionSource<RequestAnswered>> answers = [];
    private readonly List<string> untold = [];
    private readonly FileTrail trail;
    private readonly FileRegistry files;
    private ImmutableList<Watcher> watchers = [];
    private TerminalEnvironment? environment;
    private SessionLog? log;
    private SessionState state = new();
    private SessionRow? shownRow;
    private bool ownsLog;
    private bool unread;
    private long published;

    /// <summary>A session that begins; it reaches the disk with its first event.</summary>
    internal Session(SessionHost host, SessionCreated birth, TerminalEnvironment? environment)
    {
        this.host = host;
        this.birth = birth;
        this.environment = environment;
        trail = new FileTrail(host.DirectoryOf(birth.Session));
        files = new FileRegistry(host.Files, birth.Session, trail);
    }

    /// <summary>A stored session.</summary>
    internal Session(SessionHost host, SessionRow row)
        : this(host, new SessionCreated(row.Id, row.Directory, row.Project, row.Kind, row.Parent, host.Version), null)
    {
        shownRow = row with { Slot = null };
        unread = row.Unread;
    }

    /// <summary>Eight hex digits.</summary>
    public string Id => birth.Session;

    /// <summary>The project it belongs to.</summary>
    public string Project => birth.Project;

    /// <summary>The directory it works in.</summary>
    public string Directory => birth.Directory;

    /// <summary>The images it was shown.</summary>
    public ImageStore Images => new(host.DirectoryOf(Id));

    /// <summary>The session as lists show it; null while it has no event.</summary>
    public SessionRow? Row => Volatile.Read(ref shownRow);

    /// <summary>The files that its tools have read (false) or changed (true), by their real path.</summary>
    public IReadOnlyDictionary<string, bool> Touched() => trail.Touched();

    /// <summary>Nobody has said or started anything in it. Valid while the caller watches the session.</summary>
    public bool IsEmpty => !Volatile.Read(ref state).HasContent;

    /// <summary>Nobody has needed the conversation since the log was opened. Valid while the caller watches the session.</summary>
    internal bool IsConversationUnread => Volatile.Read(ref state).IsConversationUnread;

    /// <summary>The sequence number of the last published event.</summary>
    public long LastSeq => Volatile.Read(ref published);

    /// <summary>Begins to watch the session. Until <see cref="UnwatchAsync"/> its log stays open.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<SessionView> WatchAsync(Watcher watcher, TerminalEnvironment? brings) => mailbox.AskAsync(async () =>
    {
        await OpenAsync().ConfigureAwait(false);
        environment ??= brings;
        watchers = watchers.Add(watcher);
        if (watcher.Person)
        {
            TellWhatWaits();
        }

        if (watcher.Person && unread)
        {
            unread = false;
            await ShowRowAsync().ConfigureAwait(false);
        }

        return View();
    });

    /// <summary>Keeps the session open, without looking at it, until what this gives is disposed of.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public async Task<IAsyncDisposable> HoldAsync(TerminalEnvironment brings)
    {
        var watcher = new Watcher(static () => { }, static (_, _) => { }, Person: false);
        await WatchAsync(watcher, brings).ConfigureAwait(false);
        return new Held(this, watcher);
    }

    private sealed class Held(Session session, Watcher watcher) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => new(session.UnwatchAsync(watcher));
    }

    /// <summary>Ends it. A busy session that nobody watches any more takes a background slot, if one is free.</summary>
    public Task UnwatchAsync(Watcher watcher) => mailbox.AskAsync(async () =>
    {
        watchers = watchers.Remove(watcher);
        try
        {
            if (watcher.Person && state.Busy && !IsAgent && !watchers.Exists(w => w.Person))
            {
                await host.Board.TakeSlotAsync(Project, Id).ConfigureAwait(false);
            }
        }
        finally
        {
            CloseIfCold();
        }
    });

    /// <summary>A reader of the events after a sequence number; valid while the caller watches the session.</summary>
    /// <returns>Null for a session without events.</returns>
    public LogCursor? ReadAfter(long after) => Volatile.Read(ref log)?.ReadAfter(after);

    /// <summary>The published events after a sequence number. Valid while the caller watches the session.</summary>
    public IEnumerable<StoredEvent> EventsAfter(long after)
    {
        for (var cursor = ReadAfter(after); cursor is not null && cursor.TryNext(out var line);)
        {
            yield return EventJson.Read(line);
        }
    }

    /// <summary>The session's name, model and mode as they are now.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<SessionView> ViewAsync(TerminalEnvironment? brings) => WithOpenAsync(() =>
    {
        environment ??= brings;
        return ValueTask.FromResult(View());
    });

    /// <summary>What configuration is asked with about this session.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<SessionFacts> FactsAsync(TerminalEnvironment? brings) => WithOpenAsync(() =>
    {
        environment ??= brings;
        return ValueTask.FromResult(Facts());
    });

    /// <summary>Stores an event that changes the session itself: a name, a model, a mode, a rule.</summary>
    /// <exception cref="IOException">It could not be stored; nothing changed.</exception>
    public Task ChangeAsync(SessionEvent change) => WithOpenAsync(async () =>
    {
        await AppendAsync([change], durable: true).ConfigureAwait(false);
        return true;
    });

    /// <summary>Makes sure that the session is stored, even without an event of its own.</summary>
    /// <exception cref="IOException">It could not be stored.</exception>
    public Task BearAsync() => WithOpenAsync(async () =>
    {
        await AppendAsync([], durable: true).ConfigureAwait(false);
        return true;
    });

    private Task<T> WithOpenAsync<T>(Func<ValueTask<T>> work) => mailbox.AskAsync(async () =>
    {
        await OpenAsync().ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            CloseIfCold();
        }
    });

    private SessionView View()
    {
        var facts = Facts();
        return new SessionView(
            Id, state.Name, Directory, host.Policy.ModelName(facts), host.Policy.PermissionMode(facts), state.Seq,
            state.Requests, host.Policy.Orchestrates(facts))
        {
            ContextLimit = host.Policy.ContextLimit(facts),
            TurnBegan = state.TurnOpen ? state.TurnBegan : null,
        };
    }

    /// <summary>
    /// Tokens that the next request has at least. The conversation is read for it, so no list and no look asks for it.
    /// </summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<long> ContextTokensAsync() => WithOpenAsync(() => ValueTask.FromResult(state.Context.Size.Tokens));

    /// <summary>The model's todo list.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<IReadOnlyList<TodoItem>> TodosAsync() => WithOpenAsync(() => ValueTask.FromResult(state.Context.Todos));

    private SessionFacts Facts() => AsAgent(new SessionFacts(
        Id, Project, Directory, state.Model, state.PermissionMode, [.. state.Rules.Select(r => (r.Rule, r.Exact))],
        environment ?? new TerminalEnvironment(Directory, ImmutableDictionary<string, string>.Empty, Umask: 0x12), state.Agent)
    {
        IsForeground = IsForeground,
    });

    /// <summary>Whether a person looks at it.</summary>
    public bool IsForeground() => Volatile.Read(ref watchers).Exists(w => w.Person);

    // Opens the log of a stored session; what another life of the daemon left open is closed truthfully.
    private async ValueTask OpenAsync()
    {
        RefuseWhenTrashed();
        if (log is not null || (shownRow is null && !ownsLog))
        {
            return;
        }

        var directory = host.DirectoryOf(Id);
        var glance = new SessionGlance(directory);
        var opened = SessionLog.Open(directory, host.Time, glance.Take, host.Disk, glance.PassesOver);
        try
        {
            state = glance.State ?? SessionGlance.Whole(directory);
        }
        catch
        {
            opened.Dispose();
            throw;
        }

        Volatile.Write(ref log, opened);
        Volatile.Write(ref published, state.Seq);
        untold.AddRange(opened.Damage.Select(damage => $"{damage.What} Kept in {damage.KeptIn}."));
        if (!ownsLog)
        {
            await TakeOverAsync().ConfigureAwait(false);
        }

        TellWhatWaits();
    }

    private async ValueTask TakeOverAsync()
    {
        try
        {
            await RecoverAsync().ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // It can be looked at all the same; who wants to go on with it meets the same disk and is told.
            untold.Add($"What ran when the daemon died cannot be closed in the log: {e.Message}");
        }

        if (state.Created is not null && shownRow != state.ToRow(slot: null, unread))
        {
            await ShowRowAsync().ConfigureAwait(false);
        }
    }

    private void CloseIfCold()
    {
        if (log is null || state.Busy || !watchers.IsEmpty || turn is not null)
        {
            return;
        }

        log.Dispose();
        Volatile.Write(ref log, null);
        state = new SessionState();
    }

    /// <summary>The only way to the log: stores, folds, shows.</summary>
    private async ValueTask AppendAsync(IReadOnlyList<SessionEvent> events, bool durable)
    {
        if (log is null)
        {
            Volatile.Write(ref log, SessionLog.Open(host.DirectoryOf(Id), host.Time, e => state = state.Apply(e), host.Disk));
        }

        var all = new List<SessionEvent>(events.Count + 2);
        if (state.Created is null)
        {
            all.Add(birth);
        }

        if (!ownsLog)
        {
            all.Add(new WriterOpened(host.Writer, host.Version));
        }

        all.AddRange(events);
        if (all.Count == 0)
        {
            return;
        }

        if (all.Exists(Agent.Context.IsAbout))
        {
            // First of all: when the conversation cannot be read, nothing is stored.
            state = state.WithConversation();
        }

        var stored = await log!.AppendAsync(state.Seq, all, durable).ConfigureAwait(false)
            ?? throw new IOException($"Another program wrote to the log of session {Id}; this one stops writing to it.");
        ownsLog = true;
        var notable = false;
        foreach (var e in stored)
        {
            state = state.Apply(e);
            notable |= SessionState.ChangesRow(e.Event) || (IsAgent && e.Event is StepStarted);
            unread |= !IsAgent && e.Event is TurnEnded or RequestOpened && !watchers.Exists(w => w.Person);
        }

        Volatile.Write(ref published, state.Seq);
        if (work is { } at)
        {
            foreach (var e in stored)
            {
                at.Happened(e.Event);
            }
        }

        foreach (var watcher in watchers)
        {
            watcher.Wake();
        }

        if (notable)
        {
            await ShowRowAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask ShowRowAsync()
    {
        if (state.Created is not null)
        {
            var row = state.ToRow(slot: null, unread);
            Volatile.Write(ref shownRow, row);
            await host.Board.UpdateAsync(row).ConfigureAwait(false);
        }
    }

    // What was found when nobody looked is told to the next person who does.
    private void TellWhatWaits()
    {
        if (untold.Count == 0 || !watchers.Exists(w => w.Person))
        {
            return;
        }

        foreach (var line in untold)
        {
            Tell(line, SessionStates.Error);
        }

        untold.Clear();
    }

    private void Tell(string text, string? style)
    {
        foreach (var watcher in watchers)
        {
            watcher.Tell(text, style);
        }
    }
}
