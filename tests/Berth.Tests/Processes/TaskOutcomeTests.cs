using Berth.Core.Tasks;
using Berth.Platform;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>How a task ends: seven different things, and each exactly once.</summary>
public sealed class TaskOutcomeTests : IDisposable
{
    private readonly Tasks _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public async Task A_command_that_ends_is_told_with_all_that_is_known_of_it()
    {
        var task = _tasks.Start(_tasks.Command("echo one; echo two >&2; exit 3") with { Description = "counting" });
        var ended = await task.Ended;

        Assert.Equal(
            new TaskStarted(
                1, "shell", "call1", "echo one; echo two >&2; exit 3", "counting", task.Started.Pid, task.Started.PidStart,
                _tasks.Scratch.Path(Tasks.Session, "tasks", "1.out"), "model", CurrentProcess.BootId),
            task.Started);
        Assert.Equal("exited", ended.State);
        Assert.Equal(3, ended.ExitCode);
        Assert.Null(ended.Signal);
        Assert.Empty(ended.Children);
        Assert.Equal(8, ended.OutputBytes);
        Assert.Equal("two", ended.LastLine);
        Assert.InRange(ended.Seconds, 0, 20);
        Assert.Equal("one\ntwo\n", File.ReadAllText(task.Started.OutputFile));
        Assert.False(task.IsLive);
    }

    [Theory]
    [InlineData("exit 137", "exited", 137, null)]
    [InlineData("kill -KILL $$", "signaled", null, "SIGKILL")]
    [InlineData("kill -TERM $$", "signaled", null, "SIGTERM")]
    [InlineData("true", "exited", 0, null)]
    [InlineData("no-such-program-anywhere", "exited", 127, null)]
    [InlineData("if", "exited", 2, null)]
    public async Task An_exit_code_and_a_signal_are_different_things(string command, string state, int? code, string? signal)
    {
        var ended = await _tasks.Start(command).Ended;

        Assert.Equal((state, code, signal), (ended.State, ended.ExitCode, ended.Signal));
    }

    [Fact]
    public async Task A_time_out_is_reported_as_one()
    {
        var task = _tasks.Start(_tasks.Command("echo waiting; sleep 60") with { Timeout = TimeSpan.FromMilliseconds(200) });
        var ended = await task.Ended;

        Assert.Equal(("timed_out", "SIGTERM", "waiting"), (ended.State, ended.Signal, ended.LastLine));
    }

    [Fact]
    public async Task A_time_out_that_was_dropped_ends_nothing()
    {
        var task = _tasks.Start(_tasks.Command("until [ -e go ]; do sleep 0.01; done; echo done") with
        {
            Timeout = TimeSpan.FromMilliseconds(300),
        });
        task.DropTimeout();
        var other = _tasks.Start(_tasks.Command("sleep 60") with { Timeout = TimeSpan.FromMilliseconds(300) });

        // The other one had the same time and began later: its end shows that the time is over.
        Assert.Equal("timed_out", (await other.Ended).State);
        Assert.True(task.IsLive);
        File.WriteAllText(_tasks.Scratch.Path("go"), "");
        Assert.Equal(("exited", "done"), ((await task.Ended).State, (await task.Ended).LastLine));
    }

    [Theory]
    [InlineData("user", "stopped_by_user")]
    [InlineData("agent", "stopped_by_agent")]
    public async Task A_stop_is_told_with_who_asked_for_it_however_often_it_is_asked(string by, string state)
    {
        var task = _tasks.Start("echo up; sleep 60");
        await Eventually.True(() => TaskOutput.Of(task.Started.OutputFile).Bytes > 0, "it runs");
        await Task.WhenAll([task.StopAsync(by), task.StopAsync(by), task.StopAsync("user"), task.StopAsync("agent")]);
        var ended = await task.Ended;

        Assert.Equal((state, null, "SIGTERM"), (ended.State, ended.ExitCode, ended.Signal));
        await task.StopAsync("user");
    }

    [Fact]
    public async Task A_stop_after_the_end_changes_no_outcome()
    {
        var task = _tasks.Start("exit 5");
        await task.Ended;
        await task.StopAsync("user");

        Assert.Equal(("exited", 5), ((await task.Ended).State, (await task.Ended).ExitCode));
    }

    [Fact]
    public async Task What_a_trap_says_when_it_is_stopped_is_kept_and_it_runs_once()
    {
        var task = _tasks.Start("trap 'echo cleaning; sleep 0.3; echo clean; exit 7' TERM; echo up; while :; do sleep 0.05; done");
        await Eventually.True(() => TaskOutput.Of(task.Started.OutputFile).Bytes > 0, "it runs");
        await task.StopAsync("user");

        Assert.Equal(("stopped_by_user", 7, "clean"), ((await task.Ended).State, (await task.Ended).ExitCode, (await task.Ended).LastLine));
        // (bash itself says "Terminated" when the signal ends its child.)
        var lines = File.ReadAllLines(task.Started.OutputFile).Where(l => l != "Terminated");
        Assert.Equal(["up", "cleaning", "clean"], lines);
    }

