using System.Text;
using Berth.Rendering;

namespace Berth.App;

/// <summary>
/// What the terminal's screen shows of ours, and what must be written to change it. Rows that are finished go above the
/// live region once and for all.
/// </summary>
internal sealed class Screen(Drawing drawing, bool reflows, int columns, int rows)
{
    private readonly List<Row> finished = [];
    private readonly StringBuilder first = new();
    private Frame shown = Frame.Nothing;
    private bool resized;

    /// <summary>Its width in cells.</summary>
    public int Columns { get; private set; } = columns;

    /// <summary>Its height.</summary>
    public int Rows { get; private set; } = rows;

    /// <summary>Something waits for the next drawing besides the live region.</summary>
    public bool HasNews => finished.Count > 0 || first.Length > 0 || resized;

    /// <summary>A row that goes into the scrollback.</summary>
    public void Print(Row row) => finished.Add(row);

    /// <summary>Rows that go into the scrollback.</summary>
    public void Print(IEnumerable<Row> some) => finished.AddRange(some);

    /// <summary>The screen's size changed, to this one in the end: everything live is drawn anew.</summary>
    public void Resize(int newColumns, int newRows)
    {
        resized = true;
        (Columns, Rows) = (newColumns, newRows);
    }

    /// <summary>Empties the visible screen; what was printed until now is kept in the scrollback where it scrolls.</summary>
    public void Clear()
    {
        Leave();
        first.Append(Drawing.ClearScreen);
    }

    /// <summary>Takes the live region away and leaves the cursor below what was printed.</summary>
    public void Leave()
    {
        BreakFinished();
        if (resized)
        {
            resized = false;
            first.Append(drawing.Resize(shown, Frame.Nothing, finished, Columns, reflows));
        }
        else
        {
            first.Append(drawing.Update(shown, Frame.Nothing, finished));
        }

        finished.Clear();
        shown = Frame.Nothing;
    }

    /// <summary>Somebody else wrote to the screen; the cursor stands at the beginning of an empty row.</summary>
    public void Forget()
    {
        shown = Frame.Nothing;
        resized = false;
    }

    /// <summary>What must be written so that this frame is shown.</summary>
    public string Draw(Frame frame)
    {
        BreakFinished();
        var output = resized
            ? drawing.Resize(shown, frame, finished, Columns, reflows)
            : drawing.Update(shown, frame, finished);
        return first.Length == 0 ? Shown(output, frame) : Shown(Take() + output, frame);
    }

    /// <summary>What must be written without a live region.</summary>
    public string Take()
    {
        var output = first.ToString();
        first.Clear();
        return output;
    }

    // Rows that were laid out before the screen became narrower.
    private void BreakFinished()
    {
        for (var i = 0; i < finished.Count; i++)
        {
            if (finished[i].Width > Columns)
            {
                var broken = new List<Row>();
                Wrapping.Characters(finished[i], Columns, broken);
                finished.RemoveAt(i);
                foreach (var row in broken)
                {
                    // A wide character does not fit a screen of one cell at all.
                    finished.Insert(i++, row.CutTo(Columns));
                }

                i--;
            }
        }
    }

    private string Shown(string output, Frame frame)
    {
        resized = false;
        finished.Clear();
        shown = frame;
        return output;
    }
}
