using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// A reply's table: columns as wide as their cells, the last one cut to what the screen has left. One whose columns have
/// no names is for reading, as help is: it has no header, and its last column is wrapped.
/// </summary>
internal static class TableView
{
    private const int Gap = 2;
    private const int NarrowestLast = 8;
    private const int NarrowestColumn = 4;
    private const int NarrowestWrapped = 16;

    /// <summary>Adds the header and a row for each row of the table.</summary>
    public static void Draw(Table table, int columns, List<Row> rows)
    {
        var widths = ColumnWidths(table, columns);
        var header = new List<Cell>();
        var isNamed = false;
        foreach (var name in table.Columns)
        {
            header.Add(new Cell(name, "bold"));
            isNamed |= name.Length > 0;
        }

        if (isNamed)
        {
            rows.Add(Line(header, widths, columns));
        }

        foreach (var row in table.Rows)
        {
            if (isNamed)
            {
                rows.Add(Line(row, widths, columns));
            }
            else
            {
                Wrap(row, widths, columns, rows);
            }
        }
    }

    private static void Wrap(IReadOnlyList<Cell> cells, int[] widths, int columns, List<Row> rows)
    {
        var last = Math.Min(cells.Count, widths.Length) - 1;
        if (last < 1)
        {
            Wrapping.Words(Line(cells, widths, int.MaxValue), columns, rows);
            return;
        }

        var before = new List<Cell>(cells) { [last] = new Cell("") };
        before.RemoveRange(last + 1, before.Count - last - 1);
        var left = Line(before, widths, columns);
        var room = columns - left.Width;
        var text = new Row(cells[last].Text, Palette.Of(cells[last].Style));
        if (room < NarrowestWrapped)
        {
            Wrapping.Words(text.After(left.Pieces), columns, rows);
        }
        else
        {
            Wrapping.Words(text, columns, rows, [.. left.Pieces], [new Piece(new string(' ', left.Width))]);
        }
    }

    private static int[] ColumnWidths(Table table, int columns)
    {
        var widths = new int[table.Columns.Count];
        var total = 0;
        for (var i = 0; i < widths.Length; i++)
        {
            widths[i] = Widths.Of(SafeText.Clean(table.Columns[i]));
            foreach (var row in table.Rows)
            {
                widths[i] = i < row.Count ? Math.Max(widths[i], Widths.Of(SafeText.Clean(row[i].Text))) : widths[i];
            }

            total += i < widths.Length - 1 ? widths[i] + Gap : Math.Min(widths[i], NarrowestLast);
        }

        // On a narrow screen the widest of the other columns give way until the last one has a little room.
        while (total > columns)
        {
            var widest = 0;
            for (var i = 1; i < widths.Length - 1; i++)
            {
                widest = widths[i] > widths[widest] ? i : widest;
            }

            if (widths.Length < 2 || widths[widest] <= NarrowestColumn)
            {
                break;
            }

            widths[widest]--;
            total--;
        }

        return widths;
    }

    private static Row Line(IReadOnlyList<Cell> cells, int[] widths, int columns)
    {
        var pieces = new List<Piece>();
        for (var i = 0; i < cells.Count && i < widths.Length; i++)
        {
            var cell = new Row(cells[i].Text, Palette.Of(cells[i].Style));
            var isLast = i == Math.Min(cells.Count, widths.Length) - 1;
            cell = isLast ? cell : cell.CutTo(widths[i]);
            pieces.AddRange(cell.Pieces);
            if (!isLast)
            {
                pieces.Add(new Piece(new string(' ', Math.Max(widths[i] - cell.Width, 0) + Gap)));
            }
        }

        return new Row([.. pieces]).CutTo(columns);
    }
}
