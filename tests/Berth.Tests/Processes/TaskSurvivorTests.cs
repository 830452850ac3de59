using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>What a command leaves behind holds nobody up, stays known, and can be ended.</summary>
public sealed class TaskSurvivorTests : IDisposable
{
    private readonly Tasks _tasks = new();

    public void Dispose() => _tasks.Dispose();

    public static TheoryData<string> WaysToLeave =>
    [
        "sleep 60 & echo $! > pid",
        "set -m; sleep 60 & echo $! > pid",
        "setsid sh -c 'echo $$ > pid; exec sleep 60' &",
        "(setsid sh -c 'echo $$ > pid; exec sleep 60' &)",
        "nohup sh -c 'echo $$ > pid; exec sleep 60' & disown",
        "trap '' TERM HUP; sh -c 'echo $$ > pid; while :; do sleep 1; done' &",
        "(cd /; setsid sh -c 'echo $$ > $OLDPWD/pid; exec sleep 60 > /dev/null 2>&1' &)",
        "echo $BASHPID > shell; (sh -c 'sleep 0.1; echo $$ > pid; exec sleep 60' &) ; exit 0",
    ];

    [Theory]
    [MemberData(nameof(WaysToLeave))]
    public async Task The_wait_ends_with_the_shell_and_the_survivor_is_named_and_can_be_stopped(string command)
    {
        var task = _tasks.Start(command + "\nuntil [ -e go ]; do sleep 0.01; done");
        if (command.Contains("exit 0", StringComparison.Ordinal))
        {
            await task.Ended;
        }

        var survivor = await _tasks.PidIn("pid");
        File.WriteAllText(_tasks.Scratch.Path("go"), "");
        var ended = await task.Ended;

        Assert.Equal(("exited", 0), (ended.State, ended.ExitCode));
        await Eventually.True(() => task.Survivors().Contains(survivor), "the survivor is found");
        Assert.False(task.IsLive);
        Assert.False(task.Gone.IsCompleted);

        await task.StopAsync("user");
        await ProcessExpectations.Ends(survivor);
        await task.Gone;
        Assert.Empty(task.Survivors());
        Assert.Equal("exited", (await task.Ended).State);
    }

    [Fact]
    public async Task A_survivor_is_told_in_the_outcome_until_it_is_gone()
    {
        var task = _tasks.Start("sh -c 'until [ -e go ]; do sleep 0.01; done; echo late' & echo $! > pid; echo early");
        var survivor = await _tasks.PidIn("pid");
        var ended = await task.Ended;
        // The survivor starts helpers of its own, which live too.
        Assert.Contains(survivor, ended.Children);
        Assert.Equal("early", ended.LastLine);

        File.WriteAllText(_tasks.Scratch.Path("go"), "");
        await task.Gone;
        Assert.Empty(task.Survivors());
        Assert.Equal("early\nlate\n", File.ReadAllText(task.Started.OutputFile));
    }

    [Fact]
    public async Task Only_the_task_itself_is_stopped_and_no_other()
    {
        var other = _tasks.Start("sleep 60 & echo $! > other; wait");
        var task = _tasks.Start("set -m; sleep 60 & (setsid sleep 60 &); echo $! > pid; wait");
        var (mine, others) = (await _tasks.PidIn("pid"), await _tasks.PidIn("other"));
        await task.StopAsync("user");

        await ProcessExpectations.Ends(mine);
        Assert.True(other.IsLive);
        Assert.NotNull(ProcessTable.Read(others));
    }

    [Fact]
    public async Task Stopping_a_session_ends_its_tasks_and_their_survivors()
    {
        var running = _tasks.Start("sleep 60");
        var left = _tasks.Start("sleep 60 & echo $! > pid");
        await left.Ended;
        var elsewhere = _tasks.Start("sleep 60", "6b63bf5c");
        await _tasks.Table.StopAllAsync(Tasks.Session, "user");

        await ProcessExpectations.Ends(await _tasks.PidIn("pid"));
        Assert.Equal("stopped_by_user", (await running.Ended).State);
        Assert.True(elsewhere.IsLive);
        Assert.Equal([elsewhere], _tasks.Table.Live());
        await _tasks.Table.StopAllAsync("6b63bf5c", "user");
    }
}
