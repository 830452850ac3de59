using System.Text.RegularExpressions;

namespace Berth.Core.Tasks;

/// <summary>Matches in lines of any length, and what is shown of them.</summary>
internal static class LongLine
{
    /// <summary>So much of one line is looked through, in UTF-16 units.</summary>
    public const int Searched = 1_000_000;

    private const int Before = OutputLines.LongestLine / 4;

    /// <summary>The line when it matches, a long one cut around the match with what is left out; else null.</summary>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long on it.</exception>
    public static string? Matched(string line, Regex pattern)
    {
        var match = pattern.Match(line);
        if (!match.Success || line.Length <= OutputLines.LongestLine)
        {
            return match.Success ? line : null;
        }

        var from = Math.Max(0, match.Index - Before);
        from += from > 0 && char.IsLowSurrogate(line[from]) ? 1 : 0;
        var to = Math.Min(line.Length, from + OutputLines.LongestLine);
        to -= to < line.Length && char.IsHighSurrogate(line[to - 1]) ? 1 : 0;
        return (from == 0 ? "" : $"[{from} characters …] ") + line[from..to]
            + (to == line.Length ? "" : $" [… {line.Length - to} more characters]");
    }
}
