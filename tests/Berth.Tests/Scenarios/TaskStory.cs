using System.Text.Json;
using Berth.Platform;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Commands in front of a person: watched, sent away by a key, told of when they end.</summary>
public sealed class TaskStory : IAsyncDisposable
{
    private const string Command = "echo first; until [ -e go ]; do sleep 0.02; done; echo last";

    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("C-b")]
    [InlineData("C-x", "b")]
    public void A_command_that_the_model_waits_for_goes_to_the_background_by_a_key(params string[] keys)
    {
        stage.Model.Answers(r =>
            r.LastUser.StartsWith("[Task #1") ? ModelScript.Text("It has landed.")
            : r.LastResult is { } result ? ModelScript.Text(result.Contains("The user sent it to the background") ? "I go on." : "Odd.")
            : ModelScript.Call("bash", JsonSerializer.Serialize(new { command = Command, description = "wait for the signal" })));
        var terminal = stage.Open(columns: 160);
        terminal.Send("run it");
        terminal.WaitFor("│ first");
        terminal.WaitFor("Ctrl+B sends it to the background");
        terminal.WaitFor("1 task · wait for the signal");

        terminal.Keys(keys);
        terminal.WaitFor("Task #1 dispatched to background (wait for the signal)");
        terminal.WaitFor("I go on.");
        Go();

        terminal.WaitFor("[Task #1 completed] echo first;");
        terminal.WaitFor("It has landed.");
        terminal.WaitForNo("1 task");
        Assert.Equal("first\nlast\n", File.ReadAllText(Tasks()[0].GetProperty("output_file").GetString()!));
    }

    [Fact]
    public void A_persons_own_command_is_watched_and_sent_away_and_with_nothing_to_send_the_key_moves_the_caret()
    {
        var terminal = stage.Open();
        terminal.Send("!" + Command);
        terminal.WaitFor("  first");
        terminal.WaitFor("Ctrl+B sends it to the background");

        terminal.Keys("C-b");
        terminal.WaitFor("└ Task #1 dispatched to background");
        terminal.Type("ab");
        terminal.WaitFor("❯ ab");
        terminal.Keys("C-b");
        terminal.Type("X");
        terminal.WaitFor("❯ aXb");
        Go();

        terminal.WaitFor("[Task #1 completed]");
        Assert.Empty(stage.Model.Requests);
        Assert.Equal(("exited", "user"), (Tasks()[0].GetProperty("state").GetString(), Tasks()[0].GetProperty("by").GetString()));
    }

    [Fact]
    public async Task A_daemon_that_is_killed_loses_no_command_and_the_next_one_tells_how_it_ended()
    {
        stage.Model.Answers(r =>
            r.LastUser.StartsWith("[Task #1") ? ModelScript.Text("It has landed.")
            : r.LastResult is not null ? ModelScript.Text("I go on.")
            : ModelScript.Call("bash", JsonSerializer.Serialize(new { command = Command + "; exit 3", background = true })));
        var terminal = stage.Open();
        terminal.Send("run it");
        terminal.WaitFor("I go on.");
        var before = Tasks()[0];
        var (pid, start) = (before.GetProperty("pid").GetInt32(), CurrentProcess.StartTicks(before.GetProperty("pid").GetInt32()));

        await stage.KillDaemonAsync();
        Assert.True(ProcessTable.IsAlive(pid, start));
        await BerthHome.Until(() => stage.Home.Daemon is not null, "the terminal starts another daemon");
        await BerthHome.Until(() => Tasks() is [var row] && row.GetProperty("state").GetString() == "running", "the task is found again");
        Go();

        terminal.WaitFor("It has landed.");
        var after = Tasks()[0];
        Assert.Equal(pid, after.GetProperty("pid").GetInt32());
        Assert.Equal("first\nlast\n", File.ReadAllText(after.GetProperty("output_file").GetString()!));
        var state = after.GetProperty("state").GetString();
        Assert.True(state == "exited" ? after.GetProperty("exit_code").GetInt32() == 3 : state == "unknown", after.ToString());
        Assert.Single(stage.Model.Requests, r => r.LastUser.StartsWith("[Task #1"));
    }

    private void Go() => File.WriteAllText(Path.Combine(stage.Home.Project, "go"), "");

    private JsonElement[] Tasks()
    {
        var ran = stage.Home.Berth("tasks", "list", "--json");
        return ran.Code == 0 ? [.. JsonDocument.Parse(ran.Out).RootElement.EnumerateArray()] : [];
    }
}
