using System.Collections.Immutable;
using Berth.Core.Agent;
using Berth.Core.Log;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>Everything about a session that its events say: a fold, immutable, replaced event by event.</summary>
internal sealed record SessionState
{
    private const int SummaryLength = 200;

    // The state before the step that is under way; kept only as long as it is, so that states do not form a chain.
    private SessionState? beforeStep;

    // The conversation as far as it stands in the log; null once it is folded. Nothing is under way then.
    private Lazy<Context>? conversation;
    private Context folded = Context.Empty;

    /// <summary>The sequence number of the last event folded.</summary>
    public long Seq { get; private init; }

    public SessionCreated? Created { get; private init; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private init; }

    public string? Name { get; private init; }

    public string? Model { get; private init; }

    public string? PermissionMode { get; private init; }

    public ImmutableList<RuleGranted> Rules { get; private init; } = [];

    public int Turns { get; private init; }

    public DateTimeOffset TurnBegan { get; private init; }

    public string Summary { get; private init; } = "";

    /// <summary>Somebody said or started something: the session is not empty.</summary>
    public bool HasContent { get; private init; }

    /// <summary>How the last turn ended; null before the first has.</summary>
    public TurnEnded? LastEnd { get; private init; }

    public Usage Usage { get; private init; } = new();

    /// <summary>Open requests: the session's own, and those of its sub-agents.</summary>
    public ImmutableList<RequestOpened> Requests { get; private init; } = [];

    /// <summary>What this session is as a sub-agent's; null for any other.</summary>
    public AgentDefined? Agent { get; private init; }

    /// <summary>A sub-agent whose parent has its result.</summary>
    public bool IsReleased { get; private init; }

    /// <summary>What a sub-agent did last: the title of a call of its last answer.</summary>
    public string? Doing { get; private init; }

