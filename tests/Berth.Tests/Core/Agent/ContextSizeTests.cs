using Berth.Core.Agent;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Core.Agent;

/// <summary>What a context takes is what its provider counted, and an estimate of what came since.</summary>
public sealed class ContextSizeTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("four", 1)]
    [InlineData("a longer text of words", 6)]
    [InlineData("数一数船", 4)]
    [InlineData("лодка", 3)]
    public void A_text_takes_about_so_many_tokens(string text, long tokens) => Assert.Equal(tokens, ContextSize.Of(text));

    [Fact]
    public void The_providers_count_holds_until_something_comes_and_that_is_estimated()
    {
        var context = Fold(
            new UserMessage("hello"), new TurnStarted(1, "message"), new StepStarted(1, "m", "system"), new TextAdded("hi"),
            new StepEnded("stop", new Usage(1_000, 20, 900), []), new TurnEnded("completed", null, null, 1));
        Assert.Equal(1_020, context.Size.Tokens);

        context = Fold(context, new UserMessage(new string('a', 400)), new TurnStarted(2, "message"), new StepStarted(1, "m"));
        Assert.Equal(1_020 + 4 + 100, context.Size.Tokens);
    }

    [Fact]
    public void Without_a_count_everything_is_estimated()
    {
        var context = Fold(
            new UserMessage(new string('a', 400)), new TurnStarted(1, "message"), new StepStarted(1, "m", new string('s', 40)),
            new TextAdded(new string('b', 80)), new StepEnded("stop", new Usage(), []));

        Assert.Equal(10 + 104 + 24, context.Size.Tokens);
    }

    [Fact]
    public void A_server_that_counts_nonsense_is_not_believed()
    {
        var context = Fold(
            new UserMessage(new string('a', 40_000)), new TurnStarted(1, "message"), new StepStarted(1, "m"), new TextAdded("hi"),
            new StepEnded("stop", new Usage(1, 1), []));

        Assert.InRange(context.Size.Tokens, 2_500, 10_100);
    }

    private static Context Fold(params SessionEvent[] events) => Fold(Context.Empty, events);

    private static Context Fold(Context from, params SessionEvent[] events) => events.Aggregate(from, (context, e) => context.Apply(e));
}
