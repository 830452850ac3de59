using Berth.Rendering;

namespace Berth.Editor;

/// <summary>Places in a text: the next cluster, word and line end to either side of a place.</summary>
internal static class Words
{
    /// <summary>The beginning of the cluster left of a place.</summary>
    public static int ClusterLeft(string text, int place)
    {
        if (place <= 0)
        {
            return 0;
        }

        // Clusters can only be cut from the left, so begin at the line's start; a line end is a cluster of its own.
        if (text[place - 1] < 0x80)
        {
            return place - 1;
        }

        var at = LineStart(text, place);
        while (true)
        {
            var next = at + Widths.NextCluster(text.AsSpan(at));
            if (next >= place)
            {
                return at;
            }

            at = next;
        }
    }

    /// <summary>The end of the cluster right of a place.</summary>
    public static int ClusterRight(string text, int place) =>
        place >= text.Length ? text.Length : place + Widths.NextCluster(text.AsSpan(place));

    /// <summary>The beginning of the word left of a place: letters and digits, as readline has it.</summary>
    public static int WordLeft(string text, int place)
    {
        while (place > 0 && !IsWord(text[place - 1]))
        {
            place--;
        }

        while (place > 0 && IsWord(text[place - 1]))
        {
            place--;
        }

        return place;
    }

    /// <summary>The beginning of the run without blanks left of a place (Ctrl+W).</summary>
    public static int BigWordLeft(string text, int place)
    {
        while (place > 0 && char.IsWhiteSpace(text[place - 1]))
        {
            place--;
        }

        while (place > 0 && !char.IsWhiteSpace(text[place - 1]))
        {
            place--;
        }

        return place;
    }

    /// <summary>The end of the word right of a place.</summary>
    public static int WordRight(string text, int place)
    {
        while (place < text.Length && !IsWord(text[place]))
        {
            place++;
        }

        while (place < text.Length && IsWord(text[place]))
        {
            place++;
        }

        return place;
    }

    /// <summary>The beginning of the line a place is in.</summary>
    public static int LineStart(string text, int place) =>
        place <= 0 ? 0 : text.LastIndexOf('\n', place - 1) + 1;

    /// <summary>The end of the line a place is in.</summary>
    public static int LineEnd(string text, int place)
    {
        var end = text.IndexOf('\n', place);
        return end < 0 ? text.Length : end;
    }

    // Marks and surrogates stay with their letter.
    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_' || Draft.IsPaste(c) || char.IsSurrogate(c)
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark
            or System.Globalization.UnicodeCategory.SpacingCombiningMark;
}
