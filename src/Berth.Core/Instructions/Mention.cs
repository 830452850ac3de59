using System.Globalization;

namespace Berth.Core.Instructions;

/// <summary>What a mention names.</summary>
internal enum MentionKind
{
    /// <summary>Something that may be read as a file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>Nothing, although it looks like a path.</summary>
    Missing,
}

/// <summary>A path that a message names with <c>@</c>.</summary>
/// <param name="Name">As the person wrote it, without the sign and the range.</param>
/// <param name="Path">Absolute; links are not resolved.</param>
/// <param name="First">The first line wanted, from 1.</param>
/// <param name="Last">The last line wanted; null: to the end.</param>
internal sealed record Mention(string Name, string Path, MentionKind Kind, int First = 1, int? Last = null);

/// <summary>Finds mentions in what a person typed.</summary>
internal static class MentionParser
{
    private const int LongestPath = 1_000;
    private const int LongestMissing = 200;
    private const string Punctuation = ".,;:!?)]}>'\"`…，。；：！？）】」』》、";

    /// <summary>
    /// The mentions in a text, in their order. What names nothing that exists is no mention, or a missing one when it
    /// looks as if a path was meant.
    /// </summary>
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

            var spellings = Spellings(text.AsSpan(at + 1));
            var mention = spellings.Select(one => Existing(one, directory, home)).FirstOrDefault(one => one is not null);
            if (mention is not null)
            {
                yield return mention;
            }
            else if (spellings.Count > 0 && LooksMeant(spellings[^1]))
            {
                yield return new Mention(spellings[^1], Path.GetFullPath(spellings[^1], directory), MentionKind.Missing);
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
        if (word.Length > 2 && word.IndexOfAnyExcept('.') < 0)
        {
            return spellings; // an ellipsis, not the directory above
        }

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
            && At(spelling[..colon], directory, home) is { Kind: MentionKind.File } file
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
        return Directory.Exists(path) ? new Mention(spelling, Path.TrimEndingDirectorySeparator(path), MentionKind.Directory)
            : File.Exists(path) && !spelling.EndsWith('/') ? new Mention(spelling, path, MentionKind.File)
            : null;
    }

    /// <summary>
    /// A name of two parts with a point or a slash between them, of what file names are made of: handles, decorators and
    /// annotations mostly have none.
    /// </summary>
    private static bool LooksMeant(string spelling)
    {
        var inner = spelling.Trim('/', '.');
        return spelling.Length <= LongestMissing && inner.Length > 2 && inner.AsSpan().IndexOfAny('/', '.') > 0
            && inner.All(static c => char.IsLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '~' or '+' or ' ' or ':');
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
