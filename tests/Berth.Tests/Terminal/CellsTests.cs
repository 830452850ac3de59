using System.Text;
using Berth.Rendering;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class CellsTests
{
    [Theory]
    [InlineData("abc", 3)]
    [InlineData("é", 1)]
    [InlineData("e\u0301", 1)]
    [InlineData("日本", 4)]
    [InlineData("ｆｕｌｌ", 8)]
    [InlineData("한국", 4)]
    [InlineData("\u1112\u1161\u11AB", 2)]
    [InlineData("😀", 2)]
    [InlineData("👍🏽", 2)]
    [InlineData("👩‍👩‍👧‍👦", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("❤️", 2)]
    [InlineData("❤", 1)]
    [InlineData("क्षि", 3)]
    [InlineData("…─●❯", 4)]
    [InlineData("a\u200Cb", 2)]
    public void A_text_takes_its_cells(string text, int cells) => Assert.Equal(cells, Widths.Of(text));

    [Theory]
    [InlineData("plain ASCII", "plain ASCII")]
    [InlineData("naïve 日本語 👩‍👩‍👧 €", "naïve 日本語 👩‍👩‍👧 €")]
    [InlineData("\x1b[31mred\x1b[0m", "␛[31mred␛[0m")]
    [InlineData("\x1b]0;title\a", "␛]0;title␇")]
    [InlineData("a\rb\bc\x7f", "a␍b␈c␡")]
    [InlineData("\u009b31m", "<U+009B>31m")]
    [InlineData("rm \u202Ecod.\u202C", "rm <U+202E>cod.<U+202C>")]
    [InlineData("\u2066hidden\u2069", "<U+2066>hidden<U+2069>")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero<U+200B>width<U+FEFF>")]
    [InlineData("soft\u00ADhyphen", "soft<U+00AD>hyphen")]
    [InlineData("\u2028x\u2029", "<U+2028>x<U+2029>")]
    [InlineData("\U000E0041", "<U+E0041>")]
    [InlineData("\uFDD0\uFFFF", "<U+FDD0><U+FFFF>")]
    [InlineData("line\nend\ttab", "line end tab")]
    public void What_would_do_something_to_the_screen_is_shown_instead(string text, string shown) =>
        Assert.Equal(shown, SafeText.Clean(text));

    [Fact]
    public void A_broken_surrogate_is_replaced() => Assert.Equal("a\uFFFDb", SafeText.Clean("a\uD83Db"));

    [Fact]
    public void No_text_whatever_gets_a_control_through()
    {
        var pieces = Gen.Elements(
            "\x1b", "[", "31m", "\x9b", "]0;", "\a", "\r", "\n", "\b", "\x7f", "\u202E", "\u2066", "\u200E", "\u061C", "a", "日", "😀",
            "\uD83D", "\uDE00", "\uFEFF", "\u2028", "\U000E0020", "\x00", "\x0e", "\u0085");
        var texts = pieces.ListOf().Select(string.Concat).ToArbitrary();
        Prop.ForAll(texts, text =>
        {
            var clean = SafeText.Clean(text);
            foreach (var rune in clean.EnumerateRunes())
            {
                Assert.NotEqual(System.Globalization.UnicodeCategory.Control, Rune.GetUnicodeCategory(rune));
                Assert.DoesNotContain(rune.Value, new[] { 0x202E, 0x2066, 0x200E, 0x061C, 0xFEFF, 0x2028 });
            }

            Assert.Equal(clean, SafeText.Clean(clean));
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("the quick brown fox", 10, "the quick|brown fox")]
    [InlineData("the quick brown fox", 9, "the quick|brown fox")]
    [InlineData("abcdefghij", 4, "abcd|efgh|ij")]
    [InlineData("one  two", 4, "one|two")]
    [InlineData("日本語です", 5, "日本|語で|す")]
    [InlineData("a日本", 2, "a|日|本")]
    [InlineData("日本", 1, "日|本")]
    [InlineData("", 5, "")]
    [InlineData("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧|👩‍👩‍👧")]
    public void Words_break_at_blanks_and_between_wide_characters(string text, int width, string expected)
    {
        var rows = new List<Row>();
        Wrapping.Words(new Row(text), width, rows);
        Assert.Equal(expected, string.Join('|', rows.Select(r => r.Text)));
    }

    [Fact]
    public void Breaking_between_words_loses_nothing_but_blanks()
    {
        var words = Gen.Elements("a", "word", "longer-word", "日本語", "😀", "e\u0301", " ", "  ", "x").ListOf().Select(string.Concat);
        var cases = words.Zip(Gen.Choose(1, 30)).ToArbitrary();
        Prop.ForAll(cases, c =>
        {
            var rows = new List<Row>();
            Wrapping.Words(new Row(c.Item1), c.Item2, rows);
            Assert.All(rows, r => Assert.True(r.Width <= Math.Max(c.Item2, 2)));
            Assert.Equal(c.Item1.Replace(" ", ""), string.Concat(rows.Select(r => r.Text)).Replace(" ", ""));

            rows.Clear();
            Wrapping.Characters(new Row(c.Item1), c.Item2, rows);
            Assert.Equal(c.Item1, string.Concat(rows.Select(r => r.Text)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Further_rows_stand_under_the_first_behind_their_prefix()
    {
        var rows = new List<Row>();
        Wrapping.Words(new Row("alpha beta gamma"), 8, rows, [new Piece("• ")], [new Piece("  ")]);
        Assert.Equal(["• alpha", "  beta", "  gamma"], rows.Select(r => r.Text));
    }

    [Theory]
    [InlineData("a\tb", "a   b")]
    [InlineData("abcd\te", "abcd    e")]
    [InlineData("日\tx", "日  x")]
    public void Tabs_go_to_the_next_stop(string text, string expanded) => Assert.Equal(expanded, Wrapping.ExpandTabs(text));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("abc", 1, "…")]
    [InlineData("abc", 0, "")]
    public void A_row_that_is_too_wide_is_cut_with_a_mark(string text, int width, string cut)
    {
        var row = new Row(text).CutTo(width);
        Assert.Equal(cut, row.Text);
        Assert.True(row.Width <= width);
    }
}
