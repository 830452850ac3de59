using System.Collections.Immutable;
using Berth.Core.Models;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>
/// What the turn loop needs to know, folded from a session's events: the conversation as the model gets it, the calls
/// that wait for a result, and whether a turn is open. Immutable: a running turn reads the one that was true when it
/// was resumed.
/// </summary>
internal sealed record Context
{
    /// <summary>The context of a session without events.</summary>
    public static Context Empty { get; } = new();

    /// <summary>The system text, fixed by the first step.</summary>
    public string? Instructions { get; private init; }

    /// <summary>What the next request begins with; every call in it has its result.</summary>
    public ImmutableList<ModelMessage> Messages { get; private init; } = [];

    /// <summary>Messages and notices that the model has not got yet.</summary>
    public ImmutableList<QueuedInput> Queued { get; private init; } = [];

    /// <summary>Ended tasks whose outcome the model has asked for: a notice would tell it twice.</summary>
    public ImmutableHashSet<long> Collected { get; private init; } = [];

    /// <summary>Something is queued that is a reason to ask the model.</summary>
    public bool HasNews => Queued.Exists(q => q.IsNews);

    /// <summary>A notice is queued that may begin a turn by itself.</summary>
    public bool HasWakingNotice => Queued.Exists(q => q is { FromPerson: false, IsNews: true });

    /// <summary>A person's message is queued.</summary>
    public bool HasMessage => Queued.Exists(q => q.FromPerson);

    /// <summary>The calls of the last answer, until all of them have a result.</summary>
    public ImmutableList<CallState> Calls { get; private init; } = [];

    /// <summary>The todo list.</summary>
    public IReadOnlyList<TodoItem> Todos { get; private init; } = [];

    /// <summary>Text of the answer that is coming.</summary>
    public ImmutableList<string> Partial { get; private init; } = [];

    /// <summary>A turn has begun and not ended.</summary>
    public bool TurnOpen { get; private init; }

    /// <summary>A request went to the model and its answer is not whole.</summary>
    public bool StepOpen { get; private init; }

    /// <summary>Steps of the open turn.</summary>
    public int Steps { get; private init; }

    /// <summary>The number of the last turn that began.</summary>
    public int Turn { get; private init; }

    /// <summary>What the turn has used.</summary>
    public Spent SpentInTurn { get; private init; } = Spent.Nothing;

    /// <summary>What the session has used; a fork begins with nothing.</summary>
    public Spent Spent { get; private init; } = Spent.Nothing;

    /// <summary>What the model was told in remarks.</summary>
    public ImmutableHashSet<string> Told { get; private init; } = [];

    /// <summary>The call that the turn made last, and how often in a row with the same result.</summary>
    public CallRow? Row { get; private init; }

    /// <summary>How the last whole answer of the open turn stopped; null before it.</summary>
    public string? LastStop { get; private init; }

    /// <summary>Results are there that no request has brought to the model.</summary>
    public bool HasResults { get; private init; }

    /// <summary>How much of the model's room it takes.</summary>
    public ContextSize Size { get; private init; } = new();

    /// <summary>Where steps begin in <see cref="Messages"/>, oldest first: where the context may be cut.</summary>
    public ImmutableList<StepMark> Marks { get; private init; } = [];

    /// <summary>What is known of compactions: what is asked for, done, and failed.</summary>
    public CompactionState Compaction { get; private init; } = new();

    /// <summary>The number of requests ever opened, from which the next one gets its name.</summary>
    public int RequestCount { get; private init; }

    /// <summary>Whether an event can change the context.</summary>
    public static bool IsAbout(SessionEvent happened) => happened is not (
        SessionCreated or SessionRenamed or ModelChosen or PermissionModeChosen or RuleGranted or WriterOpened);

    /// <summary>The context after one more event.</summary>
    /// <param name="seq">The event's place in the log.</param>
    public Context Apply(SessionEvent happened, long seq = 0)
    {
        var next = ApplyEvent(happened, seq);
        return happened is not (StepStarted or StepEnded or AgentEnded or ContextCompacted or TurnStarted or SessionForked) ? next : next with
        {
            Spent = happened is SessionForked ? Spent.Nothing : Spent.Apply(happened),
            SpentInTurn = happened is TurnStarted ? Spent.Nothing : SpentInTurn.Apply(happened),
        };
    }

