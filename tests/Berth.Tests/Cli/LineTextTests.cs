using Berth.Cli;
using Xunit;

namespace Berth.Tests.Cli;

public sealed class LineTextTests
{
    [Theory]
    [InlineData("/bg", "bg")]
    [InlineData("/bg list", "bg", "list")]
    [InlineData("/bg /drop 1", "bg", "/drop", "1")]
    [InlineData("/rename \"API refactor line\"", "rename", "API refactor line")]
    [InlineData("/x 'say \"hi\" to it'", "x", "say \"hi\" to it")]
    [InlineData("/x don't", "x", "don't")]
    [InlineData("/x \"'quoted'\"", "x", "'quoted'")]
    [InlineData("/x \"\"", "x", "")]
    [InlineData("/x \"two\nlines\"", "x", "two\nlines")]
    [InlineData("/x it's \"both\" here", "x", "it's \"both\" here")]
    public void Words_become_the_line_a_person_would_type(string line, string command, params string[] words) =>
        Assert.Equal(line, LineText.Of(command, words));
}
