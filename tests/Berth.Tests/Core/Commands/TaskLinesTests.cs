using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary><c>/tasks</c> and <c>!CMD</c>: what a person sees of tasks, and does with them.</summary>
public sealed class TaskLinesTests : IAsyncDisposable
{
    private readonly Desk first = new();
    private Desk desk;
    private TestTerminal terminal = null!;

    public TaskLinesTests() => desk = first;

    private EngineLife Life => desk.Life;

    public ValueTask DisposeAsync() => first.DisposeAsync();

    [Fact]
    public async Task Every_task_is_a_row_with_all_that_is_known_of_it()
    {
        await SitDownAsync();
        await RunAsync("echo whole; exit 3");
        await RunAsync("kill -KILL $$");
        await terminal.TypeAsync("!sleep 100");

        var rows = await JsonAsync("/tasks /list");

        var tasks = Life.Events<TaskStarted>(terminal.Session);
        Assert.Equal(
            ["task", "session", "command", "state", "pid", "exit_code", "signal", "children", "kind", "started", "ended",
                "output_file", "output_bytes", "by", "description"],
            rows[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal(
            $"1 {terminal.Session.Id} 'echo whole; exit 3' exited {tasks[0].Pid} 3 null 0 shell {tasks[0].OutputFile} 6 user", Said(rows[0]));
        Assert.Equal(
            $"2 {terminal.Session.Id} 'kill -KILL $$' signaled {tasks[1].Pid} null SIGKILL 0 shell {tasks[1].OutputFile} 0 user", Said(rows[1]));
        Assert.Equal(
            $"3 {terminal.Session.Id} 'sleep 100' running {tasks[2].Pid} null null 0 shell {tasks[2].OutputFile} 0 user", Said(rows[2]));
        Assert.Equal(JsonValueKind.Null, rows[2].GetProperty("ended").ValueKind);
        Assert.All(rows, r => Assert.Matches("^2[0-9]{3}-[0-9-]{5}T[0-9:]{8}Z$", r.GetProperty("started").GetString()));
        Assert.Equal(
            ["#1 | exited 3", "#2 | signaled SIGKILL", "#3 | running"],
            (await terminal.TypeAsync("/tasks")).Split('\n').Select(row => string.Join(" | ", row.Split(" | ")[..2])));
        Assert.Equal(["3"], (await JsonAsync("/tasks /all")).Select(r => r.GetProperty("task").ToString()));
    }

    [Fact]
    public async Task Tasks_that_ended_are_known_in_the_daemons_next_life()
    {
        await SitDownAsync();
        await RunAsync("echo whole; exit 3");
        var before = await JsonAsync("/tasks");

        desk = desk.In(await Life.RestartAsync());
        terminal = await desk.SitDownAsync(at: await Life.FindAsync(terminal.Session));

        Assert.Equal(before[0].ToString(), Assert.Single(await JsonAsync("/tasks")).ToString());
        Assert.Equal("whole", await terminal.TypeAsync("/tasks /output 1"));
        Assert.Equal("Task #1 has ended already.", await terminal.TypeAsync("/tasks /stop 1"));
        Assert.Empty(Life.Tasks.Of(terminal.Session.Id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_task_left_behind_is_counted_and_can_be_stopped(bool afterRestart)
    {
        await SitDownAsync();
        await RunAsync("sleep 100 & echo $! > left");
        if (afterRestart)
        {
            desk = desk.In(await Life.RestartAsync());
            terminal = await desk.SitDownAsync(at: await Life.FindAsync(terminal.Session));
        }

        var row = Assert.Single(await JsonAsync("/tasks"));
        Assert.Equal(("exited", 1), (row.GetProperty("state").GetString(), row.GetProperty("children").GetInt32()));
        Assert.Equal("Task #1 had ended; what it left running is stopped (1 process).", await terminal.TypeAsync("/tasks /stop 1"));

        await ProcessExpectations.Ends(await Bash.NumberIn(Path.Combine(Life.Project, "left")));
        Assert.Equal(0, Assert.Single(await JsonAsync("/tasks")).GetProperty("children").GetInt32());
        Assert.Equal("exited", Assert.Single(Life.Events<TaskEnded>(terminal.Session)).State);
        await Eventually.True(() => Life.Tasks.Of(terminal.Session.Id).Count == 0, "what is over needs no memory");
    }

    [Fact]
    public async Task A_long_session_shows_its_newest_tasks_and_all_that_run()
    {
        await SitDownAsync();
        await terminal.TypeAsync("!sleep 100 &");
        for (var i = 2; i <= 33; i++)
        {
            await RunAsync($"echo {i}");
        }

        var lines = (await terminal.TypeAsync("/tasks")).Split('\n');
        Assert.Equal(["#1 | running", .. Enumerable.Range(4, 30).Select(i => $"#{i} | exited 0")], lines[..^1].Select(row => string.Join(" | ", row.Split(" | ")[..2])));
        Assert.Equal("2 older ones have ended; berth tasks --json lists them too.", lines[^1]);
        Assert.Equal(33, (await JsonAsync("/tasks")).Count);
    }

    [Fact]
    public async Task Peeking_names_what_runs()
    {
        await SitDownAsync();
        await terminal.TypeAsync("!sleep 100 &");
        await terminal.TypeAsync("/bg");

        Assert.Matches(@"(?m)^Task #1 runs for [0-9.]+ s, pid \d+: sleep 100$", await terminal.TypeAsync("/bg /peek 1"));
    }

    [Fact]
    public async Task A_task_of_another_session_is_found_by_its_number()
    {
        await SitDownAsync();
        await RunAsync("echo theirs");
        var other = await desk.SitDownAsync();

        Assert.Equal("This session has started no task.", await other.TypeAsync("/tasks"));
        Assert.Equal("theirs", await other.TypeAsync("/tasks /output 1"));
        Assert.Equal("There is no task #2. /tasks /all lists those that run.", await other.TypeAsync("/tasks /output 2"));
    }

    [Fact]
    public async Task A_stopped_task_is_stopped_by_the_user_and_its_last_output_is_kept()
    {
        await SitDownAsync();
        await terminal.TypeAsync("!trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done");
        await Eventually.True(() => Bytes(1) > 0, "it runs");

        Assert.StartsWith("Stopped task #1 (trap", await terminal.TypeAsync("/tasks /stop 1"));

        await Life.Holds<TaskEnded>(terminal.Session);
        var row = Assert.Single(await JsonAsync("/tasks"));
        Assert.Equal(("stopped_by_user", 7), (row.GetProperty("state").GetString(), row.GetProperty("exit_code").GetInt32()));
        Assert.EndsWith("bye", await terminal.TypeAsync("/tasks /output 1"));
    }

    [Fact]
    public async Task A_command_with_an_ampersand_is_in_the_background_at_once_and_without_one_it_is_waited_for()
    {
        await SitDownAsync();
        await terminal.TypeAsync("!sleep 100 &");
        await terminal.TypeAsync("!sleep 101");

        Assert.Equal([new TaskBackgrounded(1, "flag")], Life.Events<TaskBackgrounded>(terminal.Session));
        Assert.Equal(["sleep 100", "sleep 101"], Life.Events<TaskStarted>(terminal.Session).Select(t => t.Command));
        Assert.Equal("Nobody waits for task #1.", await terminal.TypeAsync("/tasks /background 1"));
        Assert.Equal("Task #2 dispatched to background (sleep 101)", await terminal.TypeAsync("/tasks /background"));
        Assert.Equal("No command is waited for.", await terminal.TypeAsync("/tasks /background"));
    }

    private async Task SitDownAsync() => terminal = await desk.SitDownAsync();

    private async Task RunAsync(string command)
    {
        var before = Life.Tasks.Of(terminal.Session.Id).Count == 0 && terminal.Session.Row is null
            ? 0 : Life.Events<TaskEnded>(terminal.Session).Count;
        await terminal.TypeAsync("!" + command);
        await Eventually.True(() => Life.Events<TaskEnded>(terminal.Session).Count > before, "it has ended");
    }

    private async Task<List<JsonElement>> JsonAsync(string line) => [.. (await terminal.LineAsync(line)).Data!.Value.EnumerateArray()];

    private long Bytes(int task) => new FileInfo(Path.Combine(Life.DirectoryOf(terminal.Session), "tasks", $"{task}.out")).Length;

    private static string Said(JsonElement row)
    {
        string Of(string name) => row.GetProperty(name) is { ValueKind: not JsonValueKind.Null } value ? value.ToString() : "null";
        return $"{Of("task")} {Of("session")} '{Of("command")}' {Of("state")} {Of("pid")} {Of("exit_code")} {Of("signal")} "
            + $"{Of("children")} {Of("kind")} {Of("output_file")} {Of("output_bytes")} {Of("by")}";
    }
}
