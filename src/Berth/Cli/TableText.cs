using System.Text;
using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.Cli;

/// <summary>A table as lines of text: columns aligned by cells, two blanks between them, coloured by the cells' style.</summary>
internal static class TableText
{
    private const string Gap = "  ";
    private const string Reset = "\x1b[0m";

    /// <summary>The table's lines, each with its line end.</summary>
    /// <param name="width">Cells of a line; the last column is cut to fit. Null: no limit.</param>
    /// <param name="coloured">Whether styles become colours.</param>
    public static string Of(Table table, int? width, bool coloured)
    {
        var rows = new List<IReadOnlyList<Cell>>(table.Rows.Count + 1);
        if (IsNamed(table))
        {
            rows.Add(Head(table.Columns));
        }

        foreach (var row in table.Rows)
        {
            rows.Add(Clean(row));
        }

        var widths = new int[table.Columns.Count];
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Count; i++)
            {
                widths[i] = Math.Max(widths[i], Widths.Of(row[i].Text));
            }
        }

        var text = new StringBuilder();
        foreach (var row in rows)
        {
            Append(text, row, widths, width, coloured);
        }

        return text.ToString();
    }

    private static bool IsNamed(Table table)
    {
        foreach (var name in table.Columns)
        {
            if (name.Length > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One piece of text in its style.</summary>
    public static string Styled(string text, string? style, bool coloured) =>
        coloured && Code(style) is { } code ? $"\x1b[{code}m{text}{Reset}" : text;

    private static void Append(StringBuilder text, IReadOnlyList<Cell> row, int[] widths, int? width, bool coloured)
    {
        var used = 0;
        for (var i = 0; i < row.Count; i++)
        {
            var last = i == row.Count - 1;
            var shown = last && width is { } limit ? Cut(row[i].Text, limit - used) : row[i].Text;
            text.Append(Styled(shown, row[i].Style, coloured));
            if (!last)
            {
                text.Append(' ', widths[i] - Widths.Of(shown)).Append(Gap);
                used += widths[i] + Gap.Length;
            }
        }

        text.Append('\n');
    }

    private static Cell[] Head(IReadOnlyList<string> columns)
    {
        var head = new Cell[columns.Count];
        for (var i = 0; i < head.Length; i++)
        {
            head[i] = new Cell(columns[i], "bold");
        }

        return head;
    }

    // A cell is one line, whatever a session's summary holds.
    private static Cell[] Clean(IReadOnlyList<Cell> row)
    {
        var clean = new Cell[row.Count];
        for (var i = 0; i < clean.Length; i++)
        {
            clean[i] = row[i] with { Text = SafeText.Clean(row[i].Text) };
        }

        return clean;
    }

    private static string Cut(string text, int cells)
    {
        if (Widths.Of(text) <= cells)
        {
            return text;
        }

        var used = 1;
        var end = 0;
        while (end < text.Length)
        {
            var next = Widths.NextCluster(text.AsSpan(end));
            used += Widths.OfCluster(text.AsSpan(end, next));
            if (used > cells)
            {
                break;
            }

            end += next;
        }

        return text[..end].TrimEnd() + "…";
    }

    private static string? Code(string? style) => style switch
    {
        "running" => "33",
        "done" => "32",
        "waiting" => "35",
        "error" or "interrupted" => "31",
        "idle" or "cancelled" or "dim" => "2",
        "bold" => "1",
        _ => null,
    };
}
