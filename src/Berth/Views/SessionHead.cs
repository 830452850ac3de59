using Berth.Rendering;

namespace Berth.Views;

/// <summary>The rows above a session's history.</summary>
internal static class SessionHead
{
    /// <summary>A rule with the session's id and name.</summary>
    public static Row Rule(string id, string? name, int columns)
    {
        var title = name is { Length: > 0 } ? $"[{id}] {name}" : $"[{id}]";
        return Rule(title, Style.Bold, columns);
    }

    /// <summary>A rule across the screen with words in it.</summary>
    public static Row Rule(string words, Style style, int columns)
    {
        var row = new Row(new Piece("── ", Style.Dim), new Piece(words, style), new Piece(" ", Style.Dim)).CutTo(columns);
        return new Row([.. row.Pieces, new Piece(new string('─', Math.Max(columns - row.Width, 0)), Style.Dim)]);
    }

    /// <summary>Says where the part of the history is that is not drawn.</summary>
    public static Row Omitted(string id) =>
        new($"Earlier history is not drawn here: berth logs {id} shows all of it.", Style.Dim);
}
