using Berth.Core.Permissions;
using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Esc, wherever a turn stands: it ends at once, and the model is told at the next turn.</summary>
public sealed class InterruptTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task While_the_model_speaks()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("Once upon").ThenHold(gate), Answer.Of("Fine."));
        var session = await life.BeginAsync("tell me a story");
        await life.Holds<TextAdded>(session);

        Assert.True(await session.InterruptAsync());

        await EngineLife.Is(session, "cancelled");
        await session.SubmitAsync("a shorter one", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            ["user: tell me a story", "assistant: Once upon\n[the user interrupted this answer here]", "user: a shorter one"],
            life.Model.LastRequest);
    }

    [Fact]
    public async Task Before_the_first_word()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Held(gate), Answer.Of("Fine."));
        var session = await life.BeginAsync("think hard");
        await gate.Reached;

        await session.InterruptAsync();

        await EngineLife.Is(session, "cancelled");
        await session.SubmitAsync("do not", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            ["user: think hard", "assistant: [the user interrupted this answer here]", "user: do not"],
            life.Model.LastRequest);
    }

    [Fact]
    public async Task While_commands_run_they_end_with_all_that_they_started()
    {
        life.Model.Answers(Answer.Bash("sleep 100 & echo $! > child; wait", "c1").ThenBash("sleep 100", "c2"), Answer.Of("Fine."));
        var session = await life.BeginAsync("go");
        var child = await Bash.NumberIn(Path.Combine(life.Project, "child"));
        await Eventually.True(() => life.Events<TaskStarted>(session).Count == 2, "both run");

        await session.InterruptAsync();

        await EngineLife.Is(session, "cancelled");
        await ProcessExpectations.Ends(child);
        await Eventually.True(() => life.Events<TaskEnded>(session).Count == 2, "both have ended");
        Assert.All(life.Events<TaskEnded>(session), e => Assert.Equal("stopped_by_user", e.State));
        Assert.Empty(life.Events<NoticeAdded>(session));
        await session.SubmitAsync("and now?", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            [
                "user: go", "assistant:  → bash(c1) → bash(c2)",
                "result c1 (error): The user interrupted this call while it ran. Its effects may be there in part.",
                "result c2 (error): The user interrupted this call while it ran. Its effects may be there in part.",
                "user: and now?",
            ],
            life.Model.LastRequest);
    }

    [Fact]
    public async Task While_a_person_is_asked()
    {
        life.Policy.Judge = _ => Verdict.Ask;
        life.Model.Answers(Answer.Bash("touch made", "c1"), Answer.Of("Fine."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "waiting");

        await session.InterruptAsync();

        await EngineLife.Is(session, "cancelled");
        Assert.Null(await session.AnswerAsync(null, "yes", null, life.Terminal));
        await session.SubmitAsync("and now?", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            "result c1 (error): The user interrupted the turn before this call started.", life.Model.LastRequest[^2]);
        Assert.False(File.Exists(Path.Combine(life.Project, "made")));
    }

    [Fact]
    public async Task With_a_message_queued_that_message_begins_the_next_turn()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("The long way").ThenHold(gate), Answer.Of("The short way."));
        var session = await life.BeginAsync("go");
        await life.Holds<TextAdded>(session);
        await session.SubmitAsync("the short way, please", life.Terminal);

        await session.InterruptAsync();

        await EngineLife.Is(session, "done");
        Assert.Equal(2, session.Row!.Turns);
        Assert.Equal("user: the short way, please", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task A_command_that_went_to_the_background_outlives_it()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Bash("sleep 100", "c1"), Answer.Held(gate));
        var session = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(session);
        var task = Assert.Single(await session.BackgroundAsync(null, "key"));

        await session.InterruptAsync();

        await EngineLife.Is(session, "cancelled");
        Assert.True(ProcessTable.IsAlive(task.Pid, task.PidStart));
        Assert.Empty(life.Events<TaskEnded>(session));
    }

    [Fact]
    public async Task Nothing_that_had_not_started_starts_after_it()
    {
        // The calls and the interrupt race; whichever comes first, no command is left running when all is over.
        for (var i = 0; i < 30; i++)
        {
            life.Model.Answers(Answer.Bash("sleep 100", "c1").ThenBash("sleep 100", "c2"));
            var session = await life.BeginAsync($"go {i}");
            await Eventually.True(() => life.Model.Requests.Count == i + 1, "the model was asked");

            await session.InterruptAsync();

            await session.WhenQuietAsync();
            Assert.Equal("cancelled", session.Row!.State);
        }

        await Eventually.True(() => life.Tasks.Live().Count == 0, "no command runs");
    }

    [Fact]
    public async Task Whenever_it_comes_while_words_stream_the_turn_is_cancelled_and_never_failed()
    {
        for (var i = 0; i < 60; i++)
        {
            var gate = new ModelGate();
            life.Model.Answers(Answer.Of("a", "b", "c").ThenHold(gate));
            var session = await life.BeginAsync($"go {i}");

            // Around the moment in which gathered words are written.
            await gate.Reached;
            await Task.Delay(TimeSpan.FromMilliseconds(i), TestContext.Current.CancellationToken);
            await session.InterruptAsync();

            await session.WhenQuietAsync();
            Assert.Equal("cancelled", session.Row!.State);
        }
    }
}
