using Berth.Rendering;

namespace Berth.Editor;

/// <summary>
/// The line on the screen: its rows, broken at the edge, and where each begins in the text. One column stays free at the
/// right, for a caret behind the last character.
/// </summary>
internal sealed class EditorLayout
{
    /// <summary>Cells in front of each row.</summary>
    public const int Indent = 2;

    private readonly List<int> starts = [];
    private readonly List<int> ends = [];
    private readonly List<Row> rows = [];
    private readonly Draft draft;
    private readonly int room;

    private EditorLayout(Draft draft, int columns)
    {
        this.draft = draft;
        room = Math.Max(columns - Indent - 1, 1);
    }

    /// <summary>The rows, without what stands in front of them.</summary>
    public IReadOnlyList<Row> Rows => rows;

    /// <summary>The caret's row.</summary>
    public int CaretRow { get; private set; }

    /// <summary>The caret's column, without the indent.</summary>
    public int CaretColumn { get; private set; }

    /// <summary>Lays a draft out.</summary>
    public static EditorLayout Of(Draft draft, int columns)
    {
        var layout = new EditorLayout(draft, columns);
        var start = 0;
        while (true)
        {
            var end = Words.LineEnd(draft.Text, start);
            layout.AddLine(start, end);
            if (end == draft.Text.Length)
            {
                break;
            }

            start = end + 1;
        }

        layout.FindCaret();
        return layout;
    }

    /// <summary>The place in the text above or below the caret; null when there is no such row.</summary>
    public int? Vertically(int rowsDown)
    {
        var row = CaretRow + rowsDown;
        if (row < 0 || row >= starts.Count)
        {
            return null;
        }

        var (place, end) = (starts[row], ends[row]);
        var column = 0;
        while (place < end)
        {
            var next = Words.ClusterRight(draft.Text, place);
            column += Widths.Of(Shown(place, next));
            if (column > CaretColumn)
            {
                break;
            }

            place = next;
        }

        // The end of a broken row is the beginning of the next one.
        return place == end && row + 1 < starts.Count && starts[row + 1] == end && place > starts[row]
            ? Words.ClusterLeft(draft.Text, place) : place;
    }

    private void AddLine(int start, int end)
    {
        var rowStart = start;
        var place = start;
        var used = 0;
        var shown = "";
        while (place < end)
        {
            var next = Words.ClusterRight(draft.Text, place);
            var cluster = Shown(place, next);
            var width = Widths.Of(cluster);
            if (used + width > room && place > rowStart)
            {
                Add(rowStart, place, shown);
                (rowStart, used, shown) = (place, 0, "");
            }

            used += width;
            shown += cluster;
            place = next;
        }

        Add(rowStart, end, shown);
    }

    private void Add(int start, int end, string shown)
    {
        starts.Add(start);
        ends.Add(end);
        rows.Add(new Row(shown));
    }

    private string Shown(int start, int end)
    {
        var c = draft.Text[start];
        return Draft.IsPaste(c) ? draft.Placeholder(c) : c == '\t' ? "  " : SafeText.Clean(draft.Text[start..end]);
    }

    private void FindCaret()
    {
        for (var i = 0; i < starts.Count; i++)
        {
            var (start, end) = (starts[i], ends[i]);
            var last = i + 1 == starts.Count || starts[i + 1] > end;
            if (draft.Caret >= start && (draft.Caret < end || (last && draft.Caret == end)))
            {
                CaretRow = i;
                for (var place = start; place < draft.Caret;)
                {
                    var next = Words.ClusterRight(draft.Text, place);
                    CaretColumn += Widths.Of(Shown(place, next));
                    place = next;
                }

                CaretColumn = Math.Min(CaretColumn, room);
                return;
            }
        }
    }
}
