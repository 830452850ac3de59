using Berth.Editor;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>What stands below the finished rows: the moving end of the transcript, a question, the line, the status.</summary>
/// <param name="Moving">Rows of the transcript that may still change.</param>
/// <param name="Unsent">Lines that wait for the daemon.</param>
/// <param name="Activity">What goes on, with the time; null when nothing does.</param>
/// <param name="Todos">What the model has still to do; empty when nothing goes on.</param>
/// <param name="Prompt">The question that is open.</param>
/// <param name="Hint">One line for the person; null for none.</param>
/// <param name="Mask">The line is a secret: each cluster shows as a dot.</param>
/// <param name="Placeholder">Stands in an empty line.</param>
internal sealed record LiveRegion(
    IReadOnlyList<Row> Moving, IReadOnlyList<Row> Unsent, Row? Activity, IReadOnlyList<Row> Todos, RequestPrompt? Prompt, Row? Hint, Draft Draft,
    bool Mask, string Placeholder, CompletionMenu? Menu, Row Status)
{
    private const int RowsForRules = 8;
    private const int RowsForSpace = 10;
    private const int RowsForTodos = 12;
    private const int MostMenuRows = 8;

    /// <summary>The frame: never higher than the screen less one row, whatever there is to show.</summary>
    public Frame Compose(int columns, int rows)
    {
        var most = Math.Max(rows - 1, 1);
        var below = new List<Row>();
        var hasRules = most >= RowsForRules;
        var rule = hasRules ? Row.Rule(columns, Style.Dim) : null;

        var (line, caretRow, caretColumn) = Line(columns, Math.Max((most - 4) / 3, 1));
        var footer = new List<Row>();
        if (rule is not null)
        {
            footer.Add(rule);
        }

        Menu?.Draw(columns, Math.Clamp(most - line.Count - 4, 0, MostMenuRows), footer);
        if (most > line.Count + footer.Count)
        {
            footer.Add(Status);
        }

        if (Hint is not null && most > line.Count + footer.Count + 1)
        {
            below.Add(Hint.CutTo(columns));
        }

        if (rule is not null)
        {
            below.Add(rule);
        }

        var room = most - line.Count - footer.Count - below.Count;
        var above = Above(columns, room);
        Row[] all = [.. above, .. below, .. line, .. footer];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = all[i].CutTo(columns);
        }

        var from = Math.Max(all.Length - most, 0);
        return new Frame(
            from == 0 ? all : all[from..],
            Math.Max(above.Count + below.Count + caretRow - from, 0),
            Math.Min(caretColumn, columns - 1));
    }

    // What moves is cut from its beginning; the question is cut last.
    private List<Row> Above(int columns, int room)
    {
        var prompt = new List<Row>();
        if (Prompt is not null && room > 0)
        {
            if (room >= RowsForSpace)
            {
                prompt.Add(Row.Empty);
            }

            Prompt.Draw(columns, Math.Max(room - prompt.Count, 4), prompt);
        }

        var rows = new List<Row>(Moving);
        rows.AddRange(Unsent);
        if (Activity is not null)
        {
            rows.Add(Row.Empty);
            rows.Add(Activity.CutTo(columns));
        }

        if (room >= RowsForTodos)
        {
            rows.AddRange(Todos);
        }

        rows.AddRange(prompt);
        if (room >= RowsForSpace && Hint is null)
        {
            rows.Add(Row.Empty);
        }

        return rows.Count <= room ? rows : rows.GetRange(rows.Count - Math.Max(room, 0), Math.Max(room, 0));
    }

    private (List<Row> Rows, int CaretRow, int CaretColumn) Line(int columns, int most)
    {
        var shown = Mask ? Masked(Draft) : Draft;
        var layout = EditorLayout.Of(shown, columns);
        var count = Math.Min(layout.Rows.Count, most);
        var first = Math.Clamp(layout.CaretRow - (count / 2), 0, layout.Rows.Count - count);
        var rows = new List<Row>(count);
        for (var i = first; i < first + count; i++)
        {
            var mark = i == 0 ? new Piece("❯ ", new Style(Color.Cyan, Emphasis.Bold)) : new Piece("  ");
            var text = shown.Text.Length == 0 ? new Row(Placeholder, Style.Dim) : layout.Rows[i];
            rows.Add(text.After(mark).CutTo(columns));
        }

        return (rows, layout.CaretRow - first, layout.CaretColumn + EditorLayout.Indent);
    }

    private static Draft Masked(Draft draft) => new(new string('•', draft.Text.Length), draft.Caret, []);
}
