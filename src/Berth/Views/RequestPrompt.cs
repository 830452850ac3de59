using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>One way to answer a request.</summary>
/// <param name="Key">The character that picks it, besides its number.</param>
/// <param name="Answer">"y", "n" or "a", as <c>/answer</c> has it.</param>
/// <param name="WantsText">Asks for words to the model first.</param>
internal sealed record RequestChoice(char Key, string Answer, string Label, bool WantsText = false)
{
    /// <summary>The choices a request offers, in their order.</summary>
    public static List<RequestChoice> Of(RequestOpened request)
    {
        var choices = new List<RequestChoice> { new('y', "y", "Yes") };
        if (request.Rule is { } rule)
        {
            choices.Add(new RequestChoice('a', "a", $"Yes, and do not ask again in this session for {rule}"));
        }

        choices.Add(new RequestChoice('n', "n", "No"));
        choices.Add(new RequestChoice('t', "n", "No, and tell the model …", WantsText: true));
        return choices;
    }
}

/// <summary>The question a request asks, as it stands above the line.</summary>
/// <param name="Place">"1 of 3", when several wait; else null.</param>
/// <param name="Selected">The choice that Enter takes.</param>
/// <param name="HasFocus">Keys answer it; else they go into the line.</param>
/// <param name="Telling">The line is being written that goes to the model with a "no".</param>
internal sealed record RequestPrompt(RequestOpened Request, string? Place, int Selected, bool HasFocus, bool Telling)
{
    private const int FewestDetailRows = 3;

    /// <summary>Adds the rows: not more than <paramref name="room"/>, as long as that is enough for the choices.</summary>
    public void Draw(int columns, int room, List<Row> rows)
    {
        var head = new List<Row>();
        var mark = new Piece("? ", new Style(Color.Magenta, Emphasis.Bold));
        var title = Request.Title.Length > 0 ? Request.Title : Request.Tool;
        Piece[] first = Request.Agent is { } agent ? [mark, new Piece($"{agent} asks: ", new Style(Color.Magenta))] : [mark];
        Wrapping.Words(new Row(title, Style.Bold), columns, head, first, [new Piece("  ")]);
        if (Place is not null)
        {
            head[0] = new Row([.. head[0].Pieces, new Piece($"  ({Place})", Style.Dim)]).CutTo(columns);
        }

        var tail = new List<Row>();
        if (Request.Why is { Length: > 0 } why)
        {
            Wrapping.Words(new Row(why, Style.Dim), columns, tail, [new Piece("  ")], [new Piece("  ")]);
        }

        DrawChoices(columns, tail);
        rows.AddRange(head);
        DrawDetail(columns, Math.Max(room - head.Count - tail.Count, FewestDetailRows), rows);
        rows.AddRange(tail);
    }

    /// <summary>Adds the whole detail: what is judged must be readable to its end.</summary>
    public static void DrawDetail(RequestOpened request, int columns, List<Row> rows)
    {
        Piece[] indent = [new Piece("  ")];
        var isDiff = request.Detail.StartsWith("---", StringComparison.Ordinal) || request.Detail.Contains("\n@@ ")
            || request.Detail.StartsWith("@@ ", StringComparison.Ordinal);
        foreach (var line in Wrapping.Lines(request.Detail.TrimEnd('\n')))
        {
            CodeView.Line(line, columns, rows, indent, indent, isDiff);
        }
    }

    private void DrawDetail(int columns, int room, List<Row> rows)
    {
        if (Request.Detail.Trim().Length == 0 || Request.Detail.Trim() == Request.Title.Trim())
        {
            return;
        }

        var all = new List<Row>();
        DrawDetail(Request, columns, all);
        if (all.Count <= room)
        {
            rows.AddRange(all);
            return;
        }

        rows.AddRange(all.GetRange(0, room - 1));
        rows.Add(new Row($"    … {Figures.Plural(all.Count - room + 1, "more line")}; v shows all", Style.Dim).CutTo(columns));
    }

    private void DrawChoices(int columns, List<Row> rows)
    {
        if (Telling)
        {
            rows.Add(new Row("  Tell the model instead, then Enter; Esc goes back.", new Style(Color.Magenta)).CutTo(columns));
            return;
        }

        var choices = RequestChoice.Of(Request);
        for (var i = 0; i < choices.Count; i++)
        {
            var isChosen = HasFocus && i == Selected;
            rows.Add(new Row(
                new Piece(isChosen ? "❯ " : "  ", new Style(Color.Magenta)),
                new Piece($"{i + 1}. {choices[i].Label} ", isChosen ? Style.Bold : Style.Plain),
                new Piece($"({choices[i].Key})", Style.Dim)).CutTo(columns));
        }

        if (!HasFocus)
        {
            rows.Add(new Row("  Keys go into your line now; Tab goes to the question.", Style.Dim).CutTo(columns));
        }
    }
}
