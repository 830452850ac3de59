using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A person's own command: <c>!CMD</c>. It is watched until it ends or goes to the background; then its rows are final.
/// </summary>
internal sealed class TaskBlock(TaskStarted task, DateTimeOffset started) : IBlock
{
    private const int TailRows = 12;
    private static readonly TimeSpan HintFrom = TimeSpan.FromSeconds(2);

    private TaskEnded? ended;
    private bool left;

    /// <summary>The task's number.</summary>
    public long Task => task.Task;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Tool;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>What stands behind the time of something that is waited for and could go to the background.</summary>
    public static string Hint(TimeSpan elapsed) => elapsed >= HintFrom ? " · Ctrl+B sends it to the background" : "";

    /// <summary>Nobody waits for it any more: a notice will tell of its end.</summary>
    public void ToBackground() => left = true;

    /// <summary>It ended in sight.</summary>
    public void End(TaskEnded outcome) => ended = outcome;

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (!IsFinished && IsOver)
        {
            IsFinished = true;
            DrawEnd(context, rows);
        }
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        if (IsOver)
        {
            DrawEnd(context, rows);
            return;
        }

        var elapsed = context.Now - started;
        DrawTitle(context, rows, new Style(Color.Yellow));
        DrawTail(context, rows);
        rows.Add(new Row($"  └ {context.Spinner} {Figures.Duration(elapsed)}{Hint(elapsed)}", Style.Dim).CutTo(context.Columns));
    }

    private bool IsOver => left || ended is not null;

    private void DrawEnd(DrawContext context, List<Row> rows)
    {
        var failed = !left && ended is not { State: "exited", ExitCode: 0 };
        DrawTitle(context, rows, new Style(failed ? Color.Red : left ? Color.Yellow : Color.Green));
        if (ended is null)
        {
            rows.Add(new Row($"  └ Task #{task.Task} dispatched to background", Style.Dim).CutTo(context.Columns));
            return;
        }

        DrawTail(context, rows);
        rows.Add(new Row($"  └ {Outcome(ended)}", failed ? Palette.Error : Style.Dim).CutTo(context.Columns));
    }

    private static string Outcome(TaskEnded outcome)
    {
        var how = outcome.State switch
        {
            "exited" => $"exit code {outcome.ExitCode}",
            "signaled" => $"signal {outcome.Signal}",
            var other => other.Replace('_', ' '),
        };
        return outcome.Children.Count == 0 ? how
            : $"{how}, {outcome.Children.Count} {(outcome.Children.Count == 1 ? "process" : "processes")} still running";
    }

    private void DrawTitle(DrawContext context, List<Row> rows, Style style)
    {
        var own = new List<Row>();
        Wrapping.Words(
            new Row(task.Command.Trim(), Style.Bold), context.Columns, own, [new Piece("! ", style)], [new Piece("  ")]);
        Shorten.End(own, 3, rows);
    }

    // The file may be gone when the history is drawn later; the last line is in the log.
    private void DrawTail(DrawContext context, List<Row> rows)
    {
        var tail = context.Tail(task.OutputFile);
        var own = new List<Row>();
        foreach (var line in tail)
        {
            own.Add(new Row(line).After(new Piece("  ")).CutTo(context.Columns));
        }

        if (own.Count == 0 && ended?.LastLine is { Length: > 0 } last)
        {
            own.Add(new Row(last).After(new Piece("  ")).CutTo(context.Columns));
        }

        Shorten.Beginning(own, TailRows, rows);
    }
}
