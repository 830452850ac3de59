namespace Berth.Core.Settings;

/// <summary>Which known names a mistyped one may mean.</summary>
public static class Nearest
{
    private const int LongestWord = 64;

    /// <summary>
    /// Up to three candidates, nearest first: those that differ in few letters (a swap of two neighbours is one
    /// difference); else those that the word begins, or ends after a dot, slash or dash. Empty when none is near.
    /// </summary>
    public static IReadOnlyList<string> Of(string word, IEnumerable<string> candidates)
    {
        if (word.Length is 0 or > LongestWord)
        {
            return [];
        }

        var allowed = Math.Max(1, Math.Min(3, word.Length / 3));
        var near = new List<(int Distance, string Name)>();
        var parts = new List<(int Length, string Name)>();
        foreach (var candidate in candidates)
        {
            var distance = candidate.Length > LongestWord
                ? int.MaxValue
                : Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance <= allowed)
            {
                near.Add((distance, candidate));
            }
            else if (word.Length >= 2 && IsPart(word, candidate))
            {
                parts.Add((candidate.Length, candidate));
            }
        }

        return [.. (near.Count > 0 ? near : parts).OrderBy(one => one.Item1).Select(one => one.Name).Distinct().Take(3)];
    }

    /// <summary><c>; did you mean 'a' or 'b'?</c>, or nothing when no candidate is near.</summary>
    public static string Question(string word, IEnumerable<string> candidates)
    {
        var near = Of(word, candidates);
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(name => $"'{name}'"))}?";
    }

    private static bool IsPart(string word, string candidate)
    {
        if (candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        var at = candidate.Length - word.Length;
        return at > 0 && candidate.EndsWith(word, StringComparison.OrdinalIgnoreCase)
            && candidate[at - 1] is '.' or '/' or '-' or '_';
    }

    /// <summary>Optimal string alignment distance (Damerau-Levenshtein without overlapping swaps).</summary>
    private static int Distance(string a, string b)
    {
        var before = new int[b.Length + 1];
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var column = 0; column <= b.Length; column++)
        {
            previous[column] = column;
        }

        for (var row = 1; row <= a.Length; row++)
        {
            current[0] = row;
            for (var column = 1; column <= b.Length; column++)
            {
                var cost = a[row - 1] == b[column - 1] ? 0 : 1;
                current[column] = Math.Min(
                    Math.Min(current[column - 1] + 1, previous[column] + 1), previous[column - 1] + cost);
                if (row > 1 && column > 1 && a[row - 1] == b[column - 2] && a[row - 2] == b[column - 1])
                {
                    current[column] = Math.Min(current[column], before[column - 2] + 1);
                }
            }

            (before, previous, current) = (previous, current, before);
        }

        return previous[b.Length];
    }
}
