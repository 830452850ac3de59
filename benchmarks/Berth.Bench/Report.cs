using System.Globalization;
using System.Text;

namespace Berth.Bench;

/// <summary>The one table that <c>./bench</c> prints.</summary>
internal static class Report
{
    private static readonly string[] Head = ["what", "measured", "floor", "× floor", "aim", ""];

    /// <summary>The figures as a Markdown table whose columns stand below each other.</summary>
    public static string Table(IReadOnlyList<Figure> figures)
    {
        List<string[]> rows = [Head, .. figures.Select(Row)];
        var widths = Enumerable.Range(0, Head.Length).Select(c => rows.Max(r => r[c].Length)).ToArray();
        var text = new StringBuilder();
        for (var i = 0; i < rows.Count; i++)
        {
            Line(text, rows[i].Select((cell, c) => c is 0 or 2 or 5 ? cell.PadRight(widths[c]) : cell.PadLeft(widths[c])));
            if (i == 0)
            {
                Line(text, widths.Select((w, c) => c is 0 or 2 or 5 ? new string('-', w) : new string('-', w - 1) + ":"));
            }
        }

        return text.ToString();
    }

    /// <summary>A value with its unit.</summary>
    public static string Value(double value, Unit unit)
    {
        var digits = Math.Abs(value) switch
        {
            < 10 => "0.00",
            < 100 => "0.0",
            _ => "0",
        };
        return value.ToString(digits, CultureInfo.InvariantCulture) + unit switch
        {
            Unit.Milliseconds => " ms",
            Unit.Microseconds => " µs",
            Unit.Seconds => " s",
            _ => " MB",
        };
    }

    private static string[] Row(Figure figure) =>
    [
        figure.What,
        Value(figure.Value, figure.Unit),
        figure.Floor is { } floor ? $"{Value(floor.Value, figure.Unit)} {floor.Name}" : "",
        figure.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) : "",
        figure.Aim switch
        {
            Aim.AtMost aim => $"≤ {Value(aim.Value, figure.Unit)}",
            Aim.Above aim => $"≤ floor + {Value(aim.Value, figure.Unit)}",
            Aim.Times aim => $"≤ {aim.Factor.ToString("0.00", CultureInfo.InvariantCulture)} × floor",
            _ => "",
        },
        figure.IsMet switch
        {
            true => "met",
            false => "NOT met",
            null => "",
        },
    ];

    private static void Line(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
