namespace Berth.Core.Tools.Editing;

/// <summary>
/// Finds whole lines that differ from what a model wrote in white space only, and says what to put in their place: lines
/// that the model kept stay as the file has them, new ones get the file's indentation.
/// </summary>
internal sealed class LooseMatch
{
    private readonly string text;
    private readonly string[] wanted;
    private readonly string[] fresh;
    private readonly bool takesLineEnd;

    private LooseMatch(string text, string[] wanted, string[] fresh, bool takesLineEnd)
    {
        this.text = text;
        this.wanted = wanted;
        this.fresh = fresh;
        this.takesLineEnd = takesLineEnd;
    }

    /// <summary>How far the white space may differ, from near to far.</summary>
    private enum Nearness
    {
        LineEnds,
        Indentation,
        Within,
    }

    /// <summary>What was found.</summary>
    /// <param name="Lines">The numbers, from 1, of the lines at which it begins; empty when it stands nowhere.</param>
    /// <param name="Change">The replacement, where there is one place and it is clear; else null.</param>
    public sealed record Found(IReadOnlyList<int> Lines, LineEnds.Change? Change);

    /// <summary>Looks for the lines of <paramref name="old"/>.</summary>
    /// <param name="text">The file, with <c>\n</c> as line end.</param>
    public static Found Find(string text, string old, string fresh)
    {
        var endsLine = old.EndsWith('\n');
        var alsoEnds = endsLine && fresh.EndsWith('\n');
        var lines = (endsLine ? old[..^1] : old).Split('\n');
        if (Array.TrueForAll(lines, string.IsNullOrWhiteSpace))
        {
            return new Found([], null);
        }

        var match = new LooseMatch(
            text, lines, fresh.Length == 0 && endsLine ? [] : (alsoEnds ? fresh[..^1] : fresh).Split('\n'),
            takesLineEnd: endsLine && !alsoEnds);
        foreach (var nearness in Enum.GetValues<Nearness>())
        {
            var places = match.Places(nearness);
            if (places.Count > 0)
            {
                return new Found(
                    [.. places.Select(place => place.Line)], places.Count == 1 ? match.ChangeAt(places[0].Start) : null);
            }
        }

        return new Found([], null);
    }

    private List<(int Start, int Line)> Places(Nearness nearness)
    {
        // The longest line is looked for first: it is the least likely one to stand everywhere.
        var anchor = 0;
        for (var i = 1; i < wanted.Length; i++)
        {
            anchor = wanted[i].AsSpan().Trim().Length > wanted[anchor].AsSpan().Trim().Length ? i : anchor;
        }

        var starts = new Queue<int>();
        var places = new List<(int, int)>();
        var (at, line) = (0, 1);
        while (at <= text.Length)
        {
            starts.Enqueue(at);
            if (starts.Count > anchor + 1)
            {
                starts.Dequeue();
            }

            var end = EndOfLine(at);
            if (starts.Count == anchor + 1 && IsEqual(wanted[anchor], text.AsSpan(at, end - at), nearness)
                && AllEqual(starts.Peek(), nearness))
            {
                places.Add((starts.Peek(), line - anchor));
            }

            at = end + 1;
            line++;
        }

        return places;
    }

    private bool AllEqual(int start, Nearness nearness)
    {
        foreach (var line in wanted)
        {
            if (start > text.Length)
            {
                return false;
            }

            var end = EndOfLine(start);
            if (!IsEqual(line, text.AsSpan(start, end - start), nearness))
            {
                return false;
            }

            start = end + 1;
        }

        return true;
    }

    private LineEnds.Change? ChangeAt(int start)
    {
        var lines = new string[wanted.Length];
        var end = start;
        for (var i = 0; i < lines.Length; i++)
        {
            var begin = i == 0 ? start : end + 1;
            end = EndOfLine(begin);
            lines[i] = text[begin..end];
        }

        if (takesLineEnd)
        {
            end = Math.Min(end + 1, text.Length);
        }

        if (NewLines(lines) is not { } replaced)
        {
            return null;
        }

        return new LineEnds.Change(start, end - start, string.Join('\n', replaced));
    }

    // Null when it is not clear how a new line is to be indented.
    private List<string>? NewLines(string[] lines)
    {
        var written = lines.Select((line, i) => (Model: wanted[i], File: line)).ToList();
        var known = written.Where(pair => !string.IsNullOrWhiteSpace(pair.Model))
            .Select(pair => (Model: Indents.Of(pair.Model), File: Indents.Of(pair.File))).ToList();

        // A first line from which only the indentation was left out teaches nothing about the others.
        var leftOut = known.Count > 1 && Indents.Of(wanted[0]).Length == 0 && !string.IsNullOrWhiteSpace(wanted[0]);
        if (Indents.Learn(leftOut ? known.Skip(1) : known) is not { } indents)
        {
            return null;
        }

        var result = new List<string>();
        var kept = LineDiff.Kept(wanted, fresh);
        for (var i = 0; i < fresh.Length; i++)
        {
            var indent = Indents.Of(fresh[i]);
            var mapped = kept[i] >= 0 || indent.Length == fresh[i].Length ? ""
                : i == 0 && leftOut && indent.Length == 0 ? known[0].File
                : indents.Map(indent);
            if (mapped is null)
            {
                return null;
            }

            result.Add(kept[i] >= 0 ? lines[kept[i]] : mapped + fresh[i][(indent.Length == fresh[i].Length ? 0 : indent.Length)..]);
        }

        return result;
    }

    private int EndOfLine(int start)
    {
        var end = text.IndexOf('\n', start);
        return end < 0 ? text.Length : end;
    }

    private static bool IsEqual(ReadOnlySpan<char> a, ReadOnlySpan<char> b, Nearness nearness) => nearness switch
    {
        Nearness.LineEnds => a.TrimEnd().SequenceEqual(b.TrimEnd()),
        Nearness.Indentation => a.Trim().SequenceEqual(b.Trim()),
        _ => HaveSameWords(a.Trim(), b.Trim()),
    };

    // Equal when every run of white space counts as one space.
    private static bool HaveSameWords(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsWhiteSpace(a[i]) && char.IsWhiteSpace(b[j]))
            {
                i += a[i..].Length - a[i..].TrimStart().Length;
                j += b[j..].Length - b[j..].TrimStart().Length;
            }
            else if (a[i++] != b[j++])
            {
                return false;
            }
        }

        return i == a.Length && j == b.Length;
    }
}
