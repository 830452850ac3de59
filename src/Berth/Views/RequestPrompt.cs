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
    /// <summary>
    /// Adds the rows: not more than <paramref name="room"/>, as long as that is enough for what is asked and the choices.
    /// Whatever is left out says so: a person must not judge a command by its end.
    /// </summary>
    public void Draw(int columns, int room, List<Row> rows)
    {
        var choices = new List<Row>();
        DrawChoices(columns, choices);
        var why = new List<Row>();
        if (Request.Why is { Length: > 0 } words)
        {
            Wrapping.Words(new Row(words, Style.Dim), columns, why, [new Piece("  ")], [new Piece("  ")]);
        }

        var fewest = HasDetail ? 1 : 0;
        var left = Math.Max(room - choices.Count, 1 + fewest);
        var head = Head(columns);
        Cut(head, Math.Max(left - Math.Min(why.Count, 1) - fewest, 1), columns);
        left -= head.Count;
        var shown = Math.Clamp(left - fewest, 0, why.Count);
        if (shown > 0 && shown < why.Count)
        {
            why[shown - 1] = new Row([.. why[shown - 1].Pieces, new Piece(" …", Style.Dim)]).CutTo(columns);
        }

        rows.AddRange(head);
        DrawDetail(columns, Math.Max(left - shown, fewest), rows);
        rows.AddRange(why.GetRange(0, shown));
        rows.AddRange(choices);
    }

    /// <summary>Adds the whole detail: what is judged must be readable to its end.</summary>
    public static void DrawDetail(RequestOpened request, int columns, List<Row> rows)
    {
        Piece[] indent = [new Piece("  ")];
        var isDiff = request.Detail.StartsWith("---", StringComparison.Ordinal) || request.Detail.Contains("\n@@ ")
            || request.Detail.StartsWith("@@ ", StringComparison.Ordinal);
        var number = 0;
        foreach (var line in Wrapping.Lines(request.Detail.TrimEnd('\n')))
        {
            // The names of the two files are no change.
            var isName = number++ < 2 && (line.StartsWith("--- ", StringComparison.Ordinal) || line.StartsWith("+++ ", StringComparison.Ordinal));
            CodeView.Line(line, columns, rows, indent, indent, isDiff && !isName);
        }
    }

    private bool HasDetail => Request.Detail.Trim() is { Length: > 0 } detail && detail != Request.Title.Trim();

    private List<Row> Head(int columns)
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

        return head;
    }

    private void DrawDetail(int columns, int room, List<Row> rows)
    {
        if (HasDetail)
        {
            var all = new List<Row>();
            DrawDetail(Request, columns, all);
            Cut(all, room, columns);
            rows.AddRange(all);
        }
    }

    private static void Cut(List<Row> rows, int most, int columns)
    {
        if (rows.Count > most)
        {
            var left = rows.Count - most + 1;
            rows.RemoveRange(most - 1, left);
            rows.Add(new Row($"    … {Figures.Plural(left, "more line")}; v shows all", Style.Dim).CutTo(columns));
        }
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
