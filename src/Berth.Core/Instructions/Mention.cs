using System.Globalization;

namespace Berth.Core.Instructions;

/// <summary>A file or directory that a message names with <c>@</c>, and that is there.</summary>
/// <param name="Path">Absolute, as the person named it: links are not resolved.</param>
/// <param name="First">The first line wanted, from 1.</param>
/// <param name="Last">The last line wanted; null: to the end.</param>
internal sealed record Mention(string Path, bool IsDirectory, int First = 1, int? Last = null);

/// <summary>Finds mentions in what a person typed.</summary>
internal static class MentionParser
{
    private const int LongestPath = 1_000;
    private const string Punctuation = ".,;:!?)]}>'\"`…，。；：！？）】」』》、";

    /// <summary>The mentions in a text, in their order. What names nothing that exists is no mention.</summary>
    /// <param name="directory">What paths are relative to; absolute.</param>
    /// <param name="home">What <c>~</c> means; null: nothing.</param>
    public static IEnumerable<Mention> Find(string text, string directory, string? home)
    {
        for (var at = text.IndexOf('@'); at >= 0; at = text.IndexOf('@', at + 1))
        {
            // Not in the middle of a word: addresses and handles have one there.
            if (at > 0 && (char.IsAsciiLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '-' or '.' or '@' or '/'))
            {
                continue;
            }

            var mention = Spellings(text.AsSpan(at + 1)).Select(one => Existing(one, directory, home))
                .FirstOrDefault(one => one is not null);
            if (mention is not null)
            {
                yield return mention;
            }
        }
    }

    /// <summary>What may be meant by the text behind an <c>@</c>: the whole word, or less of it at its end.</summary>
    private static List<string> Spellings(ReadOnlySpan<char> rest)
    {
        var spellings = new List<string>();
        if (rest.StartsWith("\""))
        {
            var quote = rest[1..].IndexOf('"');
            if (quote > 0 && quote <= LongestPath)
            {
                // A range stands behind the closing quotation mark.
                var range = rest[(quote + 2)..];
                var digits = range.StartsWith(":") ? range[1..].IndexOfAnyExcept("0123456789-") : 0;
                digits = digits < 0 ? range.Length - 1 : digits;
                if (digits > 0)
                {
                    spellings.Add($"{rest[1..(quote + 1)]}{range[..(digits + 1)]}");
                }

                spellings.Add(rest[1..(quote + 1)].ToString());
            }

            return spellings;
        }

        var end = 0;
        while (end < rest.Length && end < LongestPath && !char.IsWhiteSpace(rest[end]))
        {
            end++;
        }

        var word = rest[..end];
        while (word.Length > 0)
        {
            spellings.Add(word.ToString());
            if (!Punctuation.Contains(word[^1]))
            {
                break;
            }

            word = word[..^1];
        }

        // Scripts without spaces go on right behind the path.
        var plain = 0;
        while (plain < end && (char.IsAscii(rest[plain]) && !char.IsControl(rest[plain])))
        {
            plain++;
        }

        if (plain > 0 && plain < end)
        {
            spellings.Add(rest[..plain].ToString());
        }

        return spellings;
    }

    private static Mention? Existing(string spelling, string directory, string? home)
    {
        if (At(spelling, directory, home) is { } whole)
        {
            return whole;
        }

        var colon = spelling.LastIndexOf(':');
        return colon > 0 && Range(spelling[(colon + 1)..]) is var (first, last)
            && At(spelling[..colon], directory, home) is { IsDirectory: false } file
            ? file with { First = first, Last = last }
            : null;
    }

    private static Mention? At(string spelling, string directory, string? home)
    {
        if (spelling.Length == 0 || spelling.Contains('\0'))
        {
            return null;
        }

        var isHome = home is not null && (spelling == "~" || spelling.StartsWith("~/"));
        var path = isHome ? Path.Combine(home!, spelling[1..].TrimStart('/')) : spelling;
        path = Path.GetFullPath(path, directory);
        return Directory.Exists(path) ? new Mention(Path.TrimEndingDirectorySeparator(path), IsDirectory: true)
            : File.Exists(path) && !spelling.EndsWith('/') ? new Mention(path, IsDirectory: false)
            : null;
    }

    /// <summary><c>10-40</c>, <c>10-</c> or <c>10</c>.</summary>
    private static (int First, int? Last)? Range(string text)
    {
        var dash = text.IndexOf('-');
        var first = Number(dash < 0 ? text : text[..dash]);
        if (first is null || dash < 0)
        {
            return first is null ? null : (first.Value, first);
        }

        var last = Number(text[(dash + 1)..]);
        return dash == text.Length - 1 ? (first.Value, null) : last >= first ? (first.Value, last) : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
