using System.Globalization;
using System.Text;
using Berth.Rendering;

namespace Berth.Tests.Testing;

/// <summary>
/// A small terminal: it does the escape codes that Berth writes and refuses every other one, keeps a scrollback, and wraps
/// its lines anew when its width changes, as tmux does.
/// </summary>
internal sealed class VirtualTerminal(int columns, int rows)
{
    private sealed class Line
    {
        /// <summary>One entry a cell; the second cell of a wide character is empty.</summary>
        public List<(string Text, string Style)> Cells { get; } = [];

        /// <summary>Goes on in the next line.</summary>
        public bool Wraps { get; set; }
    }

    private readonly List<Line> lines = [new()];
    private int top;
    private bool wrapPending;
    private string style = "";

    /// <summary>The width in cells.</summary>
    public int Columns { get; private set; } = columns;

    /// <summary>The height of the screen.</summary>
    public int Rows { get; private set; } = rows;

    /// <summary>Counted from the top of the screen.</summary>
    public int CursorRow { get; private set; }

    /// <summary>Counted from the left.</summary>
    public int CursorColumn { get; private set; }

    /// <summary>Whether the cursor is seen.</summary>
    public bool CursorShown { get; private set; } = true;

    /// <summary>Whether characters beyond the edge go to the next line.</summary>
    public bool AutoWrap { get; private set; } = true;

    /// <summary>The visible rows, without blanks at their ends.</summary>
    public string[] Screen => [.. Enumerable.Range(0, Rows).Select(i => top + i < lines.Count ? TextOf(lines[top + i]) : "")];

    /// <summary>The visible rows as one text, without empty rows at the end.</summary>
    public string ScreenText => string.Join('\n', Screen).TrimEnd('\n');

    /// <summary>Scrollback and screen; lines that the terminal wrapped are joined; empty ones at the end left out.</summary>
    public List<string> AllLines
    {
        get
        {
            var all = new List<string>();
            var joined = new StringBuilder();
            foreach (var line in lines)
            {
                joined.Append(TextOf(line, trim: !line.Wraps));
                if (!line.Wraps)
                {
                    all.Add(joined.ToString());
                    joined.Clear();
                }
            }

            while (all.Count > 0 && all[^1].Length == 0)
            {
                all.RemoveAt(all.Count - 1);
            }

            return all;
        }
    }

    /// <summary>The style of a visible cell: SGR parameters, empty for none.</summary>
    public string StyleAt(int row, int column) => lines[top + row].Cells[column].Style;

    /// <summary>How often the bell rang.</summary>
    public int Bells { get; private set; }

    /// <summary>What the person was called with (OSC 9).</summary>
    public List<string> Called { get; } = [];

    /// <summary>Does what a program wrote.</summary>
    public void Write(string output)
    {
        for (var i = 0; i < output.Length;)
        {
            if (output[i] == '\a')
            {
                Bells++;
                i++;
            }
            else if (output.AsSpan(i).StartsWith("\x1b]9;", StringComparison.Ordinal))
            {
                var end = output.IndexOf('\a', i);
                Called.Add(output[(i + 4)..end]);
                i = end + 1;
            }
            else if (output[i] == '\x1b')
            {
                i = Escape(output, i + 1);
            }
            else if (output[i] == '\r')
            {
                CursorColumn = 0;
                wrapPending = false;
                i++;
            }
            else if (output[i] == '\n')
            {
                LineFeed();
                i++;
            }
            else if (char.IsControl(output[i]))
            {
                throw new InvalidOperationException($"Control character {(int)output[i]:X2} reached the terminal.");
            }
            else
            {
                var length = StringInfo.GetNextTextElementLength(output, i);
                Put(output.Substring(i, length));
                i += length;
            }
        }
    }

