using System.Net;
using System.Text;
using Berth.Core.Web;
using Xunit;

namespace Berth.Tests.Core.Web;

public sealed class PageTextTests
{
    [Theory]
    [InlineData("text/plain", null)]
    [InlineData("application/json", null)]
    [InlineData("application/problem+json", null)]
    [InlineData("image/svg+xml", null)]
    [InlineData(null, null)]
    public void Text_of_any_kind_stays_as_it_is(string? type, string? charset) =>
        Assert.Equal(new PageText(null, "a <b>\n {}"), Of(type, charset, "a <b>\n {}"u8.ToArray()));

    [Theory]
    [InlineData("image/png")]
    [InlineData("application/pdf")]
    [InlineData("application/octet-stream")]
    [InlineData("application/zip")]
    public void What_is_no_text_is_refused(string type) => Assert.Null(Of(type, null, "text"u8.ToArray()));

    [Fact]
    public void Bytes_that_are_no_text_are_refused_whatever_they_are_called()
    {
        Assert.Null(Of("text/plain", null, [1, 2, 0, 3]));
        Assert.Null(Of(null, null, [0x89, 0x50, 0, 3]));
    }

    [Theory]
    [InlineData("windows-1251", "привет")]
    [InlineData("Shift_JIS", "日本語")]
    [InlineData("gb2312", "中文")]
    [InlineData("euc-kr", "한국")]
    [InlineData("utf-8", "ä☺")]
    public void The_servers_word_for_the_encoding_counts(string charset, string text)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);

        Assert.Equal(text, Of("text/plain", charset, encoding.GetBytes(text))!.Text);
        Assert.Equal(text, Of("text/html", null, encoding.GetBytes($"<meta charset={charset}><p>{text}"))!.Text);
        Assert.Equal(text, Of("text/html", null, encoding.GetBytes($"<meta http-equiv=x content='text/html; charset={charset}'><p>{text}"))!.Text);
    }

    [Fact]
    public void Marks_and_guesses_do_where_nothing_is_said()
    {
        Assert.Equal("wide ☺", Of("text/plain", "utf-8", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("wide ☺")])!.Text);
        Assert.Equal("ä☺", Of("text/plain", null, Encoding.UTF8.GetBytes("ä☺"))!.Text);
        Assert.Equal("caf\u00e9 \u201c", Of("text/plain", null, [(byte)'c', (byte)'a', (byte)'f', 0xe9, 0x20, 0x93])!.Text);
        Assert.Equal("caf\u00e9 \u201c", Of("text/plain", "iso-8859-1", [(byte)'c', (byte)'a', (byte)'f', 0xe9, 0x20, 0x93])!.Text);
        Assert.Equal("x", Of("text/plain", "utf-7", "x"u8.ToArray())!.Text);
        Assert.Equal("x", Of("text/plain", "no-such", "x"u8.ToArray())!.Text);
        Assert.Equal(new PageText("T", "x"), Of(null, null, "\ufeff <!DOCTYPE html><title>T</title>x"u8.ToArray()));
    }

    [Fact]
    public void What_no_person_sees_is_removed() =>
        Assert.Equal("a b[31m", Of("text/html", null, Encoding.UTF8.GetBytes("<p>a\U000E0041\u202e b&#27;[31m\u0007"))!.Text);

    private static PageText? Of(string? type, string? charset, byte[] bytes) => PageText.Of(
        new FetchedPage(new Uri("https://example.com/"), HttpStatusCode.OK, null, type, charset, bytes, false));
}