    private Context ApplyEvent(SessionEvent happened, long seq) => happened switch
    {
        UserMessage e => this with { Queued = Queued.Add(new QueuedInput(WithMentions(e), FromPerson: true, IsNews: true, Images: e.Images)) },
        NoticeAdded e when e.Tasks.All(Collected.Contains) => this,
        NoticeAdded e => this with { Queued = Queued.Add(new QueuedInput(e.Text, FromPerson: false, e.Wakes, e.Tasks)) },
        ReminderAdded e => this with { Queued = Queued.Add(new QueuedInput(e.Text, FromPerson: false, IsNews: false)) },
        TaskCollected e => this with
        {
            Collected = Collected.Add(e.Task),
            Queued = Queued.RemoveAll(q => q.Tasks is { Count: > 0 } tasks && tasks.All(t => t == e.Task)),
        },
        RemarkAdded e => this with
        {
            Told = Told.Add(e.About), Queued = Queued.Add(new QueuedInput(e.Text, FromPerson: false, IsNews: false)),
        },
        TurnStarted e => this with
        {
            TurnOpen = true, Turn = e.Turn, Steps = 0, Row = null, HasResults = false,
            LastStop = e.Cause is CompactionState.Cause ? CompactionState.Cause : null,
        },
        StepStarted e => Say([.. Queued.Select(q => new UserEntry(q.Text, Shown(q.Images)) { IsNotice = !q.FromPerson })], e.Instructions) with
        {
            Instructions = e.Instructions ?? Instructions,
            Marks = Marks.Add(new StepMark(seq, Messages.Count, Steps == 0)),
            Queued = [],
            Partial = [],
            StepOpen = true,
            Steps = e.Step,
            Row = HasMessage ? null : Row,
        },
        TextAdded e => this with { Partial = Partial.Add(e.Text) },
        StepEnded e => AfterAnswer(e),
        RequestOpened e => WithCall(e.Call, call => call with { Request = e }) with { RequestCount = RequestCount + 1 },
        RequestAnswered e => this with
        {
            Calls = Calls.ConvertAll(c => c.Request?.Request == e.Request ? c with { Answer = e } : c),
        },
        ToolStarted e => WithCall(e.Call, call => call with { Started = true }),
        TaskStarted { Call: { } call } e => WithCall(call, c => c with { Task = e.Task }),
        ToolEnded e => WithCall(e.Call, call => call with { End = e }).WithResults(),
        TodosChanged e => this with { Todos = e.Todos },
        TurnEnded e => AfterTurn(e),
        SessionForked => AfterFork(),
        CompactionAsked or CompactionStarted or CompactionFailed => this with
        {
            StepOpen = happened is CompactionAsked && StepOpen, Compaction = Compaction.Apply(happened),
        },
        ContextCompacted e => AfterCompaction(e),
        _ => this,
    };

    private Context Say(IReadOnlyList<ModelMessage> said, string? instructions = null) =>
        this with { Messages = Messages.AddRange(said), Size = Size.With(instructions).With(said) };

    // The log is as it was; what counts for the model begins with the text.
    private Context AfterCompaction(ContextCompacted e)
    {
        var cut = Marks.Find(m => m.Seq >= e.From)?.At ?? Messages.Count;
        ImmutableList<ModelMessage> messages = [new UserEntry(e.Text) { IsNotice = true }, .. Messages.Skip(cut)];
        return this with
        {
            Messages = messages,
            Marks = [.. Marks.Where(m => m.Seq >= e.From).Select(m => m with { At = m.At - cut + 1 })],
            StepOpen = false,
            Size = ContextSize.Compacted(e.TokensAfter, Instructions, messages),
            Compaction = Compaction.Apply(e),
        };
    }

