using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

public sealed class ProcessTableTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Children _children = new();

    public void Dispose()
    {
        _children.Dispose();
        _scratch.Dispose();
    }

    [Fact]
    public void This_process_is_in_the_table_under_its_number()
    {
        var me = ProcessTable.Read(Environment.ProcessId);

        Assert.NotNull(me);
        Assert.False(me.IsZombie);
        Assert.True(me.StartTicks > 0);
        Assert.Equal(me.StartTicks, CurrentProcess.StartTicks(Environment.ProcessId));
        Assert.Contains(ProcessTable.All(), p => p.Pid == me.Pid && p.StartTicks == me.StartTicks);
        Assert.Equal(36, CurrentProcess.BootId.Length);
        Assert.True(CurrentProcess.MemoryBytes > 1_000_000);
    }

    [Fact]
    public async Task A_program_with_brackets_and_spaces_in_its_name_is_read_right()
    {
        File.Copy("/bin/sleep", _scratch.Path(") R 1 (x"));
        var child = _children.Start(new SpawnOptions(_scratch.Path(") R 1 (x"), ["60"], _scratch.Root, Bash.Variables));

        Assert.Equal(
            (child.Pid, Environment.ProcessId, child.Pid, child.Pid),
            ProcessTable.Read(child.Pid) is { } p ? (p.Pid, p.ParentPid, p.Group, p.Session) : default);
        child.Signal(SignalNumbers.Kill);
        await child.Exited;
    }

    [Fact]
    public async Task A_process_with_another_start_time_is_never_signalled()
    {
        var child = _children.Start(Bash.Options(_scratch.Root, "exec sleep 60"));

        Assert.False(ProcessTable.Signal(child.Pid, child.StartTicks - 1, SignalNumbers.Kill));
        Assert.True(ProcessTable.IsAlive(child.Pid, child.StartTicks));
        Assert.False(ProcessTable.IsAlive(child.Pid, child.StartTicks - 1));
        Assert.True(ProcessTable.Signal(child.Pid, child.StartTicks, SignalNumbers.Kill));
        Assert.Equal(new Signaled(9, "SIGKILL"), await child.Exited);
        Assert.False(ProcessTable.Signal(child.Pid, child.StartTicks, SignalNumbers.Kill));
        Assert.False(ProcessTable.IsAlive(child.Pid, child.StartTicks));
    }

    [Fact]
    public async Task A_variable_is_found_whole_only_however_large_the_environment()
    {
        var variables = new Dictionary<string, string>(Bash.Variables);
        for (var i = 0; i < 8; i++)
        {
            variables[$"LARGE{i}"] = new string('x', 100_000 + i);
        }

        variables["MARK"] = "berth-12";
        variables["X"] = "MARK=berth-34";
        var child = _children.Start(new SpawnOptions("/bin/sleep", ["60"], _scratch.Root, variables));

        // For an instant after the start the kernel has not yet put the variables into their place.
        await Eventually.True(() => ProcessTable.HasVariableIfKnown(child.Pid, "MARK", "berth-12") is not null, "they are in place");
        Assert.True(ProcessTable.HasVariable(child.Pid, "MARK", "berth-12"));
        Assert.False(ProcessTable.HasVariable(child.Pid, "MARK", "berth-1"));
        Assert.False(ProcessTable.HasVariable(child.Pid, "MARK", "berth-123"));
        Assert.False(ProcessTable.HasVariable(child.Pid, "MARK", "berth-34"));
        Assert.False(ProcessTable.HasVariable(child.Pid, "ARK", "berth-12"));
        child.Signal(SignalNumbers.Kill);
        await child.Exited;
        Assert.False(ProcessTable.HasVariable(child.Pid, "MARK", "berth-12"));
    }

    [Fact]
    public async Task A_process_without_any_variable_is_no_riddle_and_one_that_becomes_another_program_is_never_misjudged()
    {
        var none = _children.Start(new SpawnOptions("/bin/sleep", ["60"], _scratch.Root, new Dictionary<string, string>()));
        await Eventually.True(() => ProcessTable.HasVariableIfKnown(none.Pid, "MARK", "x") == false, "it has none");
        none.Signal(SignalNumbers.Kill);
        await none.Exited;

        // Becomes bash again and again, always with the same variables.
        var child = _children.Start(new SpawnOptions(
            "/bin/bash", ["-c", "[ -e stop ] || exec bash -c \"$BASH_EXECUTION_STRING\""], _scratch.Root,
            new Dictionary<string, string>(Bash.Variables) { ["MARK"] = "x" }));
        for (var i = 0; i < 5_000; i++)
        {
            Assert.NotEqual(false, ProcessTable.HasVariableIfKnown(child.Pid, "MARK", "x"));
        }

        File.WriteAllText(_scratch.Path("stop"), "");
        Assert.Equal(new Exited(0), await child.Exited);
    }

    [Fact]
    public async Task The_end_of_a_process_that_is_not_our_child_is_seen()
    {
        var child = _children.Start(Bash.Options(_scratch.Root, "sleep 60 & echo $! > pid; wait $!"));
        var grandchild = await Bash.NumberIn(_scratch.Path("pid"));
        var start = CurrentProcess.StartTicks(grandchild);

        Assert.True(_children.WatchOther(grandchild, start - 1).IsCompletedSuccessfully);
        var ended = _children.WatchOther(grandchild, start);
        Assert.False(ended.IsCompleted);
        Assert.True(ProcessTable.Signal(grandchild, start, SignalNumbers.Kill));
        Assert.Equal(KernelTells ? new Signaled(9, "SIGKILL") : new EndedUnknown(), await ended);
        Assert.Equal(new Exited(137), await child.Exited);
    }

    [Theory]
    [InlineData("exit 137", false)]
    [InlineData("exit 0", false)]
    [InlineData("kill -KILL $$", true)]
    public async Task How_a_process_ended_that_another_one_started_is_known_and_a_signal_is_no_exit_code(string end, bool isSignal)
    {
        var child = _children.Start(Bash.Options(
            _scratch.Root, $"bash -c 'echo $$ > pid; until [ -e go ]; do sleep 0.01; done; {end}' & wait $!; echo $? > code"));
        var grandchild = await Bash.NumberIn(_scratch.Path("pid"));
        var ended = _children.WatchOther(grandchild, CurrentProcess.StartTicks(grandchild));
        File.WriteAllText(_scratch.Path("go"), "");
        await child.Exited;

        var code = int.Parse(File.ReadAllText(_scratch.Path("code")));
        Assert.Equal(!KernelTells ? new EndedUnknown() : isSignal ? new Signaled(9, "SIGKILL") : new Exited(code), await ended);
    }

    [Fact]
    public async Task How_a_process_ended_can_be_read_as_long_as_its_parent_takes_no_note()
    {
        // The parent never waits for it.
        var child = _children.Start(Bash.Options(
            _scratch.Root, "bash -c 'echo $$ > pid; until [ -e go ]; do sleep 0.01; done; exit 42' & exec sleep 60"));
        var grandchild = await Bash.NumberIn(_scratch.Path("pid"));
        var start = CurrentProcess.StartTicks(grandchild);
        var ended = _children.WatchOther(grandchild, start);
        File.WriteAllText(_scratch.Path("go"), "");

        Assert.Equal(new Exited(42), await ended);
        Assert.Equal(new Exited(42), await _children.WatchOther(grandchild, start));
        child.Signal(SignalNumbers.Kill);
    }

    // From this version on the kernel keeps the status for those who are not the parent.
    private static bool KernelTells => Environment.OSVersion.Version >= new Version(6, 15);

    [Fact]
    public async Task A_detached_process_tells_its_end_when_asked()
    {
        var process = DetachedProcess.Start(Bash.Options(_scratch.Root, "until [ -e go ]; do sleep 0.01; done; exit 7"));
        Assert.Null(process.Ended());
        File.WriteAllText(_scratch.Path("go"), "");

        await Eventually.True(() => process.Ended() is not null, "it has ended");
        Assert.Equal(new Exited(7), process.Ended());
        Assert.Null(ProcessTable.Read(process.Pid));
    }
}
