using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// The fold of a session's events into what a person reads. Rows come out once, in the log's order, as soon as they are
/// final; what may still change is drawn in the live region. The same events give the same rows, live or years later.
/// </summary>
internal sealed partial class Transcript(MarkdownView markdown)
{
    private readonly List<IBlock> open = [];
    private readonly List<IBlock> queued = [];
    private readonly List<TaskBlock> own = [];
    private readonly List<Row> scratch = [];
    private readonly HashSet<long> told = [];
    private BlockKind last = BlockKind.None;
    private bool headBegun;
    private AnswerBlock? answer;
    private ReasoningBlock? reasoning;
    private RetryBlock? retry;
    private WaitBlock? wait;
    private Usage turnUsage = new();

    /// <summary>The sequence number of the last event that was taken.</summary>
    public long Seq { get; private set; }

    /// <summary>When the running turn began; null when none runs.</summary>
    public DateTimeOffset? TurnBegan { get; private set; }

    /// <summary>The requests that wait for a person, oldest first.</summary>
    public List<RequestOpened> Requests { get; } = [];

    /// <summary>Tokens of all turns.</summary>
    public Usage Usage { get; private set; } = new();

    /// <summary>The name the session has; null before it has one.</summary>
    public string? Name { get; private set; }

    /// <summary>Tasks that run, by number: what they are called, and when they began.</summary>
    public Dictionary<long, (string Name, DateTimeOffset Began)> Tasks { get; } = [];

    /// <summary>The model's todo list.</summary>
    public IReadOnlyList<TodoItem> Todos { get; private set; } = [];

    /// <summary>Something is drawn that moves with time.</summary>
    public bool IsMoving => TurnBegan is not null || open.Count > 0 || own.Count > 0 || groups.Count > 0;

    /// <summary>A command or a group of agents runs that a person could send to the background.</summary>
    public bool HasForegroundWork
    {
        get
        {
            foreach (var block in open)
            {
                if (block is ToolBlock { IsForeground: true })
                {
                    return true;
                }
            }

            return own.Count > 0;
        }
    }

    /// <summary>Other rows are written now.</summary>
    /// <param name="apart">They stand apart from rows of their kind too.</param>
    /// <returns>True when a blank row must stand before them.</returns>
    public bool Interrupt(bool apart)
    {
        var blank = last != BlockKind.None && (apart || last != BlockKind.Note);
        last = BlockKind.Note;
        return blank;
    }

    /// <summary>Takes one event.</summary>
    public void Apply(StoredEvent stored)
    {
        Seq = stored.Seq;
        switch (stored.Event)
        {
            case SessionRenamed renamed:
                Name = renamed.Name;
                break;
            case SessionForked forked:
                BeginFork(forked, stored.At);
                break;
            case ModelChosen chosen:
                Note($"Model: {chosen.Model ?? "as configured"}");
                break;
            case PermissionModeChosen chosen:
                Note($"Permission mode: {chosen.Mode}");
                break;
            case UserMessage message:
                if (TurnBegan is null)
                {
                    Add(new MessageBlock(message, isQueued: false));
                }
                else
                {
                    queued.Add(new MessageBlock(message, isQueued: true));
                }

                break;
            case TurnStarted:
                BeginTurn(stored.At);
                break;
            case TurnEnded ended:
                EndTurn(ended, stored.At);
                break;
            case TaskStarted or TaskBackgrounded or TaskEnded:
                ApplyTask(stored);
                break;
            case AgentsChosen or AgentEnded or AgentDefined or RequestWithdrawn:
                ApplyAgents(stored.Event);
                break;
            case NoticeAdded notice:
                AddNotice(notice);
                break;
            case RemarkAdded remark:
                Add(new NoteBlock(new Row(remark.Line, new Style(Color.Yellow))));
                break;
            case CompactionAsked or CompactionStarted or ContextCompacted or CompactionFailed:
                ApplyCompaction(stored);
                break;
            default:
                ApplyStep(stored);
                break;
        }
    }

    /// <summary>Adds the rows that are final now and were not before.</summary>
    public void Commit(DrawContext context, List<Row> rows)
    {
        while (open.Count > 0)
        {
            var block = open[0];
            scratch.Clear();
            block.Commit(context, scratch);
            if (scratch.Count > 0)
            {
                if (!headBegun && NeedsBlank(last, block.Kind))
                {
                    rows.Add(Row.Empty);
                }

                headBegun = true;
                last = block.Kind;
                rows.AddRange(scratch);
            }

            if (!block.IsFinished)
            {
                break;
            }

            open.RemoveAt(0);
            headBegun = false;
        }
    }

