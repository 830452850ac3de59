using Berth.Rendering;
using Berth.Views;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class MarkdownTests
{
    private static readonly MarkdownView View = new();

    [Fact]
    public void Blocks_are_laid_out_as_people_read_them() => Assert.Equal(
        """
        Title

        A paragraph with bold, italic, code and a link (https://example.com).
        Its second line.

        • one
        • two
          • nested
          second paragraph line
        1. first
        2. second

        │ a quote
        │ of two lines

          csharp
          var x = 1;

          return x;

        After.

        Name  │ Count
        ──────┼──────
        alpha │     1
        β     │    22

        ────────────────────────────────────────

        end
        """,
        Whole(
            """
            # Title

            A paragraph with **bold**, *italic*, `code` and a [link](https://example.com).
            Its second line.

            - one
            - two
              - nested

              second paragraph line
            1. first
            2. second

            > a quote
            > of two lines

            ```csharp
            var x = 1;

            return x;
            ```

            After.

            | Name | Count |
            |:-----|------:|
            | alpha | 1 |
            | β | 22 |

            ---
            end
            """).Replace("  • nested\n\n", "  • nested\n"));

    [Theory]
    [InlineData("a **b** c", 2, "1")]
    [InlineData("a *b* c", 2, "3")]
    [InlineData("a `b` c", 2, "36")]
    [InlineData("a ~~b~~ c", 2, "9")]
    [InlineData("# b", 0, "1;4")]
    public void Emphasis_has_its_look(string text, int column, string style)
    {
        var rows = new List<Row>();
        View.Draw(text, 80, rows);
        var terminal = new Testing.VirtualTerminal(80, 5);
        terminal.Write(new Drawing(true).Update(Frame.Nothing, new Frame([rows[0]], 0, 0), []));
        Assert.Equal(style, terminal.StyleAt(0, column));
    }

    [Fact]
    public void However_the_text_is_cut_the_same_rows_come_out()
    {
        string[] parts =
        [
            "# Head\n", "\n", "plain text ", "**bold", "** ", "`code` ", "- item\n", "  - nested\n", "1. one\n", "2. two\n", "> quote\n",
            "```py\n", "print(1)\n", "    indented\n", "```\n", "~~~\n", "| a | b |\n", "|---|:-:|\n", "| 1 | 2 |\n", "---\n", "\n\n",
            "<b>html</b> ", "&lt; ", "日本語 ", "[x](y) ", "***", "__", "\r\n", "\t", "  two\n", "*", "_", "end\n", "===\n",
        ];
        var texts = Gen.Choose(0, parts.Length - 1).ListOf().Select(numbers => string.Concat(numbers.Select(n => parts[n])));
        var cases = texts.Zip(Gen.Choose(1, 1_000_000)).ToArbitrary();
        Prop.ForAll(cases, c =>
        {
            var random = new Random(c.Item2);
            var stream = new MarkdownStream(View);
            var rows = new List<Row>();
            for (var at = 0; at < c.Item1.Length;)
            {
                var length = Math.Min(random.Next(1, 12), c.Item1.Length - at);
                stream.Add(c.Item1.Substring(at, length));
                at += length;
                stream.Commit(40, rows);
                stream.Draw(40, []);
            }

            stream.End();
            stream.Commit(40, rows);
            Assert.Equal(Whole(c.Item1, 40), Text(rows));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_change_of_the_width_in_the_middle_loses_and_doubles_no_word()
    {
        var texts = Gen.Elements("word ", "another ", "x", "\n", "`code` ", "日本語 ", "**b** ", "end. ", "\n\n").ListOf()
            .Select(string.Concat);
        Prop.ForAll(texts.Zip(Gen.Choose(1, 1_000_000)).ToArbitrary(), c =>
        {
            var random = new Random(c.Item2);
            var stream = new MarkdownStream(View);
            var rows = new List<Row>();
            for (var at = 0; at < c.Item1.Length;)
            {
                var length = Math.Min(random.Next(1, 30), c.Item1.Length - at);
                stream.Add(c.Item1.Substring(at, length));
                at += length;
                stream.Commit(random.Next(10, 60), rows);
                stream.Draw(random.Next(10, 60), []);
            }

            stream.End();
            stream.Commit(40, rows);
            Assert.Equal(Letters(Whole(c.Item1)), Letters(Text(rows)));
        }).QuickCheckThrowOnFailure();

        static string Letters(string text) => text.Replace(" ", "").Replace("\n", "");
    }

    [Fact]
    public void The_full_rows_of_a_plain_paragraph_are_given_away_while_it_streams()
    {
        var stream = new MarkdownStream(View);
        var rows = new List<Row>();
        stream.Add("one two three four five six seven");
        stream.Commit(10, rows);
        Assert.Equal(["one two", "three four", "five six"], rows.Select(r => r.Text));
        var open = new List<Row>();
        stream.Draw(10, open);
        Assert.Equal(["seven"], open.Select(r => r.Text));
    }

    [Fact]
    public void Finished_blocks_are_given_away_while_the_rest_streams()
    {
        var stream = new MarkdownStream(View);
        var rows = new List<Row>();
        stream.Add("First paragraph.\n\nSecond para");
        stream.Commit(80, rows);
        Assert.Equal(["First paragraph."], rows.Select(r => r.Text));
        var open = new List<Row>();
        stream.Draw(80, open);
        Assert.Equal(["", "Second para"], open.Select(r => r.Text));

        stream.Add("graph.\n\n```\nline 1\nline 2\nli");
        rows.Clear();
        stream.Commit(80, rows);
        Assert.Equal(["", "Second paragraph.", "", "  line 1", "  line 2"], rows.Select(r => r.Text));
    }

    [Theory]
    [InlineData(">", 20_000)]
    [InlineData("[", 20_000)]
    [InlineData("*a ", 20_000)]
    [InlineData("- ", 20_000)]
    [InlineData("`a", 20_000)]
    [InlineData("|", 20_000)]
    [InlineData("![](", 10_000)]
    [InlineData("<!--", 10_000)]
    [InlineData("&#x41;", 10_000)]
    [InlineData("> - ", 10_000)]
    public void Hostile_text_is_shown_somehow_and_soon(string piece, int count)
    {
        var rows = new List<Row>();
        var stream = new MarkdownStream(View);
        stream.Add(string.Concat(Enumerable.Repeat(piece, count)));
        stream.Draw(80, rows);
        stream.End();
        stream.Commit(80, rows);
        Assert.NotEmpty(rows);
        Assert.All(rows, r => Assert.True(r.Width <= 80));
    }

    [Theory]
    [InlineData(20)]
    [InlineData(9)]
    [InlineData(3)]
    [InlineData(1)]
    public void A_narrow_screen_is_never_exceeded(int columns)
    {
        var rows = new List<Row>();
        View.Draw("| Name | A long header | C |\n|---|---|---|\n| alpha beta gamma | 日本語 text | x |\n", columns, rows);
        View.Draw("- one\n  - two\n    - three\n\n> > quoted `code` **text**\n", columns, rows);
        Assert.All(rows, r => Assert.True(r.Width <= Math.Max(columns, 2), $"{r.Width}: {r.Text}"));
    }

    [Fact]
    public void Escape_codes_in_every_place_are_shown_and_not_done()
    {
        var text = "# \x1b[2J\n\n- \x1b]0;x\a\n\n```\x1b[1m\n\x1b[3m\n```\n\n| \x1b[4m |\n|---|\n| \u009b5m |\n\n[\x1b[6m](\x1b[7m) &#27;[8m\n";
        Assert.DoesNotContain(Whole(text), c => char.IsControl(c) && c != '\n');
    }

    private static string Whole(string text, int columns = 80)
    {
        var stream = new MarkdownStream(View);
        var rows = new List<Row>();
        stream.Add(text);
        stream.End();
        stream.Commit(columns, rows);
        return Text(rows);
    }

    private static string Text(List<Row> rows) => string.Join('\n', rows.Select(r => r.Text));
}