    [Fact]
    public async Task A_command_that_ignores_the_polite_signal_is_ended_by_force()
    {
        var task = _tasks.Start("trap '' TERM; echo up; while :; do sleep 0.05; done");
        await Eventually.True(() => TaskOutput.Of(task.Started.OutputFile).Bytes > 0, "it runs");
        await task.StopAsync("agent");

        Assert.Equal(("stopped_by_agent", "SIGKILL"), ((await task.Ended).State, (await task.Ended).Signal));
        Assert.Empty((await task.Ended).Children);
    }

    [Fact]
    public async Task A_command_that_stopped_itself_can_still_be_ended_politely()
    {
        var task = _tasks.Start("trap 'echo bye; exit 0' TERM; echo up; kill -STOP $$; sleep 60");
        await Eventually.True(() => ProcessTable.Read(task.Started.Pid)?.State == 'T', "it has stopped itself");
        await task.StopAsync("user");

        Assert.Equal("bye", (await task.Ended).LastLine);
    }

    [Fact]
    public async Task Sixty_four_run_at_once_and_the_next_is_refused_with_their_list()
    {
        var running = Enumerable.Range(0, 64)
            .Select(i => _tasks.Start($"until [ -e go ]; do sleep 0.1; done; echo {i}"))
            .ToList();
        var refused = Assert.Throws<TaskRefused>(() => _tasks.Start("echo one too many"));
        Assert.All(running, t => Assert.Contains($"#{t.Number} (pid {t.Started.Pid}) until", refused.Message, StringComparison.Ordinal));
        Assert.Equal(64, _tasks.Table.LiveCount(Tasks.Session));
        Assert.Equal("exited", (await _tasks.Start("echo another session", "6b63bf5c").Ended).State);

        File.WriteAllText(_tasks.Scratch.Path("go"), "");
        for (var i = 0; i < running.Count; i++)
        {
            Assert.Equal(("exited", $"{i}"), ((await running[i].Ended).State, (await running[i].Ended).LastLine));
        }

        Assert.Equal(0, _tasks.Table.LiveCount(Tasks.Session));
        Assert.Equal("exited", (await _tasks.Start("echo again").Ended).State);
    }

    [Fact]
    public async Task A_task_is_found_in_its_own_session_only_until_it_is_forgotten()
    {
        var task = _tasks.Start("echo x");
        await task.Ended;
        await task.Gone;

        Assert.Same(task, _tasks.Table.Find(Tasks.Session, task.Number));
        Assert.Null(_tasks.Table.Find("6b63bf5c", task.Number));
        Assert.Null(_tasks.Table.Find(Tasks.Session, task.Number + 1));
        Assert.Equal([task], _tasks.Table.Of(Tasks.Session));
        _tasks.Table.Forget(Tasks.Session, task.Number);
        Assert.Empty(_tasks.Table.Of(Tasks.Session));
    }

    [Fact]
    public async Task A_number_whose_output_file_exists_is_passed_over()
    {
        PrivateFiles.CreateDirectory(_tasks.Scratch.Path(Tasks.Session, "tasks"));
        File.WriteAllText(_tasks.Scratch.Path(Tasks.Session, "tasks", "1.out"), "of an earlier life");

        Assert.Equal(2, (await _tasks.Start("echo x").Ended).Task);
        Assert.Equal("of an earlier life", File.ReadAllText(_tasks.Scratch.Path(Tasks.Session, "tasks", "1.out")));
    }

    [Theory]
    [InlineData("rm -f $BERTH_TASK")]
    [InlineData("ln -sf /etc/hosts $BERTH_TASK")]
    [InlineData("rm -f $BERTH_TASK; mkdir $BERTH_TASK")]
    [InlineData(": > $BERTH_TASK")]
    public async Task A_command_that_spoils_its_own_output_file_still_has_its_outcome(string command)
    {
        var ended = await _tasks.Start($"echo x; {command}; exit 4").Ended;

        Assert.Equal(("exited", 4, 0L, null), (ended.State, ended.ExitCode, ended.OutputBytes, ended.LastLine));
    }

    [Fact]
    public void A_directory_that_is_gone_is_said_and_leaves_no_trace()
    {
        var command = _tasks.Command("echo x") with { Directory = _tasks.Scratch.Path("gone") };

        Assert.Contains("does not exist", Assert.Throws<SpawnFailure>(() => _tasks.Start(command)).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_tasks.Scratch.Path(Tasks.Session, "tasks")));
        Assert.Empty(_tasks.Table.Of(Tasks.Session));
    }
}
