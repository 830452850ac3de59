namespace Berth.Core.Permissions;

/// <summary>
/// Matches rule patterns, in which <c>*</c> stands for any characters, against sketches: texts in which some places
/// are not known before the command runs. <see cref="Unknown"/> and the two glob marks stand in such places.
/// </summary>
internal static class Wildcard
{
    /// <summary>In a sketch: any text, also none.</summary>
    internal const char Unknown = '\0';

    /// <summary>In a sketch: a live <c>*</c> of the shell.</summary>
    internal const char Star = '\u0001';

    /// <summary>In a sketch: a live <c>?</c> or <c>[…]</c> of the shell.</summary>
    internal const char One = '\u0002';

    /// <summary>Whether a character of a sketch stands for text that is not known.</summary>
    internal static bool IsOpen(char c) => c <= One;

    /// <summary>Where the first unknown place of a sketch is; -1 when all of it is known.</summary>
    internal static int FirstOpen(ReadOnlySpan<char> sketch) => sketch.IndexOfAnyInRange(Unknown, One);

    /// <summary>Whether the pattern matches the sketch whatever its unknown places turn out to be.</summary>
    internal static bool Covers(ReadOnlySpan<char> pattern, ReadOnlySpan<char> sketch, Budget budget)
    {
        int p = 0, s = 0, star = -1, resume = 0;
        while (s < sketch.Length)
        {
            budget.Spend();
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = s;
            }
            else if (p < pattern.Length && pattern[p] == sketch[s] && !IsOpen(sketch[s]))
            {
                p++;
                s++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                s = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart('*').IsEmpty;
    }

    /// <summary>Whether the pattern matches the sketch for at least one content of its unknown places.</summary>
    internal static bool Touches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> sketch, Budget budget)
    {
        // Cheap refusals first: the known beginnings and the known ends must agree.
        var known = Math.Min(LiteralLength(pattern), LiteralLength(sketch));
        if (!pattern[..known].SequenceEqual(sketch[..known]))
        {
            return false;
        }

        var tail = Math.Min(LiteralTail(pattern), LiteralTail(sketch));
        if (!pattern[^tail..].SequenceEqual(sketch[^tail..]))
        {
            return false;
        }

        if (FirstOpen(sketch) < 0)
        {
            return Covers(pattern, sketch, budget);
        }

        return Intersect(pattern[known..], sketch[known..], budget);
    }

    /// <summary>Length of a pattern's or sketch's beginning that stands for itself.</summary>
    internal static int LiteralLength(ReadOnlySpan<char> text)
    {
        var end = 0;
        while (end < text.Length && text[end] != '*' && !IsOpen(text[end]))
        {
            end++;
        }

        return end;
    }

    private static int LiteralTail(ReadOnlySpan<char> text)
    {
        var length = 0;
        while (length < text.Length && text[^(length + 1)] != '*' && !IsOpen(text[^(length + 1)]))
        {
            length++;
        }

        return length;
    }

    // Row by row: which beginnings of the sketch can the first p characters of the pattern end at.
    private static bool Intersect(ReadOnlySpan<char> pattern, ReadOnlySpan<char> sketch, Budget budget)
    {
        var reach = new bool[sketch.Length + 1];
        var next = new bool[sketch.Length + 1];
        reach[0] = true;
        OpenForward(reach, sketch);
        foreach (var c in pattern)
        {
            budget.Spend(sketch.Length + 1);
            Array.Clear(next);
            for (var s = 0; s <= sketch.Length; s++)
            {
                if (c == '*')
                {
                    next[s] = reach[s] || (s > 0 && next[s - 1]);
                }
                else if (s < sketch.Length && reach[s])
                {
                    // An unknown place may give this character and more, or give it as its last one.
                    next[s] |= IsOpen(sketch[s]);
                    next[s + 1] |= sketch[s] == c || IsOpen(sketch[s]);
                }
            }

            OpenForward(next, sketch);
            (reach, next) = (next, reach);
        }

        return reach[sketch.Length];
    }

    // An unknown place may be empty. (A live "?" is not, but taking it so only widens the answer.)
    private static void OpenForward(bool[] reach, ReadOnlySpan<char> sketch)
    {
        for (var s = 0; s < sketch.Length; s++)
        {
            if (reach[s] && IsOpen(sketch[s]))
            {
                reach[s + 1] = true;
            }
        }
    }
}
