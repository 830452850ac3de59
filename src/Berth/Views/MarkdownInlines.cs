using Berth.Rendering;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax.Inlines;

namespace Berth.Views;

/// <summary>Emphasis, code, links: the inside of a Markdown block as rows of styled pieces.</summary>
internal sealed class MarkdownInlines
{
    private const int DeepestNesting = 64;

    private readonly List<Row> lines = [];
    private readonly List<Piece> pieces = [];

    /// <summary>One row for each line of the block; line ends in the source count, as people mean them in a terminal.</summary>
    public static List<Row> Lines(ContainerInline? inlines, Style style)
    {
        var inside = new MarkdownInlines();
        if (inlines is not null)
        {
            inside.Collect(inlines, style, 0);
        }

        inside.EndLine();
        return inside.lines;
    }

    private void EndLine()
    {
        if (pieces.Count > 0)
        {
            lines.Add(new Row([.. pieces]));
            pieces.Clear();
        }
    }

    private void Collect(ContainerInline inlines, Style style, int depth)
    {
        if (depth > DeepestNesting)
        {
            Add("…", style);
            return;
        }

        foreach (var inline in inlines)
        {
            switch (inline)
            {
                case LinkInline link:
                    Link(link, style, depth);
                    break;
                case EmphasisInline emphasis:
                    Collect(emphasis, style.With(Look(emphasis)), depth + 1);
                    break;
                case DelimiterInline delimiter:
                    Add(delimiter.ToLiteral(), style);
                    Collect(delimiter, style, depth + 1);
                    break;
                case ContainerInline container:
                    Collect(container, style, depth + 1);
                    break;
                case LineBreakInline:
                    EndLine();
                    break;
                default:
                    Leaf(inline, style);
                    break;
            }
        }
    }

    private void Leaf(Inline inline, Style style)
    {
        switch (inline)
        {
            case LiteralInline literal:
                Add(literal.Content.ToString(), style);
                break;
            case CodeInline code:
                Add(code.Content, style with { Color = Palette.Code.Color });
                break;
            case HtmlEntityInline entity:
                Add(entity.Transcoded.ToString(), style);
                break;
            case AutolinkInline link:
                Add(link.Url, style.With(Emphasis.Underline));
                break;
            case HtmlInline html:
                Add(html.Tag, style);
                break;
            case TaskList task:
                Add(task.Checked ? "[x]" : "[ ]", style);
                break;
        }
    }

    // The address is part of what a person must see; a link whose text is its address shows it once.
    private void Link(LinkInline link, Style style, int depth)
    {
        var before = pieces.Count;
        Collect(link, style.With(Emphasis.Underline), depth + 1);
        var shown = "";
        for (var i = before; i < pieces.Count; i++)
        {
            shown += pieces[i].Text;
        }

        if (link.Url is { Length: > 0 } url && url != shown)
        {
            Add(shown.Length == 0 ? url : $" ({url})", Style.Dim);
        }
    }

    private void Add(string text, Style style)
    {
        if (text.Length > 0)
        {
            pieces.Add(new Piece(text, style));
        }
    }

    private static Emphasis Look(EmphasisInline emphasis) => (emphasis.DelimiterChar, emphasis.DelimiterCount) switch
    {
        ('*' or '_', >= 2) => Emphasis.Bold,
        ('*' or '_', _) => Emphasis.Italic,
        ('~', >= 2) => Emphasis.Strike,
        ('+', _) => Emphasis.Underline,
        _ => Emphasis.None,
    };
}
