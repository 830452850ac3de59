using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// One tool call: asked for, waiting for a person, running with the end of its output, ended with a short result.
/// </summary>
internal sealed class ToolBlock(ToolCall call) : IBlock
{
    private const int TitleRows = 3;
    private const int TailRows = 4;
    private const int ResultRows = 6;
    private const int LongestOutput = 20_000;
    private const int ChangeRows = 16;
    private static readonly TimeSpan ElapsedFrom = TimeSpan.FromSeconds(1);

    private DateTimeOffset? started;
    private DateTimeOffset endedAt;
    private ToolEnded? ended;
    private TaskStarted? task;
    private AgentGroupView? group;
    private string? answer;
    private bool waiting;

    /// <summary>The call's id.</summary>
    public string Id => call.Id;

    /// <summary>The number of the task that it became; null while it is none.</summary>
    public long? Task => task?.Task;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Tool;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>It waits for a task, which could go on in the background.</summary>
    public bool IsForeground => task is not null && IsRunning;

    /// <summary>It acts now: it was started and has no result.</summary>
    public bool IsRunning => started is not null && ended is null;

    /// <summary>A person is asked.</summary>
    public void Ask() => waiting = true;

    /// <summary>The person answered.</summary>
    public void Answer(RequestAnswered given)
    {
        waiting = false;
        answer = (given.Answer, given.Text) switch
        {
            ("always", _) => "allowed for this session",
            ("no", { Length: > 0 } text) => $"not allowed: {text}",
            ("no", _) => "not allowed",
            (_, { Length: > 0 } text) => $"allowed: {text}",
            _ => null,
        };
    }

    /// <summary>It begins.</summary>
    public void Start(DateTimeOffset at) => started = at;

    /// <summary>It became a task.</summary>
    public void Start(TaskStarted asTask) => task = asTask;

    /// <summary>The sub-agents that work for it.</summary>
    public void Start(AgentGroupView agents) => group = agents;

    /// <summary>It has its result.</summary>
    public void End(ToolEnded result, DateTimeOffset at)
    {
        waiting = false;
        ended = result;
        endedAt = at;
    }

    /// <summary>The turn is over; a call without a result never ran.</summary>
    public void Abandon(DateTimeOffset at)
    {
        if (ended is null)
        {
            End(new ToolEnded(call.Id, started is null ? "cancelled" : "unknown", "", null), at);
        }
    }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (ended is null || IsFinished)
        {
            return;
        }

        IsFinished = true;
        DrawTitle(context, rows, Mark(ended.Outcome));
        DrawChange(context, rows);
        if (group is { IsOver: true })
        {
            group.DrawEnded(context, rows);
        }

        DrawResult(ended, context, rows);
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var mark = waiting ? new Piece("? ", new Style(Color.Magenta, Emphasis.Bold))
            : IsRunning ? new Piece(context.Spinner + " ", new Style(Color.Yellow))
            : new Piece("○ ", Style.Dim);
        DrawTitle(context, rows, mark);
        if (!IsRunning)
        {
            return;
        }

        if (group is not null)
        {
            group.Draw(context, rows);
        }
        else if (task is not null)
        {
            var tail = context.Tail(task.OutputFile);
            for (var i = Math.Max(tail.Count - TailRows, 0); i < tail.Count; i++)
            {
                rows.Add(new Row(tail[i], Style.Dim).After(new Piece("  │ ", Style.Dim)).CutTo(context.Columns));
            }
        }

        var elapsed = context.Now - started!.Value;
        if (elapsed >= ElapsedFrom)
        {
            var hint = task is null ? "" : TaskBlock.Hint(elapsed);
            rows.Add(new Row($"  └ {Figures.Duration(elapsed)}{hint}", Style.Dim).CutTo(context.Columns));
        }
    }

    private static Piece Mark(string outcome) => outcome switch
    {
        "ok" => new Piece("● ", new Style(Color.Green)),
        "cancelled" => new Piece("● ", Style.Dim),
        _ => new Piece("● ", new Style(Color.Red)),
    };

    private void DrawTitle(DrawContext context, List<Row> rows, Piece mark)
    {
        var own = new List<Row>();
        var name = new Piece(call.Tool, Style.Bold);
        var indent = new Piece(new string(' ', Math.Min(Widths.Of(name.Text) + 4, 12)));
        foreach (var line in Wrapping.Lines(ToolTitle.Of(call)))
        {
            Wrapping.Words(
                new Row(line), context.Columns, own, own.Count == 0 ? [mark, name, new Piece("  ")] : [indent], [indent]);
        }

        Shorten.End(own, TitleRows, rows);
    }

    // What an edit changes, as the call says it; the result tells whether it did.
    private void DrawChange(DrawContext context, List<Row> rows)
    {
        if (ended!.Outcome != "ok" || call.Tool is not "edit")
        {
            return;
        }

        var own = new List<Row>();
        AddLines(ToolTitle.Argument(call, "old_string"), "-");
        AddLines(ToolTitle.Argument(call, "new_string"), "+");
        Shorten.Middle(own, ChangeRows, rows);

        void AddLines(string? text, string sign)
        {
            if (text is not { Length: > 0 })
            {
                return;
            }

            foreach (var line in Wrapping.Lines(text.TrimEnd('\n')))
            {
                CodeView.Line(sign + line, context.Columns, own, [new Piece("  ")], [new Piece("  ")], diff: true);
            }
        }
    }

    private void DrawResult(ToolEnded result, DrawContext context, List<Row> rows)
    {
        var style = result.Outcome is "ok" or "cancelled" ? Style.Dim : Palette.Error;
        var time = started is { } from && endedAt - from >= ElapsedFrom ? $" · {Figures.Duration(endedAt - from)}" : "";
        var how = result.Outcome switch
        {
            "cancelled" => "interrupted",
            "unknown" => "unknown outcome: the daemon ended meanwhile",
            _ => result.Summary ?? (result.Outcome == "ok" ? "" : result.Outcome),
        };
        how = answer is null ? how : how.Length == 0 ? answer : $"{answer} · {how}";

        // What a command printed is what people look for; other tools say it in their summary.
        if ((call.Tool == "bash" && !SaysTheSame(result)) || result.Summary is null)
        {
            DrawOutput(result.Output, context, rows);
        }

        if ((how + time).Length > 0)
        {
            var own = new List<Row>();
            Wrapping.Words(
                new Row((how + time).TrimStart(' ', '·'), style), context.Columns, own,
                [new Piece("  └ ", Style.Dim)], [new Piece("    ")]);
            Shorten.Middle(own, ResultRows, rows);
        }
    }

    // "Task #42 dispatched …", "bash failed: …": what the model got is no output.
    private static bool SaysTheSame(ToolEnded result) => result.Summary is { Length: > 0 } summary
        && (result.Output.StartsWith(summary, StringComparison.Ordinal) || result.Output.EndsWith(summary, StringComparison.Ordinal));

    private static void DrawOutput(string output, DrawContext context, List<Row> rows)
    {
        var text = output.Length <= LongestOutput ? output : output[..(LongestOutput / 2)] + "\n" + output[^(LongestOutput / 2)..];
        if (text.Trim().Length == 0)
        {
            return;
        }

        var own = new List<Row>();
        foreach (var line in Wrapping.Lines(text.Trim('\n')))
        {
            own.Add(new Row(line, Style.Dim).After(new Piece("  │ ", Style.Dim)).CutTo(context.Columns));
        }

        Shorten.Middle(own, ResultRows, rows);
    }
}