    private Context AfterAnswer(StepEnded e)
    {
        var calls = e.Calls.Select(c => new ModelToolCall(c.Id, c.Tool, c.Arguments)).ToArray();
        var told = Say([new AssistantEntry(string.Concat(Partial), calls, e.Provider)]);
        return told with
        {
            Size = told.Size.Count(e.Usage),
            Compaction = Compaction.Answered(),
            HasResults = false,
            Calls = [.. e.Calls.Select(c => new CallState(c))],
            Partial = [],
            StepOpen = false,
            LastStop = e.Stop,
        };
    }

    private Context AfterTurn(TurnEnded e)
    {
        // A turn may only end with results for all calls; a log that was cut may lack some.
        var context = this;
        foreach (var call in Calls.Where(c => c.End is null))
        {
            context = context.Apply(TurnClose.NoResult(call, e.Reason));
        }

        var cut = TurnClose.CutMark(e.Reason);
        return context.Say(!context.Partial.IsEmpty ? [new AssistantEntry($"{string.Concat(context.Partial)}\n[{cut}]", [])]
            : context.IsSilenced(e.Reason) ? [new AssistantEntry($"[{cut}]", [])]
            : []) with
        {
            TurnOpen = false,
            StepOpen = false,
            Partial = [],
            Compaction = context.Compaction.TurnEnded(e.Reason is TurnClose.Completed),
        };
    }

    // A fork begins where no call is open; a log that was damaged there may have some.
    private Context AfterFork()
    {
        var context = this;
        foreach (var call in Calls.Where(c => c.End is null))
        {
            context = context.Apply(new ToolEnded(
                call.Call.Id, "unknown", "Unknown outcome: the call went on in the session this one was forked from."));
        }

        return context with { TurnOpen = false, StepOpen = false, Partial = [], Compaction = context.Compaction.TurnEnded(false) };
    }

    // An answer that was stopped before its first word: the model shall know that its silence was no answer.
    private bool IsSilenced(string reason) => StepOpen && reason is (TurnClose.Cancelled or TurnClose.Interrupted);

    private Context WithCall(string id, Func<CallState, CallState> change) =>
        this with { Calls = Calls.ConvertAll(c => c.Call.Id == id ? change(c) : c) };

    // The results enter the conversation together and in the answer's order, when the last one is there.
    private Context WithResults() => Calls.IsEmpty || Calls.Exists(c => c.End is null)
        ? this
        : Say([.. Calls.Select(c => new ToolResultEntry(c.Call.Id, c.End!.Output, c.End.Outcome is not "ok", Shown(c.End.Images)))]) with
        {
            Row = CallRow.After(Row, Calls), Calls = [], HasResults = true,
        };

    private static string WithMentions(UserMessage e)
    {
        var content = string.Join('\n', (e.Mentions ?? []).Select(m => m.Content).Where(c => c.Length > 0));
        return content.Length == 0 ? e.Text : $"{e.Text}\n\n{content}";
    }

    private static IReadOnlyList<ImageData>? Shown(IReadOnlyList<StoredImage>? images) =>
        images is { Count: > 0 } ? [.. images.Select(i => new ImageData(i.File, i.MediaType, i.Bytes))] : null;
}

/// <summary>Where a step begins.</summary>
/// <param name="Seq">The sequence number of its <see cref="StepStarted"/>.</param>
/// <param name="At">How many messages are before it; what it brings to the model comes first behind.</param>
/// <param name="BeginsTurn">It is the first of its turn.</param>
internal sealed record StepMark(long Seq, int At, bool BeginsTurn);

/// <summary>Input that waits for the model's next step.</summary>
/// <param name="FromPerson">A message; else a notice.</param>
/// <param name="IsNews">A reason for a step; else it waits until there is another one.</param>
/// <param name="Tasks">The tasks whose end a notice tells.</param>
internal sealed record QueuedInput(
    string Text, bool FromPerson, bool IsNews, IReadOnlyList<long>? Tasks = null,
    IReadOnlyList<StoredImage>? Images = null);

/// <summary>Where one tool call stands.</summary>
/// <param name="Started">The tool was about to act.</param>
/// <param name="Task">The number of the task that it started.</param>
internal sealed record CallState(
    ToolCall Call, bool Started = false, RequestOpened? Request = null, RequestAnswered? Answer = null,
    ToolEnded? End = null, long? Task = null);
