using System.Runtime.InteropServices;
using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

public sealed class ChildrenTests : IDisposable
{
    private readonly Scratch _scratch = new();
    private readonly Children _children = new();

    public void Dispose()
    {
        _children.Dispose();
        _scratch.Dispose();
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 3", 3)]
    [InlineData("exit 137", 137)]
    [InlineData("exit 255", 255)]
    public async Task An_exit_code_arrives_as_it_is(string command, int code) =>
        Assert.Equal(new Exited(code), await Start(command).Exited);

    [Theory]
    [InlineData("kill -KILL $$", 9, "SIGKILL")]
    [InlineData("kill -TERM $$", 15, "SIGTERM")]
    [InlineData("kill -HUP $$", 1, "SIGHUP")]
    [InlineData("kill -RTMIN+2 $$", 36, "SIGRTMIN+2")]
    [InlineData("ulimit -c 0; kill -SEGV $$", 11, "SIGSEGV")]
    public async Task A_signal_is_named_and_is_no_exit_code(string command, int number, string name) =>
        Assert.Equal(new Signaled(number, name), await Start(command).Exited);

    [Fact]
    public async Task A_child_inherits_no_descriptor_of_ours()
    {
        using var open = PrivateFiles.OpenReadWrite(_scratch.Path("ours"));
        using var listener = LocalSocket.Listen(_scratch.Path("s.sock"));

        // ls itself opens the directory that it lists.
        Assert.Equal("0 1 2 3", (await OutputOf("exec ls /proc/self/fd")).ReplaceLineEndings(" ").Trim());
        Assert.Equal("/dev/null", (await OutputOf("readlink /proc/self/fd/0")).Trim());
    }

    [Fact]
    public async Task A_child_leads_a_process_session_of_its_own_without_a_terminal_and_with_default_signals()
    {
        using var ignoring = PosixSignalRegistration.Create(PosixSignal.SIGHUP, c => c.Cancel = true);
        var output = await OutputOf("""
            read -r stat < /proc/$$/stat; set -- ${stat##*) }; echo $$ $3 $4 $5
            grep -E 'Sig(Ign|Blk)' /proc/$$/status
            """);
        // The C library itself ignores two signals of its own, 32 and 33, in everything it spawns.
        output = output.Replace("0000000180000000", "0000000000000000", StringComparison.Ordinal);


        var lines = output.Split('\n');
        var fields = lines[0].Split(' ');
        Assert.Equal([fields[0], fields[0], fields[0], "0"], fields);
        Assert.Equal(["SigBlk:\t0000000000000000", "SigIgn:\t0000000000000000"], lines[1..3]);
    }

    [Fact]
    public async Task A_child_gets_exactly_the_variables_and_arguments_it_was_given()
    {
        var odd = "a 'b' \"c\" $d \\ é 🙂\nline";
        var child = _children.Start(new SpawnOptions(
            "/usr/bin/env", ["-0"], _scratch.Root, new Dictionary<string, string> { ["ODD"] = odd, ["EMPTY"] = "" },
            _scratch.Path("env")));
        await child.Exited;
        Assert.Equal($"ODD={odd}\0EMPTY=\0", File.ReadAllText(_scratch.Path("env")));

        child = _children.Start(new SpawnOptions(
            "/usr/bin/printf", ["%s|", odd, "", "x"], _scratch.Root, Bash.Variables, _scratch.Path("args")));
        await child.Exited;
        Assert.Equal($"{odd}||x|", File.ReadAllText(_scratch.Path("args")));
    }

    [Fact]
    public async Task Output_and_error_are_appended_to_one_file_or_to_two()
    {
        File.WriteAllText(_scratch.Path("one"), "before\n");
        await _children.Start(Bash.Options(_scratch.Root, "echo out; echo err >&2", _scratch.Path("one"))).Exited;
        Assert.Equal("before\nout\nerr\n", File.ReadAllText(_scratch.Path("one")));

        await _children.Start(
            Bash.Options(_scratch.Root, "echo out; echo err >&2", _scratch.Path("two")) with
            {
                Error = _scratch.Path("errors"),
            }).Exited;
        Assert.Equal("out\n", File.ReadAllText(_scratch.Path("two")));
        Assert.Equal("err\n", File.ReadAllText(_scratch.Path("errors")));
    }

    [Fact]
    public void What_cannot_be_started_is_said_in_words()
    {
        File.WriteAllText(_scratch.Path("text"), "no program");
        File.WriteAllText(_scratch.Path("lost"), "#!/none/there\n");
        File.WriteAllBytes(_scratch.Path("bytes"), [1, 2, 3, 4]);
        File.SetUnixFileMode(_scratch.Path("lost"), (UnixFileMode)0x1C0);
        File.SetUnixFileMode(_scratch.Path("bytes"), (UnixFileMode)0x1C0);

        Refused(new("/none/such", [], _scratch.Root, Bash.Variables), "The program /none/such does not exist.");
        Refused(new("/bin/bash", [], _scratch.Path("gone"), Bash.Variables), $"The directory {_scratch.Path("gone")} does not exist.");
        Refused(new("/bin/bash", [], _scratch.Path("text"), Bash.Variables), $"{_scratch.Path("text")} is no directory.");
        Refused(new("/bin/bash", [], "relative", Bash.Variables), "no absolute path");
        Refused(new(_scratch.Path("text"), [], _scratch.Root, Bash.Variables), "no permission");
        Refused(new(_scratch.Root, [], _scratch.Root, Bash.Variables), "is a directory, no program");
        Refused(new(_scratch.Path("lost"), [], _scratch.Root, Bash.Variables), "interpreter");
        Refused(new(_scratch.Path("bytes"), [], _scratch.Root, Bash.Variables), "no program that this machine can run");
        Refused(new("/bin/bash", ["-c", new string('x', 200_000)], _scratch.Root, Bash.Variables), "128 KiB");
        Refused(new("/bin/bash", ["-c", "echo \0"], _scratch.Root, Bash.Variables), "NUL");
    }

    [Fact]
    public async Task A_zombie_that_was_left_to_us_is_taken_note_of_and_never_the_end_of_a_child()
    {
        var children = Enumerable.Range(0, 20)
            .Select(i => Start($"(setsid sh -c 'echo $$ > left.{i}; exit 5' &) ; exit {i}"))
            .ToList();

        for (var i = 0; i < children.Count; i++)
        {
            Assert.Equal(new Exited(i), await children[i].Exited);
        }

        for (var i = 0; i < children.Count; i++)
        {
            var pid = await Bash.NumberIn(_scratch.Path($"left.{i}"));
            await Eventually.True(() => ProcessTable.Read(pid) is null, "the system has forgotten what was left");
        }
    }

    [Fact]
    public async Task The_ends_of_processes_that_other_code_started_are_left_to_it()
    {
        var others = Enumerable.Range(0, 30).Select(i => System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {i}"])).ToList();
        var ours = Enumerable.Range(0, 30).Select(i => Start($"exit {i}")).ToList();
        for (var i = 0; i < 30; i++)
        {
            await others[i].WaitForExitAsync();
            Assert.Equal(i, others[i].ExitCode);
            Assert.Equal(new Exited(i), await ours[i].Exited);
            others[i].Dispose();
        }
    }

    [Fact]
    public async Task Many_starts_at_once_each_get_their_own_end()
    {
        var ends = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => Start($"exit {i}").Exited)));

