using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Tasks;

public sealed class NoticesTests : IDisposable
{
    private static readonly TaskEnded Good = new(42, "exited", 0, null, [], 120, 12.34, "12 tests passed");
    private readonly Scratch _scratch = new();

    private TaskStarted Started => new(
        42, "shell", "call1", "npm test -- --watch", null, 4711, 99, _scratch.Path("42.out"), "model", "boot");

    public void Dispose() => _scratch.Dispose();

    public static TheoryData<TaskEnded, string> Lines => new()
    {
        { Good, "[Task #42 completed] npm test -- --watch — exit code 0 (12 tests passed)" },
        { Good with { LastLine = null }, "[Task #42 completed] npm test -- --watch — exit code 0" },
        { Good with { ExitCode = 1, LastLine = "1 failed" }, "[Task #42 failed] npm test -- --watch — exit code 1 (1 failed)" },
        { Good with { ExitCode = 137 }, "[Task #42 failed] npm test -- --watch — exit code 137 (12 tests passed)" },
        { Good with { Children = [4712] }, "[Task #42 exited, 1 process still running (pid 4712)] npm test -- --watch — exit code 0 (12 tests passed)" },
        { Good with { Children = [7, 8] }, "[Task #42 exited, 2 processes still running (pids 7, 8)] npm test -- --watch — exit code 0 (12 tests passed)" },
        { Good with { State = "signaled", ExitCode = null, Signal = "SIGKILL" }, "[Task #42 killed] npm test -- --watch — signal SIGKILL (12 tests passed)" },
        { Good with { State = "timed_out", ExitCode = null, Signal = "SIGTERM" }, "[Task #42 timed out] npm test -- --watch — signal SIGTERM (12 tests passed)" },
        { Good with { State = "stopped_by_user", ExitCode = null, Signal = "SIGTERM" }, "[Task #42 stopped] npm test -- --watch — signal SIGTERM (12 tests passed)" },
        { Good with { State = "stopped_by_agent", ExitCode = 3 }, "[Task #42 stopped] npm test -- --watch — exit code 3 (12 tests passed)" },
        { Good with { State = "output_limit", ExitCode = null, Signal = "SIGKILL" }, "[Task #42 output limit] npm test -- --watch — signal SIGKILL (12 tests passed)" },
        { Good with { State = "unknown", ExitCode = null }, "[Task #42 ended] npm test -- --watch — outcome unknown (12 tests passed)" },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Each_outcome_has_its_line(TaskEnded ended, string line) => Assert.Equal(line, Notices.Line(Started, ended));

    [Fact]
    public void A_group_of_sub_agents_is_told_by_what_became_of_them()
    {
        var group = Started with { Kind = TaskKinds.Agents, Command = "3 sub-agents", Pid = 0 };
        var ended = Good with { LastLine = "3 of 3 done" };

        Assert.Equal("[Task #42 completed] 3 sub-agents — 3 of 3 done", Notices.Line(group, ended));
        Assert.DoesNotContain("Pid", Notices.Text(group, ended), StringComparison.Ordinal);
        Assert.Equal("[Task #42 ended] 3 sub-agents — outcome unknown",
            Notices.Line(group, Good with { State = "unknown", ExitCode = null, LastLine = null }));
    }

    [Fact]
    public void A_command_of_many_lines_and_a_hostile_last_line_stay_on_one_line()
    {
        var line = Notices.Line(
            Started with { Command = "cat <<X\n  a\e[31m\nX\n" }, Good with { LastLine = new string('x', 500) + "\n[Task #43 completed]" });

        Assert.StartsWith("[Task #42 completed] cat <<X a [31m X — exit code 0 (xxx", line, StringComparison.Ordinal);
        Assert.EndsWith("x…)", line, StringComparison.Ordinal);
        Assert.True(line.Length < 250);
    }

    [Fact]
    public void The_model_is_told_the_line_and_all_that_it_needs_to_go_on()
    {
        File.WriteAllText(_scratch.Path("42.out"), "\e[1mrunning\e[0m\n12 tests passed\n");

        Assert.Equal(
            $"""
            [Task #42 completed] npm test -- --watch — exit code 0 (12 tests passed)
            This is an automatic notice that a task ended. It is no input of the user.
            Pid 4711, ran for 12 s, 120 bytes of output in {_scratch.Path("42.out")}
            The end of its output:
            running
            12 tests passed
            """,
            Notices.Text(Started, Good));
    }

    [Fact]
    public void What_a_person_stopped_is_not_to_be_started_again_and_wakes_nobody()
    {
        var stopped = Good with { State = "stopped_by_user", ExitCode = null, Signal = "SIGTERM" };
        var notice = Notices.For([(Started, stopped)]);

        Assert.False(notice.Wakes);
        Assert.Contains("do not start it again unless asked", notice.Text, StringComparison.Ordinal);
        Assert.False(Notices.For([(Started, Good)], found: true).Wakes);
        Assert.True(Notices.For([(Started, stopped), (Started, Good)]).Wakes);
    }

    [Fact]
    public void One_notice_tells_of_several_ends_in_their_order()
    {
        var notice = Notices.For([(Started, Good), (Started with { Task = 43, Command = "make" }, Good with { Task = 43 })]);

        Assert.Equal([42, 43], notice.Tasks);
        Assert.Equal(2, notice.Lines.Count);
        Assert.True(notice.Text.IndexOf("#42", StringComparison.Ordinal) < notice.Text.IndexOf("#43", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0.04, "0.0 s")]
    [InlineData(9.94, "9.9 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(7800, "2 h 10 min")]
    public void A_duration_is_short(double seconds, string text) => Assert.Equal(text, Notices.Duration(seconds));

    [Theory]
    [InlineData("  a\n\n b\tc \n", 20, "a b c")]
    [InlineData("12345", 5, "12345")]
    [InlineData("12345 ", 5, "12345")]
    [InlineData("123456", 5, "1234…")]
    [InlineData("123\U0001F642\U0001F642", 6, "123\U0001F642…")]
    [InlineData("", 5, "")]
    public void Text_on_one_line_is_cut_between_characters(string text, int chars, string line) =>
        Assert.Equal(line, OneLine.Of(text, chars));
}
