namespace Berth.Core.Web;

/// <summary>A tag of an HTML page, read as forgivingly as browsers do.</summary>
/// <param name="Name">In lower case; empty for a declaration, which says nothing.</param>
/// <param name="IsEnd"><c>&lt;/name&gt;</c>.</param>
/// <param name="IsClosed">It has no content: <c>&lt;br&gt;</c>, <c>&lt;path/&gt;</c>.</param>
/// <param name="End">The place behind it.</param>
internal sealed record HtmlTag(string Name, bool IsEnd, bool IsClosed, int End, IReadOnlyList<(string Name, string Value)> Attributes)
{
    private const int LongestName = 40;
    private const int MostAttributes = 100;

    private static readonly HashSet<string> Void =
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

    /// <summary>Browsers do not show it.</summary>
    public bool IsHidden => !IsClosed && (Value("hidden") is not null || Value("aria-hidden") == "true");

    /// <summary>An attribute's value as it stands there; null when it is missing.</summary>
    public string? Value(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <summary>The tag at a place where a <c>&lt;</c> stands; null when the sign means nothing there.</summary>
    public static HtmlTag? At(string html, int open)
    {
        var at = open + 1;
        var isEnd = at < html.Length && html[at] == '/';
        at += isEnd ? 1 : 0;
        if (at >= html.Length || !char.IsAsciiLetter(html[at]))
        {
            return at < html.Length && (html[at] is '!' or '?' || isEnd) ? new HtmlTag("", isEnd, true, Behind(html, at), []) : null;
        }

        var from = at;
        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] is not ('>' or '/'))
        {
            at++;
        }

        var name = at - from <= LongestName ? html[from..at].ToLowerInvariant() : "";
        var attributes = new List<(string, string)>();
        var slash = false;
        while (at < html.Length && html[at] != '>')
        {
            slash = html[at] == '/';
            if (slash || char.IsWhiteSpace(html[at]))
            {
                at++;
                continue;
            }

            var attribute = Attribute(html, ref at);
            if (attributes.Count < MostAttributes)
            {
                attributes.Add(attribute);
            }
        }

        return new HtmlTag(name, isEnd, slash || Void.Contains(name), Math.Min(at + 1, html.Length), attributes);
    }

    private static (string Name, string Value) Attribute(string html, ref int at)
    {
        var from = at++; // a '=' at the beginning belongs to the name
        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] is not ('=' or '>' or '/'))
        {
            at++;
        }

        var name = at - from <= LongestName ? html[from..at].ToLowerInvariant() : "";
        var sign = at;
        PassBlanks(html, ref sign);
        if (sign >= html.Length || html[sign] != '=')
        {
            return (name, "");
        }

        at = sign + 1;
        PassBlanks(html, ref at);
        if (at < html.Length && html[at] is '"' or '\'')
        {
            var close = html.IndexOf(html[at], at + 1);
            close = close < 0 ? html.Length : close;
            var value = html[(at + 1)..close];
            at = Math.Min(close + 1, html.Length);
            return (name, value);
        }

        from = at;
        while (at < html.Length && !char.IsWhiteSpace(html[at]) && html[at] != '>')
        {
            at++;
        }

        return (name, html[from..at]);
    }

    private static void PassBlanks(string html, ref int at)
    {
        while (at < html.Length && char.IsWhiteSpace(html[at]))
        {
            at++;
        }
    }

    private static int Behind(string html, int at)
    {
        var end = html.IndexOf('>', at);
        return end < 0 ? html.Length : end + 1;
    }
}
