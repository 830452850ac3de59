using System.Net;

namespace Berth.Core.Web;

/// <summary>
/// The text of an HTML page as Markdown: headings, lists, links, code, tables; without scripts, styles and, where the page
/// has more, its menus. It builds no tree: one walk over tags and text, whose cost is the page's length whatever is in it.
/// </summary>
/// <param name="address">What links are relative to.</param>
internal sealed class HtmlText(string html, Uri address)
{
    private const int Enough = 400;
    private const int LongestLink = 500;

    private static readonly HashSet<string> Raw = ["script", "style", "textarea", "xmp", "noembed", "noframes"];

    private static readonly HashSet<string> Dropped =
        ["template", "svg", "math", "noscript", "iframe", "object", "canvas", "audio", "video", "select", "button", "dialog", "datalist"];

    private static readonly HashSet<string> Menus = ["nav", "footer", "aside"];

    private static readonly HashSet<string> Apart =
        ["p", "blockquote", "table", "figure", "dl", "header", "main", "article", "section", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre"];

    private static readonly HashSet<string> OnLines =
        ["div", "tr", "dt", "dd", "figcaption", "address", "summary", "details", "form", "fieldset", "legend", "caption", "thead", "tbody", "li", "nav", "footer", "aside"];

    private readonly List<int> lists = [];
    private MarkdownText text = new();
    private Uri origin = address;
    private string? title;
    private bool dropsMenus;
    private (string Name, int Depth)? skipped;
    private string? link;
    private int linkAt;
    private int mainFrom;
    private int mainTo;

    /// <summary>Reads the page.</summary>
    public (string? Title, string Text) Read()
    {
        var whole = Walk(withoutMenus: true);
        if (whole.Length < Enough && Walk(withoutMenus: false) is var all && all.Length > 2 * whole.Length)
        {
            whole = all;
        }

        return (title, whole);
    }

    private string Walk(bool withoutMenus)
    {
        (text, dropsMenus, skipped, link, mainFrom, mainTo) = (new MarkdownText(), withoutMenus, null, null, -1, -1);
        lists.Clear();
        for (var at = 0; at < html.Length;)
        {
            var open = html.IndexOf('<', at);
            open = open < 0 ? html.Length : open;
            if (open > at && skipped is null)
            {
                text.Add(WebUtility.HtmlDecode(html[at..open]));
            }

            at = open < html.Length ? Markup(open) : open;
        }

        EndLink();
        var whole = text.ToString();
        mainTo = mainTo < 0 ? whole.Length : mainTo;
        return withoutMenus && mainFrom >= 0 && mainTo - mainFrom >= Enough ? whole[mainFrom..mainTo].Trim() : whole.Trim();
    }

    // Takes what begins with '<', and gives the place behind it.
    private int Markup(int open)
    {
        if (html.AsSpan(open).StartsWith("<!--"))
        {
            var end = html.IndexOf("-->", open + 4, StringComparison.Ordinal);
            return end < 0 ? html.Length : end + 3;
        }

        if (HtmlTag.At(html, open) is not { } tag)
        {
            if (skipped is null)
            {
                text.Add("<");
            }

            return open + 1;
        }

        if (tag.Name.Length == 0)
        {
            return tag.End;
        }

        if (!tag.IsEnd && Raw.Contains(tag.Name))
        {
            return BehindRaw(tag);
        }

        if (tag is { IsEnd: false, Name: "title" } && skipped is null)
        {
            var end = BehindRaw(tag, out var inside);
            title ??= string.Join(' ', WebUtility.HtmlDecode(inside).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            return end;
        }

        if (!Skip(tag))
        {
            Take(tag);
        }

        return tag.End;
    }

    private int BehindRaw(HtmlTag tag) => BehindRaw(tag, out _);

    private int BehindRaw(HtmlTag tag, out string inside)
    {
        var end = html.IndexOf($"</{tag.Name}", tag.End, StringComparison.OrdinalIgnoreCase);
        inside = html[tag.End..(end < 0 ? html.Length : end)];
        return end < 0 ? html.Length : HtmlTag.At(html, end)?.End ?? end + 2;
    }

    // Whether a tag is in, or begins or ends, something that is left out.
    private bool Skip(HtmlTag tag)
    {
        if (skipped is var (name, depth))
        {
            if (tag.Name == name && !tag.IsClosed)
            {
                depth += tag.IsEnd ? -1 : 1;
                skipped = depth == 0 ? null : (name, depth);
            }

            return true;
        }

        var isLeftOut = Dropped.Contains(tag.Name) || tag.IsHidden || (dropsMenus && Menus.Contains(tag.Name));
        if (isLeftOut && !tag.IsEnd && !tag.IsClosed)
        {
            skipped = (tag.Name, 1);
        }

        return isLeftOut;
    }

    private void Take(HtmlTag tag)
    {
        if (Apart.Contains(tag.Name))
        {
            text.Break(2);
        }
        else if (OnLines.Contains(tag.Name))
        {
            text.Break(1);
        }

        if (tag.IsEnd)
        {
            End(tag.Name);
        }
        else
        {
            Begin(tag);
        }
    }

    private void Begin(HtmlTag tag)
    {
        switch (tag.Name)
        {
            case "base" when Resolved(tag.Value("href")) is { } found:
                origin = new Uri(found);
                break;
            case "main":
                mainFrom = mainFrom < 0 ? text.Length : mainFrom;
                break;
            case ['h', >= '1' and <= '6']:
                text.Mark(new string('#', tag.Name[1] - '0') + " ");
                break;
            case "br":
                text.NewLine();
                break;
            case "hr":
                text.Add("---");
                text.Break(2);
                break;
            case "ul" or "ol":
                text.Break(lists.Count == 0 ? 2 : 1);
                lists.Add(tag.Name == "ol" ? 1 : 0);
                break;
            case "li":
                Item();
                break;
            case "td" or "th":
                text.Cell();
                break;
            case "pre":
                text.BeginCode();
                break;
            case "code" or "kbd" or "samp" or "tt":
                text.Open("`");
                break;
            case "a":
                BeginLink(tag.Value("href"));
                break;
            case "img" when tag.Value("alt") is { } alt && alt.Trim().Length > 0:
                text.Add($"[image: {WebUtility.HtmlDecode(alt).Trim()}]");
                break;
        }
    }

    private void End(string name)
    {
        switch (name)
        {
            case "main":
                mainTo = text.Length;
                break;
            case "ul" or "ol" when lists.Count > 0:
                lists.RemoveAt(lists.Count - 1);
                text.Break(lists.Count == 0 ? 2 : 1);
                break;
            case "pre":
                text.EndCode();
                break;
            case "code" or "kbd" or "samp" or "tt":
                text.Close("`");
                break;
            case "a":
                EndLink();
                break;
        }
    }

    private void Item()
    {
        if (lists.Count == 0)
        {
            text.Mark("- ");
            return;
        }

        var number = lists[^1];
        lists[^1] = number == 0 ? 0 : number + 1;
        text.Mark($"{new string(' ', 2 * (Math.Min(lists.Count, 20) - 1))}{(number == 0 ? "-" : $"{number}.")} ");
    }

    private void BeginLink(string? href)
    {
        EndLink();
        if (href is not null && !href.StartsWith('#') && Resolved(WebUtility.HtmlDecode(href)) is { Length: <= LongestLink } found)
        {
            link = found;
            linkAt = text.Open("[");
        }
    }

    private void EndLink()
    {
        if (link is not null && !text.TakeBack(linkAt))
        {
            text.Close($"]({link})");
        }

        link = null;
    }

    private string? Resolved(string? href) =>
        href is not null && Uri.TryCreate(origin, href.Trim(), out var found) && (found.Scheme is "http" or "https")
            ? found.AbsoluteUri
            : null;
}
