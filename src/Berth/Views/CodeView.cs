using Berth.Rendering;

namespace Berth.Views;

/// <summary>A line of code: broken at the edge only, its blanks kept. Lines of a diff are coloured.</summary>
internal static class CodeView
{
    private const string Indent = "  ";

    /// <summary>Adds the rows of one line.</summary>
    public static void Line(
        string line, int columns, List<Row> rows, Piece[] first, Piece[] rest, bool diff = false)
    {
        if (line.Length == 0 && new Row(first).Text.Trim().Length == 0)
        {
            rows.Add(Row.Empty);
            return;
        }

        var style = !diff ? Style.Plain : line.Length == 0 ? Style.Plain : line[0] switch
        {
            '+' => new Style(Color.Green),
            '-' => new Style(Color.Red),
            '@' => new Style(Color.Cyan),
            _ => Style.Plain,
        };
        var indent = new Piece(Indent);
        Wrapping.Characters(
            new Row(Wrapping.ExpandTabs(line), style), columns, rows, [.. first, indent], [.. rest, indent]);
    }

    /// <summary>Adds the row that begins a block of code, when it says its language.</summary>
    public static void Begin(string language, int columns, List<Row> rows)
    {
        if (language.Length > 0)
        {
            rows.Add(new Row(Indent + language, Style.Dim).CutTo(columns));
        }
    }

    /// <summary>Whether a block of that language is a diff.</summary>
    public static bool IsDiff(string language) => language is "diff" or "patch";
}
