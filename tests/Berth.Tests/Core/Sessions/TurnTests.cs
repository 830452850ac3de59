using Berth.Protocol.Events;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Turns from a message to their end, as their log has them.</summary>
public sealed class TurnTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_message_is_answered()
    {
        life.Model.Answers("Ahoy.");

        var session = await life.BeginAsync("hello");

        await EngineLife.Is(session, "done");
        Assert.Equal(
            "session_created writer_opened user_message turn_started step_started text_added step_ended turn_ended",
            life.Kinds(session));
        Assert.Equal(["user: hello"], life.Model.LastRequest);
    }

    [Fact]
    public async Task A_call_is_done_and_its_result_goes_to_the_model()
    {
        life.Model.Answers(Answer.Of("I look.").ThenBash("echo 4 boats", "c1"), Answer.Of("Four."));

        var session = await life.BeginAsync("how many boats?");

        await EngineLife.Is(session, "done");
        Assert.Equal(
            "session_created writer_opened user_message turn_started step_started text_added step_ended tool_started "
            + "task_started task_ended tool_ended step_started text_added step_ended turn_ended",
            life.Kinds(session));
        Assert.Equal(
            ["user: how many boats?", "assistant: I look. → bash(c1)", "result c1: 4 boats\n"],
            life.Model.LastRequest);
    }

    [Fact]
    public async Task A_message_during_a_turn_reaches_the_model_at_its_next_step()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Held(gate).ThenBash("echo one", "c1"), Answer.Of("Both."));
        var session = await life.BeginAsync("first");
        await gate.Reached;

        await session.SubmitAsync("second", life.Terminal);
        gate.Open();

        await EngineLife.Is(session, "done");
        Assert.Equal(["user: first", "assistant:  → bash(c1)", "result c1: one\n", "user: second"], life.Model.LastRequest);
        Assert.Equal(1, session.Row!.Turns);
    }

    [Fact]
    public async Task A_message_during_the_last_answer_is_answered_in_the_same_turn()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("One.").ThenHold(gate), Answer.Of("Two."));
        var session = await life.BeginAsync("first");
        await gate.Reached;

        await session.SubmitAsync("second", life.Terminal);
        gate.Open();

        await EngineLife.Is(session, "done");
        Assert.Equal(["user: first", "assistant: One.", "user: second"], life.Model.LastRequest);
        Assert.Equal(1, session.Row!.Turns);
    }

    [Fact]
    public async Task No_message_is_lost_however_close_to_the_end_of_a_turn_it_comes()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        var session = await life.BeginAsync("m0");
        for (var i = 1; i < 100; i++)
        {
            // The end of the turn before is not waited for: some of these meet it.
            await session.SubmitAsync($"m{i}", life.Terminal);
            await Task.Yield();
        }

        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => $"user: m{i}"),
            life.Model.LastRequest.Where(line => line.StartsWith("user")));
    }

    [Fact]
    public async Task A_tool_that_is_not_there_and_arguments_that_are_no_json_are_results_and_the_turn_goes_on()
    {
        life.Model.Answers(
            Answer.Calling("teleport", "{}", "c1").ThenCall("bash", "{\"command\":", "c2").ThenCall("bash", "[]", "c3"), Answer.Of("Sorry."));

        var session = await life.BeginAsync("go");

        await EngineLife.Is(session, "done");
        var results = life.Model.LastRequest.Where(line => line.StartsWith("result")).ToList();
        Assert.Equal(3, results.Count);
        Assert.StartsWith("result c1 (error): There is no tool 'teleport'.", results[0]);
        Assert.StartsWith("result c2 (error): The arguments of bash are no valid JSON", results[1]);
        Assert.Equal("result c3 (error): The arguments of bash must be a JSON object.", results[2]);
        Assert.Empty(life.Events<ToolStarted>(session));
    }

    [Fact]
    public async Task Ids_that_a_model_repeats_or_forgets_name_one_call_each()
    {
        life.Model.Answers(
            Answer.Bash("echo a", "x").ThenBash("echo b", "x").ThenBash("echo c", ""), Answer.Bash("echo d", "x"), Answer.Of("Done."));

        var session = await life.BeginAsync("go");

        await EngineLife.Is(session, "done");
        var ids = life.Events<StepEnded>(session).SelectMany(e => e.Calls).Select(c => c.Id).ToList();
        Assert.Equal(4, ids.Distinct().Count());
        Assert.Equal(
            ["a\n", "b\n", "c\n", "d\n"], ids.Select(id => life.Events<ToolEnded>(session).Single(e => e.Call == id).Output));
    }

    [Fact]
    public async Task Results_stand_in_the_answers_order_whichever_call_ends_first()
    {
        life.Model.Answers(Answer.Bash("sleep 0.3; echo slow", "c1").ThenBash("echo fast", "c2"), Answer.Of("Done."));

        var session = await life.BeginAsync("go");

        await EngineLife.Is(session, "done");
        Assert.Equal(["c2", "c1"], life.Events<ToolEnded>(session).Select(e => e.Call));
        Assert.Equal(["result c1: slow\n", "result c2: fast\n"], life.Model.LastRequest[^2..]);
    }

    [Fact]
    public async Task A_model_that_fails_ends_the_turn_with_the_reason_and_keeps_what_it_said()
    {
        life.Model.Answers(Answer.Of("Half an ans").ThenFail("The stream broke."), Answer.Of("Whole."));
        var session = await life.BeginAsync("first");
        await EngineLife.Is(session, "error");

        Assert.Equal("The stream broke.", Assert.Single(life.Events<TurnEnded>(session)).Error);
        await session.SubmitAsync("again", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            ["user: first", "assistant: Half an ans\n[this answer was cut off here by an error]", "user: again"],
            life.Model.LastRequest);
    }
}
