using System.Globalization;
using System.Text;

namespace Berth.Rendering;

/// <summary>
/// What must be written so that a screen which shows one frame shows another: a pure function, previous × current →
/// escape codes. The frame lives at the bottom, inline: rows above it belong to the terminal's scrollback and are never
/// touched again.
/// </summary>
/// <param name="colours">False for a screen without colours (<c>NO_COLOR</c>): bold and dim stay.</param>
internal sealed class Drawing(bool colours)
{
    // Synchronized output, so that no half-drawn frame is seen.
    private const string Begin = "\x1b[?2026h\x1b[?25l";

    // Around a row that terminals disagree about: a character which one takes for wider than we do cannot add a row. Other
    // rows wrap where they meet a screen that has just become narrower, as they would have if they had stood there before.
    private const string NoWrap = "\x1b[?7l";
    private const string Wrap = "\x1b[?7h";
    private const string Show = "\x1b[?25h";
    private const string EraseRow = "\x1b[K";
    private const string Sync = "\x1b[?2026l";

    /// <summary>From one frame to the next on a screen whose width did not change. Empty when nothing changed.</summary>
    /// <param name="finished">Rows that go above the frame for good.</param>
    public string Update(Frame previous, Frame current, IReadOnlyList<Row> finished)
    {
        var output = new StringBuilder();
        var cursor = new Cursor(output, previous.CaretRow, previous.CaretColumn);
        if (finished.Count > 0)
        {
            WriteAll(output, cursor, previous, current, finished);
        }
        else
        {
            WriteChanges(output, cursor, previous, current);
        }

        var caretMoved = cursor.Row != current.CaretRow || cursor.Column != current.CaretColumn;
        if (output.Length == 0 && !caretMoved && previous.CaretShown == current.CaretShown)
        {
            return "";
        }

        if (current.Rows.Length > 0)
        {
            cursor.MoveTo(current.CaretRow, current.CaretColumn);
        }

        return Begin + output + (current.CaretShown ? Show : "") + Sync;
    }

    /// <summary>After the screen's width changed: takes the old frame away wherever it now is, draws the new one.</summary>
    /// <param name="columns">The new width.</param>
    /// <param name="reflows">The terminal wraps rows anew when its width changes.</param>
    public string Resize(Frame previous, Frame current, IReadOnlyList<Row> finished, int columns, bool reflows)
    {
        var (up, height) = (previous.CaretRow, previous.Height);
        if (reflows)
        {
            (up, height) = (0, 0);
            for (var i = 0; i < previous.Rows.Length; i++)
            {
                var own = HeightAt(previous.Rows[i].Width, columns);
                height += own;
                up += i < previous.CaretRow ? own
                    : i == previous.CaretRow ? Math.Min(previous.CaretColumn / columns, own - 1) : 0;
            }
        }

        var output = new StringBuilder(Begin);
        new Cursor(output, up, column: 1).MoveTo(0, 0);
        EraseRows(output, height);
        return output + Update(Frame.Nothing, current, finished);
    }

    /// <summary>Empties the visible screen; the scrollback stays.</summary>
    public const string ClearScreen = "\x1b[H\x1b[J";

    // From the cursor's row on. Not by one "erase below" in the first row: where that is the screen's first one, tmux
    // takes it for the clearing of a screen and keeps what was there in its scrollback.
    private static void EraseRows(StringBuilder output, int count) =>
        output.Append(count > 1 ? "\x1b[K\x1b[B\x1b[J\x1b[A" : "\x1b[K");

    private static int HeightAt(int width, int columns) => Math.Max((width + columns - 1) / columns, 1);

    // Finished rows push the frame down: everything is written from its first row on, over what stands there.
    private void WriteAll(
        StringBuilder output, Cursor cursor, Frame previous, Frame current, IReadOnlyList<Row> finished)
    {
        cursor.MoveTo(0, 0);
        var total = finished.Count + current.Rows.Length;
        var over = total >= previous.Rows.Length;
        if (!over)
        {
            EraseRows(output, previous.Height);
        }

        for (var i = 0; i < total; i++)
        {
            var row = i < finished.Count ? finished[i] : current.Rows[i - finished.Count];
            output.Append(over && i < previous.Height ? EraseRow : "");
            WriteRow(output, row, 0);

            if (i < total - 1 || current.Rows.Length == 0)
            {
                output.Append("\r\n");
            }
        }

        cursor.IsAt(Math.Max(current.Rows.Length - 1, 0), current.Rows.Length == 0 ? 0 : Cursor.Unknown);
    }

