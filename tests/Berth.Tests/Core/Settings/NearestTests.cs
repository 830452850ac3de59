using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class NearestTests
{
    private static readonly string[] Keys = [.. ConfigKeys.All.Select(key => key.Name)];

    [Theory]
    [InlineData("modle", "model")]
    [InlineData("Model", "model")]
    [InlineData("code-model", "code_model")]
    [InlineData("permision_mode", "permission_mode")]
    [InlineData("allow", "permissions.allow")]
    [InlineData("auto", "auto_background_after")]
    [InlineData("max", "max_cost max_steps max_tokens")]
    [InlineData("zzzzzz", "")]
    [InlineData("", "")]
    public void The_nearest_keys_are_named_nearest_first(string word, string expected) =>
        Assert.Equal(expected, string.Join(' ', Nearest.Of(word, Keys)));

    [Theory]
    [InlineData("gtp", "gpt", "; did you mean 'gpt'?")]
    [InlineData("gp5", "gpt gpt5", "; did you mean 'gpt' or 'gpt5'?")]
    [InlineData("nothing", "gpt", "")]
    public void The_question_reads_as_a_sentence(string word, string known, string expected) =>
        Assert.Equal(expected, Nearest.Question(word, known.Split(' ')));

    [Fact]
    public void A_word_of_a_megabyte_costs_nothing() =>
        Assert.Empty(Nearest.Of(new string('x', 1_000_000), Keys));
}
