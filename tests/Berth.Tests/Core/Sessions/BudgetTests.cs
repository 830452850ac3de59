using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>What a turn and a session may use: the model is told before a limit is reached, and then the turn ends in words.</summary>
public sealed class BudgetTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_turn_that_has_made_its_steps_ends_and_says_how_it_goes_on_and_the_model_was_told_before()
    {
        var calls = 0;
        life.Model.Always(_ => Answer.Bash($"echo {++calls}", $"c{calls}"));
        life.Policy.Spending = new Budgets { TurnSteps = 5 };

        var session = await life.BeginAsync("count");

        await EngineLife.Is(session, "error");
        Assert.Equal(5, life.Model.Requests.Count);
        Assert.Equal(
            ["This turn has used 4 of its 5 steps (max_turn_steps): the model is told."],
            life.Events<RemarkAdded>(session).Select(e => e.Line));
        Assert.StartsWith(
            "user: [Limit near] This turn has used 4 of its 5 steps (max_turn_steps).\nThis is an automatic remark. It is no input of the user.",
            life.Model.LastRequest[^1]);
        var end = life.Events<TurnEnded>(session)[^1];
        Assert.Equal(("failed", "This turn has used 5 of its 5 steps (max_turn_steps)."), (end.Reason, end.Error));
        Assert.Equal("The next message begins a new turn. /conf max_turn_steps:10 raises the limit, /conf max_turn_steps:none lifts it.", end.Hint);
    }

    [Fact]
    public async Task The_next_message_begins_a_turn_with_steps_of_its_own()
    {
        life.Policy.Spending = new Budgets { TurnSteps = 2 };
        life.Model.Answers(Answer.Bash("echo 1", "c1"), Answer.Bash("echo 2", "c2"), Answer.Of("Now I am done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "error");

        await session.SubmitAsync("go on", life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal("user: go on", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task A_session_that_has_spent_its_dollars_asks_the_model_nothing_until_the_limit_is_raised()
    {
        // 3 tokens in and 2 out a step: 2 dollars.
        life.Policy.Prices = new ModelPrices(Input: 400_000, Output: 400_000);
        life.Policy.Spending = new Budgets { Cost = 5 };
        life.Model.Answers(Answer.Bash("echo 1", "c1"), Answer.Bash("echo 2", "c2"), Answer.Of("Three."), Answer.Of("Four."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");
        Assert.Equal((3, 6m), (life.Model.Requests.Count, session.Row!.Usage.Cost));

        await session.SubmitAsync("and now?", life.Terminal);

        await EngineLife.Is(session, "error");
        await session.WhenQuietAsync();
        Assert.Equal(3, life.Model.Requests.Count);
        Assert.Equal(2, session.Row!.Turns);
        var end = life.Events<TurnEnded>(session)[^1];
        Assert.Equal("This session has used $6.00 of its $5.00 (max_cost).", end.Error);
        Assert.Equal(
            "Nothing goes to the model before the limit is raised. /conf max_cost:10 raises the limit, /conf max_cost:none lifts it.", end.Hint);

        life.Policy.Spending = new Budgets { Cost = 10 };
        await session.SubmitAsync("now?", life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal(["user: and now?", "user: now?"], life.Model.LastRequest[^2..]);
    }

    [Fact]
    public async Task Tokens_are_counted_for_a_turn_and_for_its_session_and_remain_so_after_a_restart()
    {
        // 5 tokens a step.
        life.Policy.Spending = new Budgets { TurnTokens = 100, Tokens = 18 };
        life.Model.Always(_ => Answer.Of("Yes."));
        var session = await life.BeginAsync("one");
        await EngineLife.Is(session, "done");
        await session.SubmitAsync("two", life.Terminal);
        await Eventually.True(() => session.Row is { State: "done", Turns: 2 }, "the second turn is over");
        await using var next = await life.RestartAsync();
        session = await next.FindAsync(session);

        foreach (var message in (string[])["three", "four", "five"])
        {
            await session.SubmitAsync(message, next.Terminal);
            await session.WhenQuietAsync();
        }

        Assert.Equal(4, life.Model.Requests.Count);
        Assert.Equal("This session has used 20 of its 18 tokens (max_tokens).", next.Events<TurnEnded>(session)[^1].Error);
        Assert.Equal(
            ["This session has used 15 of its 18 tokens (max_tokens): the model is told."],
            next.Events<RemarkAdded>(session).Select(e => e.Line));
    }

    [Fact]
    public async Task Without_limits_nothing_ends_a_turn_but_the_model()
    {
        var calls = 0;
        life.Model.Always(_ => ++calls < 60 ? Answer.Bash($"echo {calls}", $"c{calls}") : Answer.Of("Done."));

        var session = await life.BeginAsync("go");

        await EngineLife.Is(session, "done");
        Assert.Empty(life.Events<RemarkAdded>(session));
    }

    [Fact]
    public async Task The_same_call_with_the_same_result_is_remarked_on_and_then_stopped()
    {
        var calls = 0;
        life.Model.Always(_ => Answer.Bash("cat missing.txt", $"c{++calls}"));

        var session = await life.BeginAsync("read it");

        await EngineLife.Is(session, "error");
        Assert.Equal(Limits.SameCalls, calls);
        Assert.Equal(
            ["5 times the same call with the same result: the model is told."], life.Events<RemarkAdded>(session).Select(e => e.Line));
        Assert.Equal(
            "The model made the same call 10 times in a row, with the same result each time: bash.", life.Events<TurnEnded>(session)[^1].Error);

        calls = 100;
        life.Model.Answers(Answer.Of("never asked: the rule answers"));
        await session.SubmitAsync("try again", life.Terminal);
        await Eventually.True(() => session.Row is { State: "error", Turns: 2 }, "the second turn is over");
        Assert.Equal(100 + Limits.SameCalls, calls);
    }

    [Fact]
    public async Task Calls_that_differ_in_words_or_result_and_waiting_for_tasks_are_no_row()
    {
        var calls = 0;
        life.Model.Always(_ => ++calls switch
        {
            < 15 => Answer.Bash("echo x >> count; wc -l < count", $"c{calls}"),
            < 30 => Answer.Calling("task_status", "{}", $"c{calls}"),
            < 48 => Answer.Bash(calls % 2 == 0 ? "echo a" : "echo b", $"c{calls}"),
            _ => Answer.Of("Done."),
        });

        var session = await life.BeginAsync("go");

        await EngineLife.Is(session, "done");
        Assert.Empty(life.Events<RemarkAdded>(session));
    }

    [Fact]
    public async Task Who_waits_for_the_limits_of_a_key_says_so_in_its_log_and_an_interrupt_ends_the_wait()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Waiting("1 of 1 requests are in flight").ThenHold(gate));
        var session = await life.BeginAsync("go");
        await gate.Reached;
        Assert.Equal("running", session.Row!.State);
        Assert.Equal([new StepWaiting(null, "1 of 1 requests are in flight")], life.Events<StepWaiting>(session));

        await session.InterruptAsync();

        await EngineLife.Is(session, "cancelled");
    }

    [Fact]
    public async Task A_message_whose_turn_failed_before_the_model_was_asked_waits_for_the_next_and_does_not_begin_turn_after_turn()
    {
        life.Policy.NoModel = "there is no key";
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "error");
        await session.WhenQuietAsync();
        Assert.Equal(1, session.Row!.Turns);

        life.Policy.NoModel = null;
        life.Model.Answers("Ahoy.");
        await session.SubmitAsync("again", life.Terminal);

        await EngineLife.Is(session, "done");
        Assert.Equal(["user: hello", "user: again"], life.Model.LastRequest);
    }
}
