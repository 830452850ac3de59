using System.Text.RegularExpressions;
using Berth.Protocol;

namespace Berth.Core.Tools.Search;

/// <summary>
/// A regular expression that is matched line by line. Where the expression allows it, in time that grows with the
/// line's length only; else every line has a time-out.
/// </summary>
internal sealed class LinePattern
{
    private const int Longest = 10_000;

    private readonly Regex regex;
    private readonly Regex? wholeText;

    private LinePattern(string text, Regex regex, Regex? wholeText)
    {
        Text = text;
        this.regex = regex;
        this.wholeText = wholeText;
    }

    /// <summary>The expression as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads an expression: .NET's language, and <c>(?P&lt;name&gt;…)</c>.</summary>
    /// <exception cref="FormatException">It is none; the message says why.</exception>
    public static LinePattern Parse(string text)
    {
        if (text.Length > Longest)
        {
            throw new FormatException($"The pattern is longer than {Longest} characters.");
        }

        if (text.Contains('\n'))
        {
            throw new FormatException("The pattern contains a line end, but lines are searched one by one.");
        }

        const RegexOptions Plain = RegexOptions.CultureInvariant;
        var expression = text.Replace("(?P<", "(?<");
        try
        {
            var byLine = new Regex(expression, Plain | RegexOptions.NonBacktracking);
            return new LinePattern(text, byLine, CanLookAtWhole(expression)
                ? new Regex(expression, Plain | RegexOptions.NonBacktracking | RegexOptions.Multiline)
                : null);
        }
        catch (NotSupportedException)
        {
            // Look-around, back references, or too large for the other way: the clock is the bound.
            return new LinePattern(text, new Regex(expression, Plain, Limits.PatternTime), null);
        }
        catch (RegexParseException e)
        {
            throw new FormatException($"The pattern is no regular expression: {e.Message} Escape characters that are meant themselves with '\\'.", e);
        }
    }

    /// <summary>Whether a line matches.</summary>
    /// <exception cref="RegexMatchTimeoutException">It takes too long.</exception>
    public bool Matches(ReadOnlySpan<char> line) => regex.IsMatch(line);

    /// <summary>Where the first match in a line begins; 0 when that cannot be told.</summary>
    public int FirstIn(ReadOnlySpan<char> line)
    {
        foreach (var match in regex.EnumerateMatches(line))
        {
            return match.Index;
        }

        return 0;
    }

    /// <summary>Whether any line of a text may match; false is certain.</summary>
    public bool MayMatch(ReadOnlySpan<char> text) => wholeText is null || text.Contains('\r') || wholeText.IsMatch(text);

    // Anchors of the whole text mean other places there than in a line.
    private static bool CanLookAtWhole(string expression) =>
        !expression.Contains("\\A") && !expression.Contains("\\z") && !expression.Contains("\\Z") && !expression.Contains("(?");
}
