using System.Collections.Immutable;
using Berth.Core.Agent;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>Everything about a session that its events say: a fold, immutable, replaced event by event.</summary>
internal sealed record SessionState
{
    private const int SummaryLength = 200;

    // The state before the step that is under way; kept only as long as it is, so that states do not form a chain.
    private SessionState? beforeStep;

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

    public ImmutableList<RequestOpened> Requests { get; private init; } = [];

    /// <summary>All tasks of the session, by number: those that live and those that ended.</summary>
    public ImmutableSortedDictionary<long, KnownTask> Tasks { get; private init; } =
        ImmutableSortedDictionary<long, KnownTask>.Empty;

    /// <summary>Tasks without an end, by number.</summary>
    public ImmutableSortedDictionary<long, TaskStarted> LiveTasks { get; private init; } =
        ImmutableSortedDictionary<long, TaskStarted>.Empty;

    /// <summary>Live tasks that nobody waits for, and why: their end brings a notice.</summary>
    public ImmutableDictionary<long, string> Backgrounded { get; private init; } = ImmutableDictionary<long, string>.Empty;

    public Context Context { get; private init; } = Context.Empty;

    /// <summary>The session as it was when its last step was finished: no answer under way, no call open.</summary>
    public SessionState LastFinished => beforeStep ?? this;

    /// <summary>The state a person sees.</summary>
    public string Shown => this switch
    {
        { Requests.IsEmpty: false } => SessionStates.Waiting,
        { Context.TurnOpen: true } => SessionStates.Running,
        { LastEnd: null } => SessionStates.Idle,
        { LastEnd.Reason: TurnClose.Completed } => SessionStates.Done,
        { LastEnd.Reason: TurnClose.Cancelled } => SessionStates.Cancelled,
        { LastEnd.Reason: TurnClose.Interrupted } => SessionStates.Interrupted,
        _ => SessionStates.Error,
    };

    /// <summary>The open turn waits for a person; nothing went to the model that has not answered.</summary>
    public bool Waits => Context is { TurnOpen: true, StepOpen: false } && !Requests.IsEmpty;

    /// <summary>A turn runs or waits, or a task lives: leaving the session must not lose sight of it.</summary>
    public bool Busy => Context.TurnOpen || !LiveTasks.IsEmpty;

    public SessionState Apply(StoredEvent stored)
    {
        var context = Context.Apply(stored.Event, stored.Seq);
        var next = ApplyEvent(stored) with
        {
            Seq = stored.Seq,
            Context = context,
            beforeStep = context is { StepOpen: false, Calls.IsEmpty: true } ? null : LastFinished,
        };
        return ChangesRow(stored.Event) ? next with { UpdatedAt = stored.At } : next;
    }

    /// <summary>Whether lists show something else after this event.</summary>
    public static bool ChangesRow(SessionEvent happened) =>
        happened is not (TextAdded or ReasoningAdded or StepStarted or ToolStarted or ToolEnded or TodosChanged or WriterOpened
            or CompactionAsked or CompactionStarted or CompactionFailed);

    /// <summary>The session as lists show it.</summary>
    public SessionRow ToRow(int? slot, bool unread) => new(
        Created!.Session, Name, Shown, CreatedAt, UpdatedAt, Turns, Summary, slot, unread,
        Requests.IsEmpty ? null : Requests[0].Title, Created.Parent, Created.Kind, Created.Project, Created.Directory,
        LiveTasks.Count, Usage);

    private SessionState ApplyEvent(StoredEvent stored) => stored.Event switch
    {
        // A line of a foreign hand may lack what the type promises.
        SessionCreated { Session: not null, Directory: not null, Project: not null, Kind: not null } e => this with { Created = e, CreatedAt = stored.At },
        SessionForked e => this with
        {
            Created = Created is null ? null : Created with { Session = e.Session, Parent = e.Parent },
            CreatedAt = stored.At,
            Name = e.Name,
            Requests = [],
            Usage = new Usage(),
            Tasks = Tasks.Clear(),
            LiveTasks = LiveTasks.Clear(),
            Backgrounded = Backgrounded.Clear(),
        },
        SessionRenamed e => this with { Name = e.Name },
        ModelChosen e => this with { Model = e.Model },
        PermissionModeChosen e => this with { PermissionMode = e.Mode },
        RuleGranted e => this with { Rules = Rules.Add(e) },
        UserMessage e => this with { Summary = OneLine(e.Text), HasContent = true },
        TurnStarted e => this with { Turns = e.Turn, TurnBegan = stored.At },
        StepEnded e => this with { Usage = Usage + e.Usage },
        ContextCompacted e => this with { Usage = Usage + e.Usage },
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
        },
        TurnEnded e => this with { LastEnd = e, Requests = [] },
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
