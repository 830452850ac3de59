using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>What the next life of the engine makes of what the one before left: all is there, nothing is done twice.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_turn_that_waits_for_a_person_waits_on_and_the_answer_continues_it(bool dies)
    {
        life.Policy.Judge = _ => Verdict.Ask;
        life.Model.Answers(Answer.Of("May I?").ThenBash("echo ran", "c1"), Answer.Of("Done."));
        var before = await life.BeginAsync("go");
        await EngineLife.Is(before, "waiting");

        var next = dies ? await life.DieAsync() : await life.RestartAsync(stopTasks: true);
        var session = await next.FindAsync(before);

        await EngineLife.Is(session, "waiting");
        Assert.Single(life.Model.Requests);
        Assert.Equal("r1", (await session.AnswerAsync(null, "yes", null, next.Terminal))!.Request);
        await EngineLife.Is(session, "done");
        Assert.Single(next.Events<RequestOpened>(session));
        Assert.Single(next.Events<ToolStarted>(session));
        Assert.Equal(["user: go", "assistant: May I? → bash(c1)", "result c1: ran\n"], life.Model.LastRequest);
    }

    [Fact]
    public async Task A_second_call_that_had_to_wait_for_its_turn_is_asked_for_after_the_first()
    {
        life.Policy.Judge = _ => Verdict.Ask;
        life.Model.Answers(Answer.Bash("echo one", "c1").ThenBash("echo two", "c2"), Answer.Of("Done."));
        var before = await life.BeginAsync("go");
        await EngineLife.Is(before, "waiting");

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);
        await session.AnswerAsync("r1", "yes", null, next.Terminal);

        await next.Holds<RequestOpened>(session, e => e.Call == "c2");
        await session.AnswerAsync("r2", "yes", null, next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(["result c1: one\n", "result c2: two\n"], life.Model.LastRequest[^2..]);
    }

    [Fact]
    public async Task A_command_that_ran_beside_the_call_that_waits_is_unknown_and_the_request_waits_on()
    {
        life.Policy.Judge = line => line.StartsWith("sleep") ? Verdict.Allow : Verdict.Ask;
        life.Model.Answers(Answer.Bash("sleep 100", "c1").ThenBash("echo ran", "c2"), Answer.Of("Done."));
        var before = await life.BeginAsync("go");
        await EngineLife.Is(before, "waiting");
        await life.Holds<TaskStarted>(before);

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);

        await next.Holds<ToolEnded>(session, e => e is { Call: "c1", Outcome: "unknown" });
        Assert.Equal("waiting", session.Row!.State);
        await session.AnswerAsync(null, "yes", null, next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.StartsWith("result c1 (error): Unknown outcome", life.Model.LastRequest[^2]);
        Assert.Equal("result c2: ran\n", life.Model.LastRequest[^1]);
        Assert.Single(next.Events<ToolStarted>(session), e => e.Call == "c1");
    }

    [Fact]
    public async Task A_turn_whose_answer_streamed_is_interrupted_and_not_sent_again()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("Once upon").ThenHold(gate), Answer.Of("Fine."));
        var before = await life.BeginAsync("a story");
        await life.Holds<TextAdded>(before);

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);

        await EngineLife.Is(session, "interrupted");
        Assert.Single(life.Model.Requests);
        await session.SubmitAsync("go on", next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(
            ["user: a story", "assistant: Once upon\n[this answer was cut off here because the program died]", "user: go on"],
            life.Model.LastRequest);
    }

    [Fact]
    public async Task A_turn_whose_request_had_brought_nothing_is_interrupted_too()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Held(gate), Answer.Of("Fine."));
        var before = await life.BeginAsync("think");
        await gate.Reached;

        var next = await life.DieAsync();

        await EngineLife.Is(await next.FindAsync(before), "interrupted");
        Assert.Single(life.Model.Requests);
    }

    [Fact]
    public async Task A_tool_that_ran_is_an_unknown_outcome_and_its_command_runs_on_and_is_found()
    {
        life.Model.Answers(Answer.Bash("echo started; sleep 100", "c1"), Answer.Of("Fine."));
        var before = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(before);
        var task = life.Events<TaskStarted>(before)[0];

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);

        await EngineLife.Is(session, "interrupted");
        Assert.True(ProcessTable.IsAlive(task.Pid, task.PidStart));
        Assert.Equal(task.Task, Assert.Single(next.Tasks.Of(session.Id)).Number);
        await session.SubmitAsync("what happened?", next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.StartsWith("result c1 (error): Unknown outcome", life.Model.LastRequest[^2]);
        Assert.Contains($"task #{task.Task}", life.Model.LastRequest[^2]);
    }

    [Fact]
    public async Task The_end_of_a_command_whose_turn_died_is_told_and_begins_nothing_though_a_message_waits()
    {
        life.Model.Answers(Answer.Bash("until [ -e go ]; do sleep 0.02; done; echo landed", "c1"), Answer.Of("I see."));
        var before = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(before);
        await before.SubmitAsync("and then?", life.Terminal);

        var next = await life.DieAsync();
        var session = await next.FindAsync(before);
        File.WriteAllText(Path.Combine(life.Project, "go"), "");
        await next.Holds<NoticeAdded>(session, e => !e.Wakes);
        await session.WhenQuietAsync();

        Assert.Equal(("interrupted", 1), (session.Row!.State, session.Row.Turns));
        Assert.Single(life.Model.Requests);
        await session.SubmitAsync("go on", next.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal("user: and then?", life.Model.LastRequest[^3]);
        Assert.Contains("landed", life.Model.LastRequest[^2]);
        Assert.Equal("user: go on", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task An_orderly_restart_leaves_commands_running_and_tells_of_their_end_later()
    {
        life.Model.Answers(Answer.Bash("until [ -e go ]; do sleep 0.02; done; echo landed", "c1"), Answer.Of("Noted."));
        var before = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(before);
        var task = life.Events<TaskStarted>(before)[0];

        var next = await life.RestartAsync(stopTasks: false);
        var session = await next.FindAsync(before);
        await EngineLife.Is(session, "interrupted");
        Assert.True(ProcessTable.IsAlive(task.Pid, task.PidStart));
        File.WriteAllText(Path.Combine(next.Project, "go"), "");

        await EngineLife.Is(session, "done");
        Assert.Equal(("exited", 0), next.Events<TaskEnded>(session) is [var ended] ? (ended.State, ended.ExitCode) : default);
        Assert.Contains("landed", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task An_orderly_stop_ends_commands_and_names_them()
    {
        life.Model.Answers(Answer.Bash("sleep 100", "c1"));
        var session = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(session);
        var task = life.Events<TaskStarted>(session)[0];

        var ended = await life.EndAsync(stopTasks: true);

        Assert.Equal(["interrupted: go", $"task #{task.Task} stopped (sleep 100)"], ended);
        Assert.False(ProcessTable.IsAlive(task.Pid, task.PidStart));
        Assert.Equal("stopped_by_user", Assert.Single(life.Events<TaskEnded>(session)).State);
        Assert.Single(life.Model.Requests);
    }

    [Fact]
    public async Task A_task_that_ended_while_no_daemon_ran_is_told_of_at_the_next_turn_and_wakes_nobody()
    {
        life.Model.Answers(Answer.Bash("until [ -e go ]; do sleep 0.02; done", "c1", background: true), Answer.Of("Started."), Answer.Of("I see."));
        var before = await life.BeginAsync("go");
        await EngineLife.Is(before, "done");
        var task = life.Events<TaskStarted>(before)[0];

        var next = await life.RestartAsync(meanwhile: async () =>
        {
            await File.WriteAllTextAsync(Path.Combine(life.Project, "go"), "");
            await Eventually.True(() => !ProcessTable.IsAlive(task.Pid, task.PidStart), "the command has ended");
        });
        var session = await next.FindAsync(before);

        await next.Holds<NoticeAdded>(session, e => !e.Wakes);
        Assert.Equal(2, life.Model.Requests.Count);
        await session.SubmitAsync("news?", next.Terminal);
        await Eventually.True(() => life.Model.Requests.Count == 3, "the model is asked");
        Assert.StartsWith($"user: [Task #{task.Task} ", life.Model.LastRequest[^2]);
    }

    [Fact]
    public async Task Every_session_and_slot_is_as_before()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        var sessions = new List<Session>();
        for (var i = 0; i < 5; i++)
        {
            sessions.Add(await life.BeginAsync($"m{i}"));
            await EngineLife.Is(sessions[i], "done");
            await life.Board.TakeSlotAsync(life.Project, sessions[i].Id);
        }

        await life.Board.FreeAsync(life.Project, sessions[1].Id);
        var rows = await life.Board.AllAsync(life.Project);
        var slots = life.Board.SlotsOf(life.Project);

        var next = await life.DieAsync();

        Assert.Equal(rows, await next.Board.AllAsync(life.Project));
        Assert.Equal(slots, next.Board.SlotsOf(life.Project));
    }

    [Fact]
    public async Task A_slot_of_a_session_that_never_began_is_free_again()
    {
        var session = life.Begin();
        await life.Board.TakeSlotAsync(life.Project, session.Id);

        var next = await life.DieAsync();

        Assert.Empty(next.Board.SlotsOf(life.Project));
    }
}
