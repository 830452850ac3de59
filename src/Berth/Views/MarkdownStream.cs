using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A Markdown text that grows. Segments whose end is known become final rows, and so do the rows of an open paragraph
/// that nothing later can change; the rest is drawn anew with each piece.
/// </summary>
internal sealed class MarkdownStream(MarkdownView view)
{
    // A block without an end that is longer is drawn from its end only, and printed when it is cut.
    private const int LongestOpen = 4 * MarkdownSplitter.LongestSegment;

    private readonly MarkdownSplitter splitter = new();
    private readonly List<Segment> finished = [];
    private readonly List<Row> scratch = [];
    private bool begun;
    private bool openBegun;
    private bool inDiff;
    private int printedInk;
    private int printedLength;
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
            Begin(segment.BlankBefore, rows);
            switch (segment)
            {
                case Segment.Prose prose:
                    scratch.Clear();
                    view.Draw(prose.Text, columns, scratch);
                    Ink.Skip(scratch, printedInk, rows);
                    break;
                case Segment.CodeStart start:
                    inDiff = CodeView.IsDiff(start.Language);
                    CodeView.Begin(start.Language, columns, rows);
                    break;
                case Segment.CodeLine code:
                    CodeView.Line(code.Text, columns, rows, [], [], inDiff);
                    break;
            }

            openBegun = false;
            printedInk = printedLength = 0;
        }

        finished.Clear();
        CommitOpen(columns, rows);
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

        if (begun && !openBegun && open.BlankBefore)
        {
            rows.Add(Row.Empty);
        }

        // The spinner turns while the text stands still.
        if (open.Text != drawnText || columns != drawnColumns)
        {
            (drawnText, drawnColumns) = (open.Text, columns);
            drawn = Open(open.Text, columns);
        }

        rows.AddRange(drawn);
    }

    private List<Row> Open(string text, int columns)
    {
        var own = new List<Row>();
        if (MarkdownView.PlainLength(text) == text.Length)
        {
            MarkdownView.DrawPlain(Tail(text[printedLength..]), columns, own);
            return own;
        }

        scratch.Clear();
        view.Draw(Tail(text), columns, scratch);
        Ink.Skip(scratch, text.Length > LongestOpen ? 0 : printedInk, own);
        return own;
    }

    // A full row begins where the one before ended, so only what is not printed yet is looked at. The last row may still
    // get another word.
    private void CommitOpen(int columns, List<Row> rows)
    {
        if (splitter.Open is not { } open)
        {
            return;
        }

        var end = printedLength;
        for (var plain = MarkdownView.PlainLength(open.Text); end < plain; end++)
        {
            if (open.Text[end] != '\n' && !SafeText.IsSimple(open.Text[end]))
            {
                break;
            }
        }

        if (end - printedLength < columns)
        {
            return;
        }

        scratch.Clear();
        MarkdownView.DrawPlain(open.Text[printedLength..end], columns, scratch);
        scratch.RemoveAt(scratch.Count - 1);
        if (scratch.Count == 0)
        {
            return;
        }

        Begin(open.BlankBefore, rows);
        rows.AddRange(scratch);
        var ink = Ink.Of(scratch);
        printedInk += ink;
        while (ink > 0 || char.IsWhiteSpace(open.Text[printedLength]))
        {
            ink -= open.Text[printedLength] is ' ' or '\n' ? 0 : 1;
            printedLength++;
        }
    }

    private void Begin(bool blankBefore, List<Row> rows)
    {
        if (begun && !openBegun && blankBefore)
        {
            rows.Add(Row.Empty);
        }

        begun = openBegun = true;
    }

    private static string Tail(string text) =>
        text.Length <= LongestOpen ? text : text[^(MarkdownSplitter.LongestSegment / 2)..];
}