    /// <summary>What the model was reminded of last, by kind.</summary>
    public ImmutableDictionary<string, string> Reminders { get; private init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>All tasks of the session, by number: those that live and those that ended.</summary>
    public ImmutableSortedDictionary<long, KnownTask> Tasks { get; private init; } =
        ImmutableSortedDictionary<long, KnownTask>.Empty;

    /// <summary>Tasks without an end, by number.</summary>
    public ImmutableSortedDictionary<long, TaskStarted> LiveTasks { get; private init; } =
        ImmutableSortedDictionary<long, TaskStarted>.Empty;

    /// <summary>Live tasks that nobody waits for, and why: their end brings a notice.</summary>
    public ImmutableDictionary<long, string> Backgrounded { get; private init; } = ImmutableDictionary<long, string>.Empty;

    /// <summary>The conversation. It may have to be read first.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Context Context => conversation?.Value ?? folded;

    /// <summary>A turn has begun and not ended.</summary>
    public bool TurnOpen => conversation is null && folded.TurnOpen;

    /// <summary>The session as it was when its last step was finished: no answer under way, no call open.</summary>
    public SessionState LastFinished => beforeStep ?? this;

    /// <summary>Nobody has needed the conversation yet.</summary>
    public bool IsConversationUnread => conversation is { IsValueCreated: false };

    /// <summary>The state a person sees.</summary>
    public string Shown => this switch
    {
        { Requests.IsEmpty: false } => SessionStates.Waiting,
        { TurnOpen: true } => SessionStates.Running,
        { LastEnd: null } => SessionStates.Idle,
        { LastEnd.Reason: TurnClose.Completed } => SessionStates.Done,
        { LastEnd.Reason: TurnClose.Cancelled } => SessionStates.Cancelled,
        { LastEnd.Reason: TurnClose.Interrupted } => SessionStates.Interrupted,
        _ => SessionStates.Error,
    };

    /// <summary>The open turn waits for a person; nothing went to the model that has not answered.</summary>
    public bool Waits => TurnOpen && !folded.StepOpen && Requests.Exists(r => r.Agent is null) && !IsWorking;

    /// <summary>A sub-agent that works for its parent: when the daemon dies, nobody waits for it any more.</summary>
    public bool IsWorking => Agent is not null && !IsReleased;

    /// <summary>A turn runs or waits, or a task lives: leaving the session must not lose sight of it.</summary>
    public bool Busy => TurnOpen || !LiveTasks.IsEmpty;

    public SessionState Apply(StoredEvent stored)
    {
        if (conversation is not null && !Context.IsAbout(stored.Event))
        {
            return ApplyBesideConversation(stored);
        }

        var context = Context.Apply(stored.Event, stored.Seq);
        return ApplyBesideConversation(stored) with
        {
            folded = context,
            conversation = null,
            beforeStep = context is { StepOpen: false, Calls.IsEmpty: true } ? null : LastFinished,
        };
    }

    /// <summary>The state after an event, with the conversation as it was.</summary>
    public SessionState ApplyBesideConversation(StoredEvent stored)
    {
        var next = ApplyEvent(stored) with { Seq = stored.Seq };
        return ChangesRow(stored.Event) ? next with { UpdatedAt = stored.At } : next;
    }

    /// <summary>The state after an event that is only the conversation's.</summary>
    public SessionState PassOver(long seq) => this with { Seq = seq };

    /// <summary>The same state; its conversation is read from the log, up to here, when somebody needs it.</summary>
    public SessionState WithConversationIn(string directory)
    {
        var upTo = Seq;
        return this with
        {
            conversation = new Lazy<Context>(
                () =>
                {
                    var context = Context.Empty;
                    SessionLog.Read(directory, e => context = context.Apply(e.Event, e.Seq), upTo: upTo);
                    return context;
                },
                LazyThreadSafetyMode.PublicationOnly),
        };
    }

    /// <summary>The same state with its conversation in memory.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public SessionState WithConversation() =>
        conversation is null ? this : this with { folded = conversation.Value, conversation = null };

    /// <summary>The state of a fork that begins here.</summary>
    /// <param name="first">Its first own event.</param>
    /// <param name="directory">Where its log is.</param>
    public SessionState Forked(StoredEvent first, string directory) =>
        conversation is null ? Apply(first) : ApplyBesideConversation(first).WithConversationIn(directory);

    /// <summary>Whether lists show something else after this event.</summary>
    public static bool ChangesRow(SessionEvent happened) =>
        happened is not (TextAdded or ReasoningAdded or StepStarted or ToolStarted or ToolEnded or TodosChanged or WriterOpened
            or CompactionAsked or CompactionStarted or CompactionFailed);

    /// <summary>The session as lists show it.</summary>
    public SessionRow ToRow(int? slot, bool unread) => new(
        Created!.Session, Name, Shown, CreatedAt, UpdatedAt, Turns, Summary, slot, unread,
        Requests.IsEmpty ? null : Asked(Requests[0]), Created.Parent, Created.Kind, Created.Project, Created.Directory,
        LiveTasks.Count, Usage, Agent is null ? null : Context.Steps, Doing);

    /// <summary>What is asked, with the name of the sub-agent that asks.</summary>
    public static string Asked(RequestOpened request) =>
        request.Agent is { } agent ? $"{agent}: {request.Title}" : request.Title;

    private SessionState ApplyEvent(StoredEvent stored) => stored.Event switch
    {
        // A line of a foreign hand may lack what the type promises.
        SessionCreated { Session: not null, Directory: not null, Project: not null, Kind: not null } e => this with { Created = e, CreatedAt = stored.At },
        SessionForked e => this with
        {
            Created = Created is null ? null : Created with { Session = e.Session, Parent = e.Parent, Kind = "session" },
            CreatedAt = stored.At,
            Name = e.Name,
            Requests = [],
            Usage = new Usage(),
            Tasks = Tasks.Clear(),
            LiveTasks = LiveTasks.Clear(),
            Backgrounded = Backgrounded.Clear(),
            IsReleased = true,
        },
        SessionRenamed e => this with { Name = e.Name },
        ModelChosen e => this with { Model = e.Model },
        PermissionModeChosen e => this with { PermissionMode = e.Mode },
        RuleGranted e => this with { Rules = Rules.Add(e) },
        UserMessage e => this with { Summary = OneLine(e.Text), HasContent = true },
        TurnStarted e => this with { Turns = e.Turn, TurnBegan = stored.At },
        StepEnded e => this with { Usage = Usage + e.Usage, Doing = Agent is null ? null : CallTitle.Of(e.Calls) },

        // What was reminded of may not stand in the context any more: it is said again.
        ContextCompacted e => this with { Usage = Usage + e.Usage, Reminders = Reminders.Clear() },
        RequestOpened e => this with { Requests = Requests.Add(e) },
        RequestAnswered e => this with { Requests = Requests.RemoveAll(r => r.Request == e.Request) },
        TaskStarted e => this with
        {
            Tasks = Tasks.SetItem(e.Task, new KnownTask(e, stored.At)),
            LiveTasks = LiveTasks.SetItem(e.Task, e),
            HasContent = true,
        },
        TaskBackgrounded e => this with { Backgrounded = Backgrounded.SetItem(e.Task, e.By) },
        TaskEnded e => this with
        {
            Tasks = Tasks.TryGetValue(e.Task, out var task) ? Tasks.SetItem(e.Task, task with { Ended = e }) : Tasks,
            LiveTasks = LiveTasks.Remove(e.Task),
            Backgrounded = Backgrounded.Remove(e.Task),
            Requests = Requests.RemoveAll(r => r.Task == e.Task),
        },
        TurnEnded e => this with { LastEnd = e, Requests = Requests.RemoveAll(r => r.Agent is null), Doing = null },
        RequestWithdrawn e => this with { Requests = Requests.RemoveAll(r => r.Request == e.Request) },
        AgentDefined e => this with { Agent = e },
        AgentReleased => this with { IsReleased = true },
        ReminderAdded e => this with { Reminders = Reminders.SetItem(e.Kind, e.State) },
        _ => this,
    };

    private static string OneLine(string text)
    {
        var flat = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (flat.Length <= SummaryLength)
        {
            return flat;
        }

        var end = char.IsHighSurrogate(flat[SummaryLength - 1]) ? SummaryLength - 1 : SummaryLength;
        return $"{flat[..end]}…";
    }
}
