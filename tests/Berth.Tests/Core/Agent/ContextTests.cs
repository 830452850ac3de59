using Berth.Core.Agent;
using Berth.Core.Models;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Core.Agent;

/// <summary>The next step of a turn is a function of what is in the log, wherever the log ends.</summary>
public sealed class ContextTests
{
    private static readonly SessionEvent[] Begun = [new UserMessage("go"), new TurnStarted(1, "message")];
    private static readonly SessionEvent[] Asked = [.. Begun, new StepStarted(1, "m", "system")];
    private static readonly SessionEvent[] Called = [.. Asked, new TextAdded("I do."), Ended("tools", "c1", "c2")];

    [Fact]
    public void What_sub_agents_used_counts_towards_the_bounds_of_turn_and_session()
    {
        var context = Context.Empty.Apply(new TurnStarted(1, "message"))
            .Apply(new AgentEnded(3, "12d1bd74", "done", 2.5, 4, new Usage(700, 50, 0), "found"));

        Assert.Equal((750, 750), (context.SpentInTurn.Tokens, context.Spent.Tokens));
        Assert.Equal(0, context.Apply(new TurnStarted(2, "message")).SpentInTurn.Tokens);
    }

    [Fact]
    public void Without_a_turn_there_is_nothing_to_do() =>
        Assert.Equal(TurnStep.None, NextAfter(new UserMessage("go")));

    [Fact]
    public void A_turn_begins_with_the_model() => Assert.Equal(TurnStep.CallModel, NextAfter(Begun));

    [Fact]
    public void Calls_come_before_the_model() => Assert.Equal(TurnStep.RunTools, NextAfter(Called));

    [Fact]
    public void As_long_as_one_call_is_open_tools_run() =>
        Assert.Equal(TurnStep.RunTools, NextAfter([.. Called, new ToolEnded("c2", "ok", "two")]));

    [Fact]
    public void Results_go_to_the_model() => Assert.Equal(
        TurnStep.CallModel, NextAfter([.. Called, new ToolEnded("c2", "ok", "two"), new ToolEnded("c1", "ok", "one")]));

    [Fact]
    public void An_answer_without_calls_is_the_end() => Assert.Equal(TurnStep.End, NextAfter([.. Asked, Ended("stop")]));

    [Fact]
    public void A_message_that_came_meanwhile_is_not() =>
        Assert.Equal(TurnStep.CallModel, NextAfter([.. Asked, new UserMessage("and"), Ended("stop")]));

    [Fact]
    public void A_notice_that_is_no_news_is_the_end_all_the_same() =>
        Assert.Equal(TurnStep.End, NextAfter([.. Asked, new NoticeAdded([1], ["[Task #1 …]"], "…", Wakes: false), Ended("stop")]));

    [Fact]
    public void Results_enter_the_conversation_together_and_in_the_answers_order()
    {
        Assert.Equal(["user: go", "assistant: I do. → bash(c1) → bash(c2)"], Lines([.. Called, new ToolEnded("c2", "ok", "two")]));
        Assert.Equal(
            ["user: go", "assistant: I do. → bash(c1) → bash(c2)", "result c1 (error): one", "result c2: two"],
            Lines([.. Called, new ToolEnded("c2", "ok", "two"), new ToolEnded("c1", "denied", "one")]));
    }

    [Theory]
    [InlineData("cancelled")]
    [InlineData("interrupted")]
    [InlineData("failed")]
    public void However_a_turn_ends_and_wherever_the_next_request_is_valid(string reason)
    {
        SessionEvent[] all =
        [
            .. Called, new RequestOpened("r1", "c1", "bash", "t", "d", "w", null), new RequestAnswered("r1", "yes", null), new ToolStarted("c1"),
            new ToolEnded("c1", "ok", "one"), new ToolStarted("c2"), new ToolEnded("c2", "ok", "two"), new StepStarted(2, "m"), new TextAdded("So"),
        ];

        for (var cut = 2; cut <= all.Length; cut++)
        {
            var events = all[..cut].Append(new TurnEnded(reason, null, null, 1)).Append(new UserMessage("next"))
                .Append(new TurnStarted(2, "message")).Append(new StepStarted(1, "m"));
            var context = After(events);
            Assert.Null(Conversation.FaultOf(new ModelRequest("system", context.Messages, [])));
            Assert.Equal("next", Assert.IsType<UserEntry>(context.Messages[^1]).Text);
        }
    }

    [Fact]
    public void What_was_sent_is_the_beginning_of_every_later_request()
    {
        SessionEvent[] all =
        [
            .. Called, new ToolEnded("c1", "ok", "one"), new UserMessage("more"), new ToolEnded("c2", "ok", "two"), new StepStarted(2, "m"),
            new TextAdded("So"), new TurnEnded("cancelled", null, null, 1), new NoticeAdded([1], [], "task", true),
            new TurnStarted(2, "notice"), new StepStarted(1, "m"), new TextAdded("Aha"), Ended("stop"), new UserMessage("bye"),
        ];
        string[] before = [];
        for (var cut = 1; cut <= all.Length; cut++)
        {
            var now = Lines(all[..cut]);
            Assert.Equal(before, now.Take(before.Length));
            before = now;
        }
    }

    private static StepEnded Ended(string stop, params string[] calls) =>
        new(stop, new Usage(), [.. calls.Select(id => new ToolCall(id, "bash", "{}"))]);

    private static Context After(IEnumerable<SessionEvent> events) =>
        events.Aggregate(Context.Empty, (context, e) => context.Apply(e));

    private static TurnStep NextAfter(params IEnumerable<SessionEvent> events) => TurnSteps.Next(After(events));

    private static string[] Lines(IEnumerable<SessionEvent> events) =>
        Conversation.Lines(new ModelRequest("system", After(events).Messages, []));
}
