using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

// The part of the transcript that shows sub-agents: below their call while it waits for them, else at its moving end.
internal sealed partial class Transcript
{
    // Groups that work, and those that ended in the background and wait for their notice.
    private readonly Dictionary<long, AgentGroupView> groups = [];
    private readonly Dictionary<long, AgentGroupView> over = [];
    private readonly HashSet<long> background = [];

    private void ApplyAgents(SessionEvent happened)
    {
        switch (happened)
        {
            case AgentsChosen chosen:
                var group = new AgentGroupView(chosen);
                groups[chosen.Task] = group;
                Caller(chosen.Task)?.Start(group);
                break;
            case AgentEnded ended:
                groups.GetValueOrDefault(ended.Task)?.End(ended);
                break;
            case AgentDefined defined:
                Note($"A sub-agent: {defined.Agent}");
                break;
            case RequestWithdrawn withdrawn:
                Requests.RemoveAll(request => request.Request == withdrawn.Request);
                break;
        }
    }

    private void SendGroup(long task)
    {
        if (groups.ContainsKey(task))
        {
            background.Add(task);
        }
    }

    // The group whose end a notice tells, unless it stands somewhere already.
    private AgentGroupView? TakeOver(NoticeAdded notice)
    {
        foreach (var task in notice.Tasks)
        {
            if (over.Remove(task, out var group))
            {
                return group;
            }
        }

        return null;
    }

    private void EndGroup(long task)
    {
        Requests.RemoveAll(request => request.Task == task);
        if (groups.Remove(task, out var group))
        {
            group.IsOver = true;
            if (background.Remove(task))
            {
                over[task] = group;
            }
            else if (Caller(task) is null)
            {
                // Its call was interrupted and stands above already; nothing else tells of its end.
                Add(new NoticeBlock([], group));
            }
        }
    }

    private void DrawGroups(DrawContext context, List<Row> rows)
    {
        foreach (var (task, group) in groups)
        {
            if (Caller(task) is null)
            {
                rows.Add(Row.Empty);
                rows.Add(new Row(
                    new Piece(context.Spinner + " ", new Style(Color.Yellow)), new Piece(Tasks.TryGetValue(task, out var known) ? known.Name : "sub-agents", Style.Bold),
                    new Piece($"  task #{task}", Style.Dim)).CutTo(context.Columns));
                group.Draw(context, rows);
            }
        }
    }

    // The call that still waits for a group's task; one that has its result waits no longer.
    private ToolBlock? Caller(long task) => open.Find(b => b is ToolBlock { IsRunning: true } tool && tool.Task == task) as ToolBlock;
}

/// <summary>The end of a group in the background: the notice's lines, and how each of them ended.</summary>
internal sealed class NoticeBlock(Row[] lines, AgentGroupView group) : IBlock
{
    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Note;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        IsFinished = true;
        foreach (var line in lines)
        {
            Wrapping.Words(line, context.Columns, rows);
        }

        group.DrawEnded(context, rows);
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
    }
}