    private void WriteChanges(StringBuilder output, Cursor cursor, Frame previous, Frame current)
    {
        for (var i = 0; i < current.Rows.Length; i++)
        {
            var row = current.Rows[i];
            if (i >= previous.Height)
            {
                cursor.NewRowBelow(i);
                WriteRow(output, row, 0);
                cursor.IsAt(i, Cursor.Unknown);
                continue;
            }

            var old = i < previous.Rows.Length ? previous.Rows[i] : Row.Empty;
            if (!row.Shows(old))
            {
                WriteChange(output, cursor, i, old, row);
            }
        }

        if (current.Rows.Length < previous.Rows.Length)
        {
            cursor.MoveTo(current.Rows.Length, 0);
            EraseRows(output, previous.Rows.Length - current.Rows.Length);
        }
    }

    // The part both rows share from the left stays, unless terminals disagree about its width or the row gets shorter:
    // only a row erased from its first cell on is as short for the terminal as it looks, which counts when it wraps its
    // rows anew (tmux takes blanks that were erased one by one for text).
    private void WriteChange(StringBuilder output, Cursor cursor, int index, Row old, Row row)
    {
        var isWhole = old.IsDisputed || row.IsDisputed || row.Width < old.Width;
        var (characters, column) = isWhole ? (0, 0) : SharedPrefix(old, row);
        cursor.MoveTo(index, column);
        output.Append(column == 0 && old.Width > 0 ? EraseRow : "");
        WriteRow(output, row, characters);
        cursor.IsAt(index, Cursor.Unknown);
    }

    private static (int Characters, int Column) SharedPrefix(Row a, Row b)
    {
        var characters = 0;
        var column = 0;
        var count = Math.Min(a.Pieces.Length, b.Pieces.Length);
        for (var i = 0; i < count && a.Pieces[i].Style == b.Pieces[i].Style; i++)
        {
            var x = a.Pieces[i].Text;
            var y = b.Pieces[i].Text;
            var shared = x.AsSpan().CommonPrefixLength(y);
            characters += shared;
            column += Widths.Of(y.AsSpan(0, shared));
            if (shared < y.Length || shared < x.Length)
            {
                break;
            }
        }

        return (characters, column);
    }

    private void WriteRow(StringBuilder output, Row row, int skip)
    {
        output.Append(row.IsDisputed ? NoWrap : "");
        var style = Style.Plain;
        foreach (var piece in row.Pieces)
        {
            if (skip >= piece.Text.Length)
            {
                skip -= piece.Text.Length;
                continue;
            }

            if (piece.Style != style)
            {
                style = piece.Style;
                WriteStyle(output, style);
            }

            output.Append(piece.Text, skip, piece.Text.Length - skip);
            skip = 0;
        }

        if (style != Style.Plain)
        {
            output.Append("\x1b[0m");
        }

        output.Append(row.IsDisputed ? Wrap : "");
    }

    // SGR always starts from nothing: no state is carried from one piece to the next.
    private void WriteStyle(StringBuilder output, Style style)
    {
        output.Append("\x1b[0");
        Add(Emphasis.Bold, ";1");
        Add(Emphasis.Dim, ";2");
        Add(Emphasis.Italic, ";3");
        Add(Emphasis.Underline, ";4");
        Add(Emphasis.Inverse, ";7");
        Add(Emphasis.Strike, ";9");
        if (colours && style.Color != Color.Default)
        {
            output.Append(';').Append(((int)style.Color).ToString(CultureInfo.InvariantCulture));
        }

        output.Append('m');

        void Add(Emphasis emphasis, string parameter)
        {
            if ((style.Emphasis & emphasis) != Emphasis.None)
            {
                output.Append(parameter);
            }
        }
    }
}
