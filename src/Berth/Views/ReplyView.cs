using Berth.Protocol.Messages;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>What a line answered.</summary>
internal static class ReplyView
{
    private const string StateMark = "(state: ";

    /// <summary>Adds the reply's rows.</summary>
    public static void Draw(Reply reply, int columns, List<Row> rows)
    {
        if (reply.Error is { } error)
        {
            Draw(error, columns, rows);
        }

        Lines(reply.Lines, columns, rows);
        if (reply.Table is { } table)
        {
            TableView.Draw(table, columns, rows);
        }

        Lines(reply.After, columns, rows);
    }

    /// <summary>Adds what went wrong and what to do.</summary>
    public static void Draw(ErrorInfo error, int columns, List<Row> rows)
    {
        Wrapping.Words(new Row(error.What, Palette.Error), columns, rows);
        if (error.Hint is { Length: > 0 } hint)
        {
            foreach (var line in Wrapping.Lines(hint))
            {
                Wrapping.Words(new Row(line, Style.Dim), columns, rows);
            }
        }
    }

    private static void Lines(IReadOnlyList<string>? lines, int columns, List<Row> rows)
    {
        foreach (var text in lines ?? [])
        {
            foreach (var line in Wrapping.Lines(text))
            {
                Wrapping.Words(Coloured(line), columns, rows);
            }
        }
    }

    // "[#1] 12d1bd74 (state: running)": the state in its colour.
    private static Row Coloured(string line)
    {
        var mark = line.IndexOf(StateMark, StringComparison.Ordinal);
        var end = mark < 0 ? -1 : line.IndexOf(')', mark);
        if (end < 0)
        {
            return new Row(line);
        }

        var from = mark + StateMark.Length;
        return new Row(
            new Piece(line[..from]), new Piece(line[from..end], Palette.Of(line[from..end])), new Piece(line[end..]));
    }
}
