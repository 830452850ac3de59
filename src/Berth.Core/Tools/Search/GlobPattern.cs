using System.Text;
using System.Text.RegularExpressions;

namespace Berth.Core.Tools.Search;

/// <summary>
/// A pattern for paths relative to a directory: <c>*</c> and <c>?</c> stay within one name, <c>**</c> stands for any
/// number of directories, <c>[abc]</c> and <c>[!abc]</c> are sets, <c>{a,b}</c> are alternatives, a backslash takes the
/// next character as it is. A pattern without a slash means a name in any directory.
/// </summary>
internal sealed class GlobPattern
{
    private const int Longest = 4_000;
    private const int DeepestBraces = 8;
    private const int NoBraces = -1;

    private static readonly string[] HiddenNames = ["/.", "{.", ",.", "/[.]"];

    private readonly Regex regex;

    private GlobPattern(Regex regex, bool namesHidden)
    {
        this.regex = regex;
        NamesHidden = namesHidden;
    }

    /// <summary>Whether it names something hidden: then a walk looks at hidden names too.</summary>
    public bool NamesHidden { get; }

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="FormatException">It is no pattern; the message says why.</exception>
    public static GlobPattern Parse(string pattern)
    {
        var text = pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[2..] : pattern;
        text = text.Contains('/') ? text.TrimStart('/') : "**/" + text;
        text = text.EndsWith('/') ? text + "**" : text;
        return new GlobPattern(Expression(text, hasBraces: true), HiddenNames.Any(mark => text.Contains(mark)));
    }

    /// <summary>The expression for a whole path; also for the patterns of gitignore(5), which have no braces.</summary>
    /// <exception cref="FormatException">It is no pattern; the message says why.</exception>
    internal static Regex Expression(string pattern, bool hasBraces)
    {
        if (pattern.Length > Longest)
        {
            throw new FormatException($"The pattern is longer than {Longest} characters.");
        }

        var expression = new StringBuilder("^");
        var at = 0;
        Translate(pattern, ref at, expression, hasBraces ? 0 : NoBraces);
        try
        {
            return new Regex(
                expression.Append("\\z").ToString(),
                RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"The pattern cannot be understood: {e.Message}", e);
        }
    }

    /// <summary>Whether a relative path, with slashes, is meant.</summary>
    public bool Matches(ReadOnlySpan<char> relativePath) => regex.IsMatch(relativePath);

    private static void Translate(string text, ref int at, StringBuilder into, int depth)
    {
        while (at < text.Length)
        {
            var c = text[at];
            switch (c)
            {
                case '*' when IsDirectories(text, at):
                    // "**/" also stands for no directory at all, a last "**" for everything below.
                    into.Append(at + 2 < text.Length ? "(?:[^/]+/)*" : ".+");
                    at += at + 2 < text.Length ? 3 : 2;
                    continue;
                case '*':
                    into.Append("[^/]*");
                    break;
                case '?':
                    into.Append("[^/]");
                    break;
                case '[' when SetEnd(text, at) is var end and > 0:
                    AppendSet(text[(at + 1)..end], into);
                    at = end;
                    break;
                case '{' when depth != NoBraces:
                    at++;
                    TranslateBraces(text, ref at, into, depth + 1);
                    continue;
                case ',' or '}' when depth > 0:
                    return;
                case '\\' when at + 1 < text.Length:
                    into.Append(Regex.Escape(text[++at].ToString()));
                    break;
                default:
                    into.Append(Regex.Escape(c.ToString()));
                    break;
            }

            at++;
        }
    }

    private static void TranslateBraces(string text, ref int at, StringBuilder into, int depth)
    {
        if (depth > DeepestBraces)
        {
            throw new FormatException("The braces of the pattern nest too deeply.");
        }

        into.Append("(?:");
        while (true)
        {
            Translate(text, ref at, into, depth);
            if (at >= text.Length)
            {
                throw new FormatException("A '{' of the pattern has no '}'. A brace that is meant itself is written '\\{'.");
            }

            into.Append(text[at] == ',' ? '|' : ')');
            if (text[at++] == '}')
            {
                return;
            }
        }
    }

    private static bool IsDirectories(string text, int at) =>
        at + 1 < text.Length && text[at + 1] == '*' && (at == 0 || text[at - 1] is '/' or '{' or ',')
        && (at + 2 == text.Length || text[at + 2] == '/');

    // Where the set ends that begins here; 0 when the bracket stands for itself.
    private static int SetEnd(string text, int at)
    {
        var first = at + 1 < text.Length && text[at + 1] is '!' or '^' ? at + 2 : at + 1;
        return first < text.Length ? Math.Max(text.IndexOf(']', Math.Min(first + 1, text.Length)), 0) : 0;
    }

    private static void AppendSet(string set, StringBuilder into)
    {
        var isNot = set[0] is '!' or '^';
        into.Append(isNot ? "[^/" : "[");
        foreach (var c in isNot ? set[1..] : set)
        {
            into.Append(c is '-' ? "-" : c is '\\' or ']' or '[' or '^' ? $"\\{c}" : c.ToString());
        }

        into.Append(']');
    }
}