    /// <summary>Another size. Lines wrap anew, the cursor stays at its character.</summary>
    public void Resize(int newColumns, int newRows)
    {
        var cursorLine = top + CursorRow;
        var wrapped = new List<Line>();
        var (newLine, newColumn) = (0, 0);
        for (var i = 0; i < lines.Count; i++)
        {
            var cells = new List<(string, string)>();
            var cursorAt = -1;
            for (; ; i++)
            {
                if (i == cursorLine)
                {
                    cursorAt = cells.Count + CursorColumn;
                }

                cells.AddRange(lines[i].Cells);
                if (!lines[i].Wraps || i + 1 == lines.Count)
                {
                    break;
                }
            }

            var first = wrapped.Count;
            Wrap(cells, newColumns, wrapped);
            if (cursorAt >= 0)
            {
                newLine = first + Math.Min(cursorAt / newColumns, wrapped.Count - first - 1);
                newColumn = Math.Min(cursorAt - ((newLine - first) * newColumns), newColumns - 1);
            }
        }

        lines.Clear();
        lines.AddRange(wrapped);
        while (lines.Count - 1 > newLine && lines[^1].Cells.Count == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        (Columns, Rows) = (newColumns, newRows);
        top = Math.Max(lines.Count - newRows, 0);
        top = Math.Min(top, newLine);
        CursorRow = newLine - top;
        CursorColumn = newColumn;
        wrapPending = false;
    }

    private static void Wrap(List<(string, string)> cells, int columns, List<Line> into)
    {
        var line = new Line();
        into.Add(line);
        foreach (var cell in cells)
        {
            if (line.Cells.Count == columns)
            {
                line.Wraps = true;
                line = new Line();
                into.Add(line);
            }

            line.Cells.Add(cell);
        }
    }

    private static string TextOf(Line line, bool trim = true)
    {
        var text = string.Concat(line.Cells.Select(c => c.Text));
        return trim ? text.TrimEnd(' ') : text;
    }

    private int Escape(string output, int at)
    {
        if (output[at] != '[')
        {
            throw new InvalidOperationException($"An escape sequence that Berth does not write: ESC {output[at]}");
        }

        var end = at + 1;
        while (output[end] is < '@' or > '~')
        {
            end++;
        }

        var parameters = output[(at + 1)..end];
        Do(output[end], parameters);
        return end + 1;
    }

    private void Do(char final, string parameters)
    {
        var count = parameters.Length > 0 && char.IsAsciiDigit(parameters[0]) ? int.Parse(parameters.Split(';')[0], CultureInfo.InvariantCulture) : 0;
        switch (final, parameters)
        {
            case ('A', _):
                CursorRow = Math.Max(CursorRow - Math.Max(count, 1), 0);
                wrapPending = false;
                break;
            case ('B', _):
                CursorRow = Math.Min(CursorRow + Math.Max(count, 1), Rows - 1);
                wrapPending = false;
                break;
            case ('G', _):
                CursorColumn = Math.Min(Math.Max(count, 1), Columns) - 1;
                wrapPending = false;
                break;
            case ('H', ""):
                (CursorRow, CursorColumn) = (0, 0);
                wrapPending = false;
                break;
            case ('J', ""):
                EraseBelow();
                break;
            case ('K', ""):
                EraseRight();
                break;
            case ('m', _) when !parameters.StartsWith('>'):
                style = parameters is "" or "0" ? "" : parameters.StartsWith("0;", StringComparison.Ordinal) ? parameters[2..] : parameters;
                break;
            case ('h' or 'l', "?25"):
                CursorShown = final == 'h';
                break;
            case ('h' or 'l', "?7"):
                AutoWrap = final == 'h';
                break;
            case ('h' or 'l', "?2026" or "?2004"):
            case ('m', ">4;1" or ">4;0"):
            case ('u', ">1" or "<"):
                break;
            default:
                throw new InvalidOperationException($"An escape sequence that Berth does not write: CSI {parameters}{final}");
        }
    }

    private void Put(string cluster)
    {
        var width = Widths.Of(cluster);
        if (AutoWrap && (wrapPending || CursorColumn + width > Columns))
        {
            Current.Wraps = true;
            LineFeed();
            CursorColumn = 0;
        }

        var cells = Current.Cells;
        while (cells.Count < CursorColumn + width)
        {
            cells.Add((" ", ""));
        }

        if (CursorColumn + width > Columns)
        {
            throw new InvalidOperationException($"'{cluster}' was written beyond the screen's edge.");
        }

        cells[CursorColumn] = (cluster, style);
        for (var i = 1; i < width; i++)
        {
            cells[CursorColumn + i] = ("", style);
        }

        wrapPending = CursorColumn + width == Columns;
        CursorColumn = Math.Min(CursorColumn + width, Columns - 1);
    }

    private Line Current
    {
        get
        {
            while (lines.Count <= top + CursorRow)
            {
                lines.Add(new Line());
            }

            return lines[top + CursorRow];
        }
    }

    private void LineFeed()
    {
        wrapPending = false;
        if (CursorRow == Rows - 1)
        {
            _ = Current;
            top++;
        }
        else
        {
            CursorRow++;
        }

        _ = Current;
    }

    // tmux keeps what a cleared screen showed in its scrollback.
    private void EraseBelow()
    {
        if (CursorRow == 0 && CursorColumn == 0)
        {
            while (lines.Count > top && TextOf(lines[^1]).Length == 0)
            {
                lines.RemoveAt(lines.Count - 1);
            }

            top = lines.Count;
            _ = Current;
            return;
        }

        EraseRight();
        if (lines.Count > top + CursorRow + 1)
        {
            lines.RemoveRange(top + CursorRow + 1, lines.Count - (top + CursorRow + 1));
        }
    }

    private void EraseRight()
    {
        if (wrapPending)
        {
            throw new InvalidOperationException("An erase at the edge takes the last character on some terminals.");
        }

        var line = Current;
        line.Wraps = false;
        if (CursorColumn == 0)
        {
            line.Cells.Clear();
            return;
        }

        // As in tmux: cells that are erased one by one are blanks, and count when the line wraps anew.
        for (var i = CursorColumn; i < line.Cells.Count; i++)
        {
            line.Cells[i] = (" ", "");
        }
    }
}
