using Berth.Core.Tasks;
using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>Tasks outlive the daemon, and the next one finds them again.</summary>
public sealed class TaskRecoveryTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Tasks _first;
    private Tasks? _second;

    public TaskRecoveryTests() => _first = new Tasks(scratch: _scratch);

    public void Dispose()
    {
        _first.Dispose();
        _second?.Dispose();
    }

    [Fact]
    public async Task A_task_that_runs_on_is_found_and_its_end_is_seen()
    {
        var before = _first.Start("until [ -e go ]; do sleep 0.01; done; echo whole; exit 3");
        var task = Restart(before);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => before.Ended);
        Assert.True(task.IsLive);
        Assert.Equal([task], _second!.Table.Live());
        var lived = DateTimeOffset.UtcNow - task.StartedAt;

        File.WriteAllText(_scratch.Path("go"), "");
        var ended = await task.Ended;
        Assert.Equal(("exited", 3, null, "whole"), (ended.State, ended.ExitCode, ended.Signal, ended.LastLine));
        Assert.True(ended.Seconds + 0.001 >= lived.TotalSeconds, $"{ended.Seconds} s, of which {lived} before the end");
    }

    [Fact]
    public async Task A_task_that_runs_on_can_be_stopped_with_all_that_came_from_it()
    {
        var before = _first.Start("(setsid sh -c 'echo $$ > pid; exec sleep 60' &); sleep 60");
        var survivor = await _first.PidIn("pid");
        var task = Restart(before);
        await task.StopAsync("user");

        Assert.Equal("stopped_by_user", (await task.Ended).State);
        await ProcessExpectations.Ends(survivor);
        await ProcessExpectations.Ends(task.Started.Pid);
    }

    [Fact]
    public async Task A_task_that_ended_meanwhile_is_unknown_and_its_survivors_are_found()
    {
        var before = _first.Start("(setsid sh -c 'echo $$ > pid; exec sleep 60' &); echo last words");
        var survivor = await _first.PidIn("pid");
        await before.Ended;
        var task = Restart(before);
        var ended = await task.Ended;

        Assert.Equal(("unknown", "last words"), (ended.State, ended.LastLine));
        Assert.Equal([survivor], ended.Children);
        await task.StopAsync("user");
        await ProcessExpectations.Ends(survivor);
        await task.Gone;
    }

    [Fact]
    public async Task A_stranger_with_the_same_number_is_neither_found_nor_signalled()
    {
        // As when the number had gone to another process: the same pid, another start.
        var stranger = _first.Start("sleep 60");
        _second = new Tasks(scratch: _scratch);
        var started = stranger.Started with
        {
            Task = 9, PidStart = stranger.Started.PidStart - 1, OutputFile = _scratch.Path("9.out"),
        };
        var task = _second.Table.Attach(Tasks.Session, started, DateTimeOffset.UnixEpoch);

        Assert.Equal("unknown", (await task.Ended).State);
        Assert.Empty((await task.Ended).Children);
        await task.StopAsync("user");
        Assert.True(ProcessTable.IsAlive(stranger.Started.Pid, stranger.Started.PidStart));
    }

    [Fact]
    public async Task After_a_restart_of_the_machine_nothing_of_a_task_is_looked_for()
    {
        var stranger = _first.Start("sleep 60");
        _second = new Tasks(scratch: _scratch);
        var task = _second.Table.Attach(
            Tasks.Session, stranger.Started with { Boot = "00000000-0000-0000-0000-000000000000" }, DateTimeOffset.UnixEpoch);

        Assert.Equal("unknown", (await task.Ended).State);
        Assert.Empty((await task.Ended).Children);
        await task.StopAsync("user");
        Assert.True(ProcessTable.IsAlive(stranger.Started.Pid, stranger.Started.PidStart));
    }

    private ITask Restart(ShellTask task)
    {
        _first.LetGo();
        _second = new Tasks(scratch: _scratch);
        return _second.Table.Attach(Tasks.Session, task.Started, task.StartedAt);
    }
}
