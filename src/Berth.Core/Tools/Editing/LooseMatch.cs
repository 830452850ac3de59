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
    private readonly bool lacksLineEnd;

    private LooseMatch(string text, string[] wanted, string[] fresh, bool takesLineEnd, bool lacksLineEnd)
    {
        this.text = text;
        this.wanted = wanted;
        this.fresh = fresh;
        this.takesLineEnd = takesLineEnd;
        this.lacksLineEnd = lacksLineEnd;
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
    /// <param name="Joins">The new text lacks the line end that keeps the next line apart (<see cref="LastLineEnd"/>).</param>
    public sealed record Found(IReadOnlyList<int> Lines, LineEnds.Change? Change, bool Joins = false);

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
            takesLineEnd: endsLine && fresh.Length == 0, lacksLineEnd: endsLine && !alsoEnds && fresh.Length > 0);
        foreach (var nearness in Enum.GetValues<Nearness>())
        {
            var places = match.Places(nearness);
            if (places.Count > 0)
            {
                IReadOnlyList<int> found = [.. places.Select(place => place.Line)];
                return places.Count > 1 ? new Found(found, null) : match.FoundAt(places[0].Start, found);
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

    private Found FoundAt(int start, IReadOnlyList<int> found)
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

        if (lacksLineEnd && end < text.Length - 1)
        {
            return new Found(found, null, Joins: true);
        }

        return new Found(found, NewLines(lines) is { } replaced
            ? new LineEnds.Change(start, end - start, string.Join('\n', replaced)) : null);
    }

    // Null when it is not clear how a new line is to be indented: there is no reading, or there are two.
    private List<string>? NewLines(string[] lines)
    {
        var pairs = wanted.Select((line, i) => (Model: line, File: lines[i])).Where(pair => !string.IsNullOrWhiteSpace(pair.Model))
            .Select(pair => (Model: Indents.Of(pair.Model), File: Indents.Of(pair.File))).ToList();
        var kept = LineDiff.Kept(wanted, fresh);
        var reading = NewLines(lines, kept, Indents.Learn(pairs, wanted.Concat(fresh), text), firstIndent: null);

        // A text that begins within its first line lacks that line's indentation, which then says nothing about the others.
        if (pairs.Count < 2 || Indents.Of(wanted[0]).Length > 0 || string.IsNullOrWhiteSpace(wanted[0]))
        {
            return reading;
        }

        var others = Indents.Learn(pairs.Skip(1), wanted.Skip(1).Concat(fresh.Skip(1)), text);
        var other = NewLines(lines, kept, others, pairs[0].File);
        return reading is null || other is null || reading.SequenceEqual(other) ? reading ?? other : null;
    }

    private List<string>? NewLines(string[] lines, int[] kept, Indents? indents, string? firstIndent)
    {
        var result = new List<string>();
        for (var i = 0; i < fresh.Length; i++)
        {
            if (kept[i] >= 0)
            {
                result.Add(lines[kept[i]]);
                continue;
            }

            var indent = Indents.Of(fresh[i]);
            var isBlank = indent.Length == fresh[i].Length;
            var mapped = isBlank ? indent : i == 0 && indent.Length == 0 && firstIndent is not null ? firstIndent : indents?.Map(indent);
            if (mapped is null)
            {
                return null;
            }

            result.Add(mapped + fresh[i][indent.Length..]);
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
