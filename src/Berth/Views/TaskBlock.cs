using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A person's own command: <c>!CMD</c>. It is watched until it ends, or until something else follows it while nobody waits
/// for it: then it goes on as a task of which a notice tells.
/// </summary>
internal sealed class TaskBlock(TaskStarted task, DateTimeOffset started) : IBlock
{
    private const int TailRows = 12;

    private TaskEnded? ended;
    private bool background;
    private bool left;

    /// <summary>The task's number.</summary>
    public long Task => task.Task;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Tool;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>It ended in sight: its output and outcome stand here.</summary>
    public bool ShowsEnd => ended is not null && !left;

    /// <summary>A person waits for it.</summary>
    public bool IsForeground => !background && ended is null;

    /// <summary>Nobody waits for it any more.</summary>
    /// <param name="byKey">The person sent it there now.</param>
    public void ToBackground(bool byKey)
    {
        background = true;
        left |= byKey;
    }

    /// <summary>Something else follows.</summary>
    public void Follow() => left |= background && ended is null;

    /// <summary>It ended.</summary>
    public void End(TaskEnded outcome) => ended = outcome;

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (IsFinished || (ended is null && !left))
        {
            return;
        }

        IsFinished = true;
        var failed = !left && ended is not { State: "exited", ExitCode: 0 };
        DrawTitle(context, rows, new Style(failed ? Color.Red : left ? Color.Yellow : Color.Green));
        if (left || ended is null)
        {
            rows.Add(new Row($"  └ in the background as task #{task.Task}", Style.Dim).CutTo(context.Columns));
            return;
        }

        DrawTail(context, rows);
        rows.Add(new Row($"  └ {Outcome(ended)}", failed ? Palette.Error : Style.Dim).CutTo(context.Columns));
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        DrawTitle(context, rows, new Style(Color.Yellow));
        DrawTail(context, rows);
        rows.Add(new Row($"  └ {context.Spinner} {Figures.Duration(context.Now - started)}", Style.Dim).CutTo(context.Columns));
    }

    private static string Outcome(TaskEnded outcome) => outcome.State switch
    {
        "exited" => $"exit code {outcome.ExitCode}",
        "signaled" => $"signal {outcome.Signal}",
        var other => other.Replace('_', ' '),
    };

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