    /// <summary>Adds the rows that may still change.</summary>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var before = last;
        DrawBlocks(context, rows, ref before);
        DrawGroups(context, rows);
    }

    private void DrawBlocks(DrawContext context, List<Row> rows, ref BlockKind before)
    {
        for (var i = 0; i < open.Count + own.Count + queued.Count; i++)
        {
            var block = i < open.Count ? open[i]
                : i < open.Count + own.Count ? own[i - open.Count]
                : queued[i - open.Count - own.Count];
            if (block is ToolBlock tool && Requests is [var asked, ..] && asked.Call == tool.Id)
            {
                // The question about it stands below and says the same.
                continue;
            }

            scratch.Clear();
            block.Draw(context, scratch);
            if (scratch.Count > 0)
            {
                if (!(i == 0 && headBegun) && NeedsBlank(before, block.Kind))
                {
                    rows.Add(Row.Empty);
                }

                before = block.Kind;
                rows.AddRange(scratch);
            }
        }
    }

    private void Add(IBlock block) => open.Add(block);

    private static bool NeedsBlank(BlockKind before, BlockKind next) =>
        before != BlockKind.None && !(before == BlockKind.Tool && next == BlockKind.Tool);

    private void Note(string text, Style? style = null) => Add(new NoteBlock(new Row(text, style ?? Style.Dim)));

    private void BeginTurn(DateTimeOffset at)
    {
        TurnBegan = at;
        turnUsage = new Usage();
        TakeQueued();
    }

    private void EndTurn(TurnEnded ended, DateTimeOffset at)
    {
        Settle(at);
        Add(new NoteBlock(TurnFooter.Rows(ended, turnUsage)));
        TakeQueued();
    }

    // What ran in the original goes on there.
    private void BeginFork(SessionForked forked, DateTimeOffset at)
    {
        Settle(at);
        TakeQueued();
        Tasks.Clear();
        Requests.Clear();
        groups.Clear();
        foreach (var block in own)
        {
            block.ToBackground();
            Add(block);
        }

        own.Clear();
        Name = forked.Name;
        Usage = new Usage();
        Note($"Forked from {forked.Parent}");
    }

    private void Settle(DateTimeOffset at)
    {
        EndAnswer();
        EndCompaction();
        TurnBegan = null;
        Requests.RemoveAll(static request => request.Agent is null);
        foreach (var block in open)
        {
            (block as ToolBlock)?.Abandon(at);
        }
    }

    private void ApplyStep(StoredEvent stored)
    {
        switch (stored.Event)
        {
            case StepStarted:
                EndAnswer();
                TakeQueued();
                break;
            case StepRetrying retrying:
                EndRetry();
                retry = new RetryBlock(new StepRetryingNote(
                    retrying.Attempt, stored.At.AddMilliseconds(retrying.WaitMs), retrying.Why));
                Add(retry);
                break;
            case StepWaiting waiting:
                EndRetry();
                if (waiting.Why is { } why)
                {
                    wait = new WaitBlock(why, stored.At, waiting.WaitMs is { } ms ? stored.At.AddMilliseconds(ms) : null);
                    Add(wait);
                }

                break;
            case ReasoningAdded added:
                EndRetry();
                Reasoning().Add(added.Text);
                break;
            case TextAdded added:
                EndRetry();
                if (answer is not null || added.Text.AsSpan().Trim().Length > 0)
                {
                    Answer().Add(added.Text);
                }

                break;
            case StepEnded ended:
                EndAnswer();
                Usage += ended.Usage;
                turnUsage += ended.Usage;
                if (StopReasons.Remark(ended.Stop) is { } remark)
                {
                    Add(new NoteBlock(new Row($"  {remark}", new Style(Color.Yellow))));
                }

                foreach (var call in ended.Calls)
                {
                    Add(new ToolBlock(call));
                }

                break;
            default:
                ApplyTool(stored);
                break;
        }
    }

    private void ApplyTool(StoredEvent stored)
    {
        switch (stored.Event)
        {
            case RequestOpened opened:
                Requests.Add(opened);
                Tool(opened.Call)?.Ask();
                break;
            case RequestAnswered answered:
                var request = Requests.Find(r => r.Request == answered.Request);
                if (request is not null)
                {
                    Requests.Remove(request);
                    Tool(request.Call)?.Answer(answered);
                }

                break;
            case TodosChanged changed:
                Todos = changed.Todos;
                break;
            case ToolStarted started:
                Tool(started.Call)?.Start(stored.At);
                break;
            case ToolEnded ended:
                Tool(ended.Call)?.End(ended, stored.At);
                break;
        }
    }

    private void ApplyTask(StoredEvent stored)
    {
        switch (stored.Event)
        {
            case TaskStarted started:
                Tasks[started.Task] = (started.Description ?? started.Command, stored.At);
                if (started.Call is { } call)
                {
                    Tool(call)?.Start(started);
                }
                else
                {
                    own.Add(new TaskBlock(started, stored.At));
                }

                break;
            case TaskBackgrounded sent:
                SendGroup(sent.Task);
                if (TakeOwn(sent.Task) is { } left)
                {
                    left.ToBackground();
                    Add(left);
                }

                break;
            case TaskEnded ended:
                Tasks.Remove(ended.Task);
                EndGroup(ended.Task);
                if (TakeOwn(ended.Task) is { } seen)
                {
                    seen.End(ended);
                    told.Add(ended.Task);
                    Add(seen);
                }

                break;
        }
    }

    // A person's command that runs is drawn below all else, which goes on meanwhile; it gets its place when it is over.
    private TaskBlock? TakeOwn(long number)
    {
        var block = own.Find(b => b.Task == number);
        if (block is not null)
        {
            own.Remove(block);
        }

        return block;
    }

    private ToolBlock? Tool(string call) => open.Find(b => b is ToolBlock tool && tool.Id == call) as ToolBlock;
}
