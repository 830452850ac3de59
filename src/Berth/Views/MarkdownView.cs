using Berth.Rendering;
using Markdig;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Parsers;
using Markdig.Syntax;

namespace Berth.Views;

/// <summary>
/// Draws one segment of Markdown: Markdig reads it, this lays its blocks out in rows. Loading Markdig costs tens of
/// milliseconds, so it is loaded when text first needs it.
/// </summary>
internal sealed class MarkdownView
{
    private readonly Lock loading = new();
    private Reader? reader;

    /// <summary>Adds the rows of one segment.</summary>
    public void Draw(string text, int columns, List<Row> rows)
    {
        if (PlainLength(text) == text.Length)
        {
            DrawPlain(text, columns, rows);
            return;
        }

        MarkdownDocument? document = null;
        if (text.Length <= 2 * MarkdownSplitter.LongestSegment)
        {
            try
            {
                document = Loaded().Read(text);
            }
            catch (ArgumentException)
            {
                // Markdig's answer to blocks nested too deeply; the text is shown as it stands.
            }
        }

        if (document is null)
        {
            DrawPlain(text, columns, rows);
            return;
        }

        DrawBlocks(document, columns, rows, [], []);
    }

    // A class of its own, so that Markdig is loaded when it is first needed and not with this class.
    private sealed class Reader
    {
        private readonly MarkdownPipeline pipeline;

        public Reader()
        {
            var builder = new MarkdownPipelineBuilder()
                .UsePipeTables().UseEmphasisExtras(EmphasisExtraOptions.Strikethrough).UseTaskLists().DisableHtml();

            // A line of dashes below a paragraph is a rule: a paragraph whose first rows are printed stays one.
            builder.BlockParsers.Find<ParagraphBlockParser>()!.ParseSetexHeadings = false;
            pipeline = builder.Build();
        }

        public MarkdownDocument Read(string text) => Markdown.Parse(text, pipeline);
    }

    private Reader Loaded()
    {
        lock (loading)
        {
            return reader ??= new Reader();
        }
    }

    /// <summary>
    /// How much of a text Markdown has nothing to read in: what comes later cannot change how it looks. All of it is the
    /// most common case while an answer streams, and needs no Markdig.
    /// </summary>
    public static int PlainLength(string text)
    {
        var end = text.AsSpan().IndexOfAny("*_`[]<>#|~\\&!\t");
        end = end < 0 ? text.Length : end;
        for (var at = 0; at < end; at = Math.Max(text.IndexOf('\n', at) + 1, at + 1))
        {
            var isLineStart = at == 0 || text[at - 1] == '\n';
            if (isLineStart && text[at] is '-' or '+' or ' ' or (>= '0' and <= '9'))
            {
                return at;
            }

            if (!isLineStart)
            {
                break;
            }
        }

        return end;
    }

    /// <summary>Adds the rows of a text in which nothing is read.</summary>
    public static void DrawPlain(string text, int columns, List<Row> rows)
    {
        foreach (var line in Wrapping.Lines(text.TrimEnd('\n')))
        {
            Wrapping.Words(new Row(line.TrimEnd()), columns, rows);
        }
    }

    private static void DrawBlocks(ContainerBlock blocks, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        var before = rows.Count;
        foreach (var block in blocks)
        {
            if (block is LinkReferenceDefinitionGroup)
            {
                continue;
            }

            // Paragraphs of one container stand apart; a list stays with the paragraph that introduces it.
            if (rows.Count > before && block is ParagraphBlock or FencedCodeBlock or Table)
            {
                rows.Add(Trim(new Row(rest)));
            }

            DrawBlock(block, columns, rows, rows.Count == before ? first : rest, rest);
        }
    }

    private static void DrawBlock(Block block, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        switch (block)
        {
            case HeadingBlock heading:
                var look = heading.Level <= 2 ? new Style(Color.Default, Emphasis.Bold | Emphasis.Underline) : Style.Bold;
                DrawInlines(heading, look, columns, rows, first, rest);
                break;
            case ListBlock list:
                DrawList(list, columns, rows, first, rest);
                break;
            case QuoteBlock quote:
                DrawBlocks(quote, columns, rows, [.. first, new Piece("│ ", Style.Dim)], [.. rest, new Piece("│ ", Style.Dim)]);
                break;
            case Table table:
                MarkdownTable.Draw(table, columns, rows, first, rest);
                break;
            case CodeBlock code:
                for (var i = 0; i < code.Lines.Count; i++)
                {
                    CodeView.Line(code.Lines.Lines[i].Slice.ToString(), columns, rows, i == 0 ? first : rest, rest);
                }

                break;
            case ThematicBreakBlock:
                rows.Add(new Row(new string('─', Math.Max(Math.Min(columns - new Row(first).Width, 40), 1)), Style.Dim).After(first));
                break;
            case LeafBlock leaf:
                DrawInlines(leaf, Style.Plain, columns, rows, first, rest);
                break;
            case ContainerBlock container:
                DrawBlocks(container, columns, rows, first, rest);
                break;
        }
    }

    private static void DrawInlines(
        LeafBlock block, Style style, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        foreach (var line in MarkdownInlines.Lines(block.Inline, style))
        {
            Wrapping.Words(line, columns, rows, first, rest);
            first = rest;
        }
    }

    private static void DrawList(ListBlock list, int columns, List<Row> rows, Piece[] first, Piece[] rest)
    {
        var begin = first;
        foreach (var child in list)
        {
            if (child is not ListItemBlock item)
            {
                continue;
            }

            var mark = list.IsOrdered ? $"{item.Order}{list.OrderedDelimiter} " : "• ";
            Piece[] marked = [.. begin, new Piece(mark)];
            var before = rows.Count;
            DrawBlocks(item, columns, rows, marked, [.. rest, new Piece(new string(' ', mark.Length))]);
            if (rows.Count == before)
            {
                rows.Add(new Row(marked));
            }

            begin = rest;
        }
    }

    // An empty row between two blocks of a quote shows the quote's bar and no blank behind it.
    private static Row Trim(Row row) => row.Text.Trim().Length == 0 ? Row.Empty : row;
}
