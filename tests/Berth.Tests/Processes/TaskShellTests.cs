using Berth.Platform;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>What a command finds around it.</summary>
public sealed class TaskShellTests : IDisposable
{
    private readonly Tasks _tasks = new();

    public void Dispose() => _tasks.Dispose();

    public static TheoryData<int> Umasks => [CurrentProcess.Umask, 0x3F, 0x12, 0x02];

    [Theory]
    [MemberData(nameof(Umasks))]
    public async Task The_umask_is_the_terminals_and_nothing_else_is_disturbed_by_it(int umask)
    {
        var task = _tasks.Start(_tasks.Command("""
            umask
            echo "$0|$#|$-|'quotes' \"and\" \$dollars|$LINENO"
            no-such-program
            echo $BASHPID $$
            """) with { Umask = umask });
        await task.Ended;

        var lines = File.ReadAllLines(task.Started.OutputFile);
        Assert.Equal(
            [
                Convert.ToString(umask, 8).PadLeft(4, '0'),
                "bash|0|hBc|'quotes' \"and\" $dollars|2",
                "bash: line 3: no-such-program: command not found",
                $"{task.Started.Pid} {task.Started.Pid}",
            ],
            lines);
    }

    [Theory]
    [InlineData("-n; echo x", "bash: line 1: -n: command not found\nx\n")]
    [InlineData("# only a comment", "")]
    [InlineData("echo 'a'\"b\"$'c\\n'", "abc\n\n")]
    [InlineData("cat <<'END'\n$x `y` \\z\nEND", "$x `y` \\z\n")]
    public async Task A_command_means_what_it_says(string command, string output)
    {
        var same = _tasks.Start(command);
        var other = _tasks.Start(_tasks.Command(command) with { Umask = CurrentProcess.Umask ^ 0x3F });
        await Task.WhenAll(same.Ended, other.Ended);

        Assert.Equal(output, File.ReadAllText(same.Started.OutputFile));
        Assert.Equal(output, File.ReadAllText(other.Started.OutputFile));
    }

    [Fact]
    public async Task Programs_see_no_terminal_and_are_asked_to_be_plain()
    {
        var command = _tasks.Command("echo $TERM $NO_COLOR $PAGER $GIT_PAGER ${FORCE_COLOR-unset} $KEPT; echo $BERTH_TASK; tty; cat; : < /dev/tty") with
        {
            Environment = new Dictionary<string, string>(Bash.Variables)
            {
                ["TERM"] = "xterm-256color", ["FORCE_COLOR"] = "1", ["PAGER"] = "less", ["KEPT"] = "kept",
            },
        };
        var task = _tasks.Start(command);
        await task.Ended;

        Assert.Equal(
            [
                "dumb 1 cat cat unset kept", task.Started.OutputFile, "not a tty",
                "bash: line 1: /dev/tty: No such device or address",
            ],
            File.ReadAllLines(task.Started.OutputFile));
    }

    [Fact]
    public async Task Only_the_variables_of_its_own_terminal_reach_a_command()
    {
        Environment.SetEnvironmentVariable("BERTH_TEST_SECRET", "of the daemon");
        var task = _tasks.Start("env");
        await task.Ended;

        var names = File.ReadAllLines(task.Started.OutputFile).Select(l => l.Split('=')[0]).Order(StringComparer.Ordinal);
        Assert.Equal(["BERTH_TASK", "GIT_PAGER", "NO_COLOR", "PAGER", "PATH", "PWD", "SHLVL", "TERM", "_"], names);
    }

    [Fact]
    public async Task Without_bash_in_its_path_a_command_runs_in_the_plain_shell()
    {
        var command = _tasks.Command("echo \"$0 ${BASH_VERSION-none}\"; umask") with
        {
            Environment = new Dictionary<string, string> { ["PATH"] = _tasks.Scratch.Root },
        };
        var same = _tasks.Start(command);
        var other = _tasks.Start(command with { Umask = 0x3F });
        await Task.WhenAll(same.Ended, other.Ended);

        Assert.StartsWith("/bin/sh ", File.ReadAllText(same.Started.OutputFile), StringComparison.Ordinal);
        Assert.Equal(
            [File.ReadAllLines(same.Started.OutputFile)[0], "0077"], File.ReadAllLines(other.Started.OutputFile));
    }

    [Fact]
    public async Task A_directory_reached_through_a_link_keeps_its_name()
    {
        Directory.CreateSymbolicLink(_tasks.Scratch.Path("link"), _tasks.Scratch.Root);
        var task = _tasks.Start(_tasks.Command("pwd") with { Directory = _tasks.Scratch.Path("link") });
        await task.Ended;

        Assert.Equal(_tasks.Scratch.Path("link") + "\n", File.ReadAllText(task.Started.OutputFile));
    }

    [Fact]
    public async Task A_directory_that_is_removed_under_a_command_harms_neither_it_nor_the_next()
    {
        Directory.CreateDirectory(_tasks.Scratch.Path("work"));
        var removing = _tasks.Start(_tasks.Command("rmdir ../work; echo still here") with { Directory = _tasks.Scratch.Path("work") });
        Assert.Equal("still here", (await removing.Ended).LastLine);

        Assert.Equal("x", (await _tasks.Start("echo x").Ended).LastLine);
    }

    [Fact]
    public async Task Output_files_are_private_and_hold_the_raw_bytes()
    {
        var task = _tasks.Start(_tasks.Command("printf '\\033[31mred\\033[0m\\r\\377\\n'") with { Umask = 0 });
        await task.Ended;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(task.Started.OutputFile));
        Assert.Equal([.. "\e[31mred\e[0m\r"u8, 0xFF, (byte)'\n'], File.ReadAllBytes(task.Started.OutputFile));
    }
}
