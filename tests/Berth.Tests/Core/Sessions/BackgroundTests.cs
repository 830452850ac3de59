using System.Collections.Concurrent;
using Berth.Core.Sessions;
using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Commands that nobody waits for: their end reaches the model once, and wakes it when it sleeps.</summary>
public sealed class BackgroundTests : IAsyncDisposable
{
    private const string UntilGo = "until [ -e go ]; do sleep 0.02; done; echo landed";

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task The_end_of_one_wakes_an_idle_session()
    {
        life.Model.Answers(Answer.Bash(UntilGo, "c1", background: true), Answer.Of("Started."), Answer.Of("It landed."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");
        var task = Assert.Single(life.Events<TaskStarted>(session)).Task;

        Go();

        await Eventually.True(() => session.Row!.Turns == 2, "a turn begins by itself");
        await EngineLife.Is(session, "done");
        Assert.Equal("notice", life.Events<TurnStarted>(session)[^1].Cause);
        Assert.StartsWith($"user: [Task #{task} completed] {UntilGo} — exit code 0 (landed)\n", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task Five_that_end_together_wake_it_once()
    {
        var started = Enumerable.Range(1, 5).Aggregate(Answer.Of("Five."), (a, i) => a.ThenBash($"{UntilGo} {i}", $"c{i}", background: true));
        life.Model.Answers(started, Answer.Of("Started."), Answer.Of("All landed."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        Go();

        await Eventually.True(() => life.Events<TurnEnded>(session).Count == 2, "a turn begins by itself");
        Assert.Equal(3, life.Model.Requests.Count);
        Assert.Equal(5, life.Model.LastRequest.Count(line => line.Contains("completed]")));
        Assert.Equal(5, life.Events<NoticeAdded>(session).Count);
    }

    [Fact]
    public async Task A_turn_that_runs_gets_it_at_its_next_step()
    {
        var gate = new ModelGate();
        life.Model.Answers(
            Answer.Bash(UntilGo, "c1", background: true), Answer.Of("Working.").ThenHold(gate).ThenBash("echo more", "c2"), Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await gate.Reached;
        Go();
        await life.Holds<NoticeAdded>(session);

        gate.Open();

        await EngineLife.Is(session, "done");
        Assert.Equal(1, session.Row!.Turns);
        Assert.Equal("result c2: more\n", life.Model.LastRequest[^2]);
        Assert.Contains("completed]", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task A_persons_own_command_is_told_once_and_wakes_nobody()
    {
        life.Model.Answers("Hello.");
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");

        await session.RunShellAsync("echo mine", life.Terminal, background: false);

        await life.Holds<NoticeAdded>(session, e => !e.Wakes);
        await session.WhenQuietAsync();
        Assert.Single(life.Model.Requests);
        life.Model.Answers("I see.");
        await session.SubmitAsync("well?", life.Terminal);
        await Eventually.True(() => life.Events<TurnEnded>(session).Count == 2, "the turn ends");
        Assert.Contains("] echo mine — exit code 0 (mine)", life.Model.LastRequest[^2]);
        Assert.Equal("user: well?", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task A_persons_own_command_during_a_turn_adds_no_step_to_it()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("Slowly.").ThenHold(gate));
        var session = await life.BeginAsync("go");
        await gate.Reached;

        await session.RunShellAsync("echo mine", life.Terminal, background: false);
        await life.Holds<NoticeAdded>(session);
        gate.Open();

        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
        Assert.Single(life.Model.Requests);
        Assert.Equal(1, session.Row!.Turns);
    }

    [Fact]
    public async Task What_the_user_stopped_is_told_and_wakes_nobody()
    {
        life.Model.Answers(Answer.Bash("sleep 100", "c1", background: true), Answer.Of("Started."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        await life.Tasks.Of(session.Id)[0].StopAsync("user");

        await life.Holds<NoticeAdded>(session, e => !e.Wakes && e.Text.Contains("do not start it again"));
        await session.WhenQuietAsync();
        Assert.Equal(2, life.Model.Requests.Count);
    }

    [Fact]
    public async Task A_command_that_takes_too_long_leaves_the_foreground_by_itself()
    {
        life.Policy.Patience = TimeSpan.FromMilliseconds(50);
        life.Model.Answers(Answer.Bash($"echo so far; {UntilGo}", "c1"), Answer.Of("Meanwhile."), Answer.Of("Landed."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");
        Assert.Contains("dispatched to background", life.Model.LastRequest[^1]);
        Assert.Contains("so far", life.Model.LastRequest[^1]);
        Assert.Contains("It had run for 0.1 s", life.Model.LastRequest[^1]);

        Go();

        await Eventually.True(() => life.Events<TurnEnded>(session).Count == 2, "its end wakes the session");
        Assert.Equal("time", Assert.Single(life.Events<TaskBackgrounded>(session)).By);
    }

    [Theory]
    [InlineData(50, false, "time", "timed_out")]
    [InlineData(60_000, true, "key", "exited")]
    public async Task A_time_out_that_was_asked_for_counts_in_the_background_too_until_a_person_sends_it_there(
        int patience, bool byKey, string by, string outcome)
    {
        life.Policy.Patience = TimeSpan.FromMilliseconds(patience);
        life.Model.Answers(
            Answer.Calling("bash", $$"""{"command":"echo so far; until [ -e late ]; do sleep 0.02; done","timeout":3000}""", "c1"),
            Answer.Of("Meanwhile."), Answer.Of("I see."));
        var session = await life.BeginAsync("go");
        await life.Holds<TaskStarted>(session);
        if (byKey)
        {
            Assert.Single(await session.BackgroundAsync(null, "key"));
        }

        // Another one with the same time, started later: when it has ended the first one's time is over.
        var other = life.Tasks.Start("6b63bf5c", life.Project, new ShellCommand(
            "sleep 100", null, life.Project, Bash.Variables, 0x12, TimeSpan.FromMilliseconds(3000), "model", null));
        await other.Ended;
        await File.WriteAllTextAsync(Path.Combine(life.Project, "late"), "");

        await life.Holds<TaskEnded>(session);
        Assert.Equal(by, Assert.Single(life.Events<TaskBackgrounded>(session)).By);
        Assert.Equal(outcome, Assert.Single(life.Events<TaskEnded>(session)).State);
        Assert.Equal(byKey, life.Events<ToolEnded>(session)[0].Output.Contains("The user sent it to the background"));
    }

    [Fact]
    public async Task Sent_there_in_the_moment_of_its_end_it_has_either_a_result_or_one_notice()
    {
        // The model answers whatever comes; each round is one command whose end races with the key.
        life.Model.Always(r => r.Messages[^1] is Berth.Core.Models.UserEntry { Text: var text } && text.StartsWith("round")
            ? Answer.Bash("exec true", $"c{r.Messages.Count}") : Answer.Of("Ok."));
        var sessions = new ConcurrentBag<Session>();
        await Parallel.ForAsync(0, 200, TestContext.Current.CancellationToken, async (round, _) =>
        {
            var session = await life.BeginAsync($"round {round}");
            sessions.Add(session);
            while (life.Tasks.Of(session.Id).Count == 0 && session.Row is not { State: "done" })
            {
                await Task.Yield();
            }

            // From "at once" to "long over": the rounds sweep over the moment of the end.
            for (var spin = 0; spin < round % 40; spin++)
            {
                await Task.Yield();
                Thread.SpinWait(2_000);
            }

            await session.BackgroundAsync(null, "key");
        });

        foreach (var session in sessions)
        {
            await Eventually.True(() => session.Row is { State: "done", Tasks: 0 }, "all is over");
            var backgrounded = life.Events<TaskBackgrounded>(session).Count;
            Assert.Single(life.Events<TaskEnded>(session));
            Assert.Equal(backgrounded, life.Events<NoticeAdded>(session).Count);
            Assert.Equal(backgrounded == 1, life.Events<ToolEnded>(session).Single().Output.Contains("dispatched to background"));
            await Eventually.True(() => NoticesToldTo(session) == backgrounded, "the model was told of each notice, once");
        }
    }

    [Theory]
    [InlineData("rm -f $BERTH_TASK")]
    [InlineData("ln -sf /etc/hosts $BERTH_TASK")]
    [InlineData("rm -f $BERTH_TASK; mkdir $BERTH_TASK")]
    public async Task A_command_that_spoils_its_own_output_file_is_told_of_all_the_same(string command)
    {
        life.Model.Answers(Answer.Bash($"{UntilGo}; {command}", "c1", background: true), Answer.Of("Started."), Answer.Of("Odd."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        Go();

        await Eventually.True(() => life.Events<TurnEnded>(session).Count == 2, "its end wakes the session");
        Assert.Contains("It has no output.", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task A_persons_own_command_is_waited_for_until_a_key_sends_it_away()
    {
        life.Model.Answers("Hello.");
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");
        var mine = await session.RunShellAsync(UntilGo, life.Terminal, background: false);
        Assert.Empty(life.Events<TaskBackgrounded>(session));

        Assert.Equal(mine, Assert.Single(await session.BackgroundAsync(null, "key")));
        Assert.Empty(await session.BackgroundAsync(null, "key"));
        Go();

        await life.Holds<NoticeAdded>(session, e => !e.Wakes && e.Text.Contains("The user ran this command"));
        Assert.Equal(new TaskBackgrounded(mine.Task, "key"), Assert.Single(life.Events<TaskBackgrounded>(session)));
        Assert.Single(life.Model.Requests);
    }

    [Fact]
    public async Task Esc_ends_the_persons_own_command_that_is_waited_for_and_no_other()
    {
        life.Model.Answers("Hello.");
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");
        var away = await session.RunShellAsync("sleep 100", life.Terminal, background: true);
        var mine = await session.RunShellAsync("sleep 100", life.Terminal, background: false);

        Assert.True(await session.InterruptAsync());

        await life.Holds<TaskEnded>(session, e => e.Task == mine.Task && e.State == "stopped_by_user");
        Assert.Equal("done", session.Row!.State);
        Assert.Equal(away.Task, Assert.Single(life.Tasks.Live()).Number);
        Assert.False(await session.InterruptAsync());
    }

    private int NoticesToldTo(Session session) =>
        Conversation.Lines(life.Model.RequestsOf(session)[^1]).Count(line => line.Contains("] exec true — exit code 0"));

    private void Go() => File.WriteAllText(Path.Combine(life.Project, "go"), "");
}
