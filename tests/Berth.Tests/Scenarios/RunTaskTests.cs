using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A run without a terminal and the background tasks that it started: never left unmentioned.</summary>
public sealed class RunTaskTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void It_waits_for_them_and_the_turn_that_their_notice_begins_is_the_answer()
    {
        var ran = home.Berth("run", "bg: sleep 0.5; echo landed", "--permission-mode", "bypass", "--json");

        var root = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(0, ran.Code);
        Assert.Contains("landed", root.GetProperty("answer").GetString());
        Assert.Equal(1, root.GetProperty("tasks").GetArrayLength());
        Assert.Equal("exited", Assert.Single(Tasks()).GetProperty("state").GetString());
    }

    [Fact]
    public void After_the_time_to_wait_they_are_named_and_stopped()
    {
        var ran = home.Berth("run", "bg: echo up; sleep 100", "--permission-mode", "bypass", "--wait", "1s");

        Assert.Equal(0, ran.Code);
        Assert.Matches(@"Waiting for background tasks: #1 echo up; sleep 100\n", ran.Error);
        Assert.Matches(@"Stopping background tasks, because they still ran .*: #1 echo up; sleep 100\n", ran.Error);
        Assert.Equal("stopped_by_user", Assert.Single(Tasks()).GetProperty("state").GetString());
    }

    [Fact]
    public void What_a_command_left_behind_holds_nothing_up()
    {
        var ran = home.Berth("run", "run: sleep 100 & echo away", "--permission-mode", "bypass");

        Assert.Equal(0, ran.Code);
        var task = Assert.Single(Tasks());
        Assert.Equal(("exited", 1), (task.GetProperty("state").GetString(), task.GetProperty("children").GetInt32()));
        Assert.Contains("1 process", home.Berth("tasks", "stop", "1").Out);
        Assert.Equal(0, Assert.Single(Tasks()).GetProperty("children").GetInt32());
    }

    private JsonElement[] Tasks() => [.. JsonDocument.Parse(home.Berth("tasks", "list", "--json").Out).RootElement.EnumerateArray()];
}
