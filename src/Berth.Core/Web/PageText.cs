using System.Text;
using System.Text.RegularExpressions;
using Berth.Core.Instructions;

namespace Berth.Core.Web;

/// <summary>What can be read of a page.</summary>
/// <param name="Title">Null when it has none.</param>
/// <param name="Text">As Markdown where it was HTML; else as it was.</param>
internal sealed record PageText(string? Title, string Text)
{
    private const int Looked = 4_096;

    private static readonly string[] TextTypes =
    [
        "application/json", "application/xml", "application/javascript", "application/x-javascript", "application/yaml",
        "application/x-yaml", "application/toml", "application/x-sh", "application/sql", "application/graphql",
    ];

    /// <summary>Reads a page; null when it is no text.</summary>
    public static PageText? Of(FetchedPage page)
    {
        var type = page.MediaType ?? Guessed(page.Bytes);
        if (type is "text/html" or "application/xhtml+xml")
        {
            var html = new HtmlText(Decoded(page, isHtml: true), page.Address).Read();
            return new PageText(html.Title is null ? null : CleanText.Line(html.Title), CleanText.Of(html.Text));
        }

        var isText = type.StartsWith("text/") || TextTypes.Contains(type) || type.EndsWith("+json") || type.EndsWith("+xml");
        return isText && !page.Bytes.AsSpan(0, Math.Min(page.Bytes.Length, Looked)).Contains((byte)0) || HasWideMark(page.Bytes)
            ? new PageText(null, CleanText.Of(Decoded(page, isHtml: false)))
            : null;
    }

    private static string Guessed(byte[] bytes)
    {
        var start = bytes.AsSpan(0, Math.Min(bytes.Length, Looked));
        var text = Encoding.Latin1.GetString(start).TrimStart('\u00ef', '\u00bb', '\u00bf', ' ', '\r', '\n', '\t');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase)
            ? "text/html"
            : start.Contains((byte)0) ? "application/octet-stream" : "text/plain";
    }

    private static bool HasWideMark(ReadOnlySpan<byte> bytes) => bytes is [0xff, 0xfe, ..] or [0xfe, 0xff, ..];

    // The order of the standard: a mark, the server's word, the page's own, and what the bytes look like.
    private static string Decoded(FetchedPage page, bool isHtml)
    {
        var bytes = page.Bytes;
        var encoding = bytes switch
        {
            [0xef, 0xbb, 0xbf, ..] => Encoding.UTF8,
            [0xff, 0xfe, ..] => Encoding.Unicode,
            [0xfe, 0xff, ..] => Encoding.BigEndianUnicode,
            _ => Named(page.Charset) ?? (isHtml ? Named(Declared(bytes)) : null),
        };
        if (encoding is null)
        {
            // A cut may stand in the middle of a character.
            var whole = bytes.AsSpan();
            for (var i = 0; i < 3 && page.IsCut && whole.Length > 0 && !System.Text.Unicode.Utf8.IsValid(whole); i++)
            {
                whole = whole[..^1];
            }

            encoding = System.Text.Unicode.Utf8.IsValid(whole) ? Encoding.UTF8 : Named("windows-1252")!;
        }

        return encoding.GetString(bytes).TrimStart('\ufeff');
    }

    private static string? Declared(byte[] bytes)
    {
        var start = Encoding.Latin1.GetString(bytes, 0, Math.Min(bytes.Length, Looked));
        var found = Regex.Match(
            start, "<meta[^>]{0,200}?charset\\s*=\\s*[\"']?(?<name>[A-Za-z0-9_:.-]{1,40})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        return found.Success ? found.Groups["name"].Value : null;
    }

    // What a page calls latin1 or ascii is windows-1252 in every browser (https://encoding.spec.whatwg.org).
    private static Encoding? Named(string? name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            return null;
        }

        name = name.ToLowerInvariant() is "iso-8859-1" or "latin1" or "us-ascii" or "ascii" ? "windows-1252" : name;
        try
        {
            // UTF-7 is none that may be used at all.
            return name.Equals("utf-7", StringComparison.OrdinalIgnoreCase)
                ? null
                : CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
