namespace Berth.Core.Tools.Editing;

/// <summary>What an edit would make of a text, or why it would make nothing.</summary>
internal abstract record EditPlan
{
    private const int MostPlaces = 10;

    /// <summary>It can be done.</summary>
    /// <param name="Text">The file's text afterwards, with its own line ends.</param>
    /// <param name="Lines">The line numbers at which something is replaced, as they were before.</param>
    /// <param name="IsLoose">The old text was found only when differences in white space were passed over.</param>
    internal sealed record Ready(string Text, IReadOnlyList<int> Lines, bool IsLoose) : EditPlan;

    /// <summary>It cannot be done; the reason is for the model.</summary>
    internal sealed record Refused(string Why) : EditPlan;

    /// <summary>
    /// Replaces a text that stands in a file exactly once (with <paramref name="all"/>: wherever it stands). Line ends do
    /// not count; other white space only where the old text stands nowhere exactly and there is one place for it.
    /// </summary>
    /// <param name="source">The file's text.</param>
    public static EditPlan Make(string source, string old, string fresh, bool all)
    {
        var endOfNew = fresh.Contains("\r\n") ? "\r\n" : "\n";
        old = WithoutMark(old).Replace("\r\n", "\n");
        fresh = fresh.Replace("\r\n", "\n");
        if (old == fresh)
        {
            return new Refused("old_string and new_string are the same text: there is nothing to change.");
        }

        var seen = new LineEnds(source);
        var first = seen.Text.IndexOf(old, StringComparison.Ordinal);
        if (first < 0)
        {
            return Loose(seen, old, fresh, endOfNew);
        }

        if (seen.Text.IndexOf(old, first + 1, StringComparison.Ordinal) < 0)
        {
            return Replace(seen, [first], old, fresh, endOfNew);
        }

        var places = Places(seen.Text, old, first);
        if (all)
        {
            return Replace(seen, places, old, fresh, endOfNew);
        }

        return new Refused(places.Count == 1
            ? $"old_string overlaps itself at line {seen.LineAt(first)}, so it is not clear which part is meant. Give more of the text around it."
            : $"old_string stands in the file {places.Count} times ({InWords(seen, places)}). Give more of the text around the "
            + "one that is meant, or set replace_all to change every one.");
    }

    private static EditPlan Loose(LineEnds seen, string old, string fresh, string endOfNew)
    {
        var found = LooseMatch.Find(seen.Text, old, fresh);
        if (found.Change is { } change)
        {
            var piece = seen.Text.Substring(change.Start, change.Length);
            return piece == change.Text
                ? new Refused($"Nothing to change: line {found.Lines[0]} and what follows is already as new_string says.")
                : new Ready(
                    seen.Apply([.. LineDiff.Changes(change.Start, piece, change.Text)], endOfNew), found.Lines, IsLoose: true);
        }

        if (found.Joins)
        {
            return new Refused(LastLineEnd.Unclear);
        }

        if (found.Lines.Count == 0)
        {
            return new Refused($"old_string does not stand in the file.{NearLines.Hint(seen.Text, old, fresh)}");
        }

        var lines = string.Join(", ", found.Lines.Take(MostPlaces)) + (found.Lines.Count > MostPlaces ? ", …" : "");
        return new Refused(found.Lines.Count > 1
            ? $"old_string does not stand in the file exactly. If white space is passed over, {found.Lines.Count} places are "
            + $"like it (lines {lines}), so it is not clear which is meant. Copy the lines exactly as read shows them."
            : $"old_string does not stand in the file exactly. The lines from {lines} on differ from it in white space only, but "
            + "it is not clear how new_string is to be indented there. Copy the lines exactly as read shows them."
            + NearLines.Hint(seen.Text, old, fresh));
    }

    private static EditPlan Replace(LineEnds seen, List<int> places, string old, string fresh, string endOfNew)
    {
        var changes = new List<LineEnds.Change>();
        var isLoose = false;
        foreach (var place in places)
        {
            if (LastLineEnd.Meant(seen.Text, place, old, fresh) is not var (start, meant))
            {
                return new Refused(LastLineEnd.Unclear);
            }

            isLoose |= start < place;
            changes.AddRange(LineDiff.Changes(start, seen.Text[start..(place + old.Length)], meant));
        }

        return new Ready(seen.Apply(changes, endOfNew), LinesOf(seen, places), isLoose);
    }

    private static List<int> Places(string text, string old, int first)
    {
        var places = new List<int>();
        for (var at = first; at >= 0; at = text.IndexOf(old, at + old.Length, StringComparison.Ordinal))
        {
            places.Add(at);
        }

        return places;
    }

    private static string InWords(LineEnds seen, List<int> places)
    {
        var lines = LinesOf(seen, places.GetRange(0, Math.Min(places.Count, MostPlaces)));
        return $"{(lines.Count == 1 ? "line" : "lines")} {string.Join(", ", lines)}{(places.Count > MostPlaces ? ", …" : "")}";
    }

    // Each line once, counted in one pass.
    private static List<int> LinesOf(LineEnds seen, List<int> places)
    {
        var lines = new List<int>();
        var (at, line) = (0, 1);
        foreach (var place in places)
        {
            line += seen.Text.AsSpan(at, place - at).Count('\n');
            at = place;
            if (lines.Count == 0 || lines[^1] != line)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private static string WithoutMark(string text) => text.StartsWith('\ufeff') ? text[1..] : text;
}
