using Berth.Rendering;
using Markdig.Extensions.Tables;
using Markdig.Syntax;

namespace Berth.Views;

/// <summary>A Markdown table: columns as wide as what is in them; too wide for the screen, cells break.</summary>
internal static class MarkdownTable
{
    private const int Gap = 3;
    private const int NarrowestColumn = 4;

    /// <summary>Adds the table's rows.</summary>
    public static void Draw(Table table, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        var cells = Cells(table);
        if (cells.Count == 0)
        {
            return;
        }

        var room = columns - new Row(rest).Width;
        var widths = ColumnWidths(cells, room);
        if (widths is null)
        {
            DrawAsLines(cells, columns, rows, first, rest);
            return;
        }

        for (var i = 0; i < cells.Count; i++)
        {
            DrawRow(cells[i], widths, table, rows, i == 0 ? first : rest, rest);
            if (i == 0)
            {
                rows.Add(Rule(widths).After(rest));
            }
        }
    }

    private static List<List<Row>> Cells(Table table)
    {
        var cells = new List<List<Row>>();
        foreach (var block in table)
        {
            if (block is not TableRow row)
            {
                continue;
            }

            var line = new List<Row>();
            foreach (var child in row)
            {
                line.Add(child is TableCell cell ? Inside(cell, row.IsHeader) : Row.Empty);
            }

            cells.Add(line);
        }

        return cells;
    }

    private static Row Inside(TableCell cell, bool isHeader)
    {
        var pieces = new List<Piece>();
        foreach (var block in cell)
        {
            if (block is not LeafBlock leaf)
            {
                continue;
            }

            foreach (var line in MarkdownInlines.Lines(leaf.Inline, isHeader ? Style.Bold : Style.Plain))
            {
                pieces.AddRange(line.Pieces);
            }
        }

        return new Row([.. pieces]);
    }

    // The widest column gives way first; null when there is no room for a table at all.
    private static int[]? ColumnWidths(List<List<Row>> cells, int room)
    {
        var count = 0;
        foreach (var line in cells)
        {
            count = Math.Max(count, line.Count);
        }

        var widths = new int[count];
        var total = (count - 1) * Gap;
        for (var column = 0; column < count; column++)
        {
            foreach (var line in cells)
            {
                widths[column] = Math.Max(widths[column], column < line.Count ? line[column].Width : 0);
            }

            widths[column] = Math.Max(widths[column], 1);
            total += widths[column];
        }

        while (total > room)
        {
            var widest = 0;
            for (var column = 1; column < count; column++)
            {
                widest = widths[column] > widths[widest] ? column : widest;
            }

            if (widths[widest] <= NarrowestColumn)
            {
                return null;
            }

            widths[widest]--;
            total--;
        }

        return widths;
    }

    private static void DrawRow(List<Row> line, int[] widths, Table table, List<Row> rows, Piece[] first, Piece[] rest)
    {
        var broken = new List<Row>[widths.Length];
        var height = 1;
        for (var column = 0; column < widths.Length; column++)
        {
            broken[column] = [];
            Wrapping.Words(column < line.Count ? line[column] : Row.Empty, widths[column], broken[column]);
            height = Math.Max(height, broken[column].Count);
        }

        for (var i = 0; i < height; i++)
        {
            var pieces = new List<Piece>(rows.Count == 0 || i == 0 ? first : rest);
            for (var column = 0; column < widths.Length; column++)
            {
                if (column > 0)
                {
                    pieces.Add(new Piece(" │ ", Style.Dim));
                }

                var cell = i < broken[column].Count ? broken[column][i] : Row.Empty;
                var blanks = Math.Max(widths[column] - cell.Width, 0);
                var left = Alignment(table, column) switch
                {
                    TableColumnAlign.Right => blanks,
                    TableColumnAlign.Center => blanks / 2,
                    _ => 0,
                };
                pieces.Add(new Piece(new string(' ', left)));
                pieces.AddRange(cell.Pieces);
                if (column + 1 < widths.Length)
                {
                    pieces.Add(new Piece(new string(' ', blanks - left)));
                }
            }

            rows.Add(new Row([.. pieces]));
        }
    }

    private static TableColumnAlign? Alignment(Table table, int column) =>
        column < table.ColumnDefinitions.Count ? table.ColumnDefinitions[column].Alignment : null;

    private static Row Rule(int[] widths)
    {
        var rule = "";
        for (var column = 0; column < widths.Length; column++)
        {
            rule += (column > 0 ? "─┼─" : "") + new string('─', widths[column]);
        }

        return new Row(rule, Style.Dim);
    }

    private static void DrawAsLines(List<List<Row>> cells, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        foreach (var line in cells)
        {
            var pieces = new List<Piece>();
            foreach (var cell in line)
            {
                pieces.AddRange(cell.Pieces);
                pieces.Add(new Piece("  "));
            }

            Wrapping.Words(new Row([.. pieces]), columns, rows, first, rest);
            first = rest;
        }
    }
}
