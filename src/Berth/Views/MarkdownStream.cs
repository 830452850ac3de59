using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A Markdown text that grows. Segments whose end is known become final rows; the rest is drawn anew with each piece.
/// </summary>
internal sealed class MarkdownStream(MarkdownView view)
{
    // What is drawn of an open block while it grows: its end, if it is enormous.
    private const int LongestOpen = 8_000;

    private readonly MarkdownSplitter splitter = new();
    private readonly List<Segment> finished = [];
    private bool begun;
    private bool inDiff;
    private string drawnText = "";
    private int drawnColumns;
    private List<Row> drawn = [];

    /// <summary>Takes the next piece.</summary>
    public void Add(string text) => splitter.Add(text, finished);

    /// <summary>The text is over.</summary>
    public void End() => splitter.End(finished);

    /// <summary>Adds the rows that are final now and were not before.</summary>
    public void Commit(int columns, List<Row> rows)
    {
        foreach (var segment in finished)
        {
            if (begun && segment.BlankBefore)
            {
                rows.Add(Row.Empty);
            }

            begun = true;
            switch (segment)
            {
                case Segment.Prose prose:
                    view.Draw(prose.Text, columns, rows);
                    break;
                case Segment.CodeStart start:
                    inDiff = CodeView.IsDiff(start.Language);
                    CodeView.Begin(start.Language, columns, rows);
                    break;
                case Segment.CodeLine code:
                    CodeView.Line(code.Text, columns, rows, [], [], inDiff);
                    break;
            }
        }

        finished.Clear();
    }

    /// <summary>Adds the rows of what is still open, as it looks now.</summary>
    public void Draw(int columns, List<Row> rows)
    {
        if (splitter.InCode)
        {
            if (splitter.PartialLine.Length > 0)
            {
                CodeView.Line(Tail(splitter.PartialLine), columns, rows, [], [], inDiff);
            }

            return;
        }

        if (splitter.Open is not { } open)
        {
            return;
        }

        if (begun && open.BlankBefore)
        {
            rows.Add(Row.Empty);
        }

        // The spinner turns while the text stands still.
        if (open.Text != drawnText || columns != drawnColumns)
        {
            (drawnText, drawnColumns, drawn) = (open.Text, columns, []);
            view.Draw(Tail(open.Text), columns, drawn);
        }

        rows.AddRange(drawn);
    }

    private static string Tail(string text) => text.Length <= LongestOpen ? text : text[^LongestOpen..];
}
