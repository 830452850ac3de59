using System.Text;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class PlacedJsonTests
{
    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\n  \"a\": 1\n  \"b\": 2\n}", 3, 3)]
    [InlineData("{\n  \"a\": nope\n}", 2, 9)]
    [InlineData("{\"a\": 1} x", 1, 10)]
    [InlineData("{\"äöü\": }", 1, 9)]
    [InlineData("{\n\n  \"日本\": \"語\" oops", 3, 13)]
    [InlineData("{ /* never closed", 1, 3)]
    [InlineData("{\"a\": \"half \\ud800 pair\"}", 1, 7)]
    [InlineData("{\"a\": \"line\nend\"}", 1, 12)]
    public void A_broken_text_names_line_and_column_in_characters(string text, int line, int column)
    {
        var failure = Assert.Throws<PlacedJsonException>(() => PlacedJson.Parse(Encoding.UTF8.GetBytes(text)));

        Assert.Equal((line, column), (failure.Line, failure.Column));
        Assert.DoesNotContain("LineNumber", failure.Message);
    }

    [Fact]
    public void Invalid_UTF_8_is_named_with_its_place()
    {
        byte[] text = [.. "{\n  \"ä\": \""u8, 0xC3, 0x28, .. "\"}"u8];

        var failure = Assert.Throws<PlacedJsonException>(() => PlacedJson.Parse(text));

        Assert.Equal((2, 9, "not UTF-8"), (failure.Line, failure.Column, failure.Message));
    }

    [Fact]
    public void Deep_nesting_is_refused_and_not_followed() =>
        Assert.Throws<PlacedJsonException>(
            () => PlacedJson.Parse(Encoding.UTF8.GetBytes(new string('[', 100_000))));

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_read_over()
    {
        const string Text = "\uFEFF// settings\n{ \"a\": [1, 2,], /* last */ \"b\": { \"c\": \"x\\u00e9\", }, }\n// end\n";

        var json = PlacedJson.Parse(Encoding.UTF8.GetBytes(Text));

        Assert.Equal(["1", "2"], json.Root.Find("a")!.Value.Items.Select(item => item.Text));
        var inner = json.Root.Find("b")!.Value.Find("c")!;
        Assert.Equal("xé", inner.Value.Text);
        Assert.Equal((2, 40), json.Place(inner.Value.Start));
        Assert.Equal("\"x\\u00e9\"", Encoding.UTF8.GetString(json.Bytes[inner.Value.Start..inner.Value.End]));
        Assert.Equal("[1, 2,]", Encoding.UTF8.GetString(
            json.Bytes[json.Root.Find("a")!.Value.Start..json.Root.Find("a")!.Value.End]));
    }

    [Fact]
    public void Of_a_name_that_stands_twice_the_last_counts() =>
        Assert.Equal("2", PlacedJson.Parse("{\"a\": 1, \"a\": 2}"u8.ToArray()).Root.Find("a")!.Value.Text);
}