        Assert.Equal(Enumerable.Range(0, 100).Select(i => new Exited(i)), ends);
    }

    [Fact]
    public async Task A_signal_reaches_the_group_while_the_leader_lives_and_nobody_after_that()
    {
        var child = _children.Start(Bash.Options(_scratch.Root, "sleep 60 & echo $! > pid; wait", null));
        var grandchild = await Bash.NumberIn(_scratch.Path("pid"));

        Assert.True(child.SignalGroup(SignalNumbers.Terminate));
        Assert.Equal(new Signaled(15, "SIGTERM"), await child.Exited);
        await Eventually.True(() => ProcessTable.Read(grandchild) is null or { IsZombie: true }, "the grandchild ended too");
        Assert.False(child.SignalGroup(SignalNumbers.Terminate));
        Assert.False(child.Signal(SignalNumbers.Terminate));
    }

    [Fact]
    public async Task A_child_that_runs_on_when_we_stop_waiting_is_not_harmed()
    {
        var children = new Children();
        var child = children.Start(Bash.Options(_scratch.Root, "exec sleep 60"));
        children.Dispose();

        await Assert.ThrowsAsync<TaskCanceledException>(() => child.Exited);
        Assert.True(ProcessTable.IsAlive(child.Pid, child.StartTicks));
        Assert.True(ProcessTable.Signal(child.Pid, child.StartTicks, SignalNumbers.Kill));
    }

    private ChildProcess Start(string command) => _children.Start(Bash.Options(_scratch.Root, command));

    private async Task<string> OutputOf(string command)
    {
        var output = _scratch.Path(Guid.NewGuid().ToString("N"));
        Assert.Equal(new Exited(0), await _children.Start(Bash.Options(_scratch.Root, command, output)).Exited);
        return File.ReadAllText(output);
    }

    private void Refused(SpawnOptions options, string why) =>
        Assert.Contains(why, Assert.Throws<SpawnFailure>(() => _children.Start(options)).Message, StringComparison.Ordinal);
}
