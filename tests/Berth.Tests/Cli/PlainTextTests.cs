using Berth.Cli;
using Xunit;

namespace Berth.Tests.Cli;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("two\nlines\tand a tab", "two\nlines\tand a tab")]
    [InlineData("a\u001b[31mb\u0007c\u009bd\u007fe\r\nf", "a[31mbcde\nf")]
    [InlineData("naïve 船 😀 \u202e", "naïve 船 😀 \u202e")]
    public void In_a_pipe_control_characters_are_left_out_and_nothing_else(string text, string expected) =>
        Assert.Equal(expected, PlainText.For(text, terminal: false));

    [Theory]
    [InlineData("two\nlines\tand a tab\n", "two\nlines\tand a tab\n")]
    [InlineData("a\u001b[31mb\u0007c\r\nd", "a␛[31mb␇c\nd")]
    [InlineData("naïve 船 😀", "naïve 船 😀")]
    [InlineData("\u202eright to left", "<U+202E>right to left")]
    public void On_a_terminal_they_become_visible(string text, string expected) =>
        Assert.Equal(expected, PlainText.For(text, terminal: true));
}
