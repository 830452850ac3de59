using System.Diagnostics;
using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A real task on a real small repository, by the offline stand-in and its sub-agents, without a terminal.</summary>
public sealed class AgentsRunTests : IDisposable
{
    private const string Work = "agents: run: sh check.sh | write NOTES.md: all is checked | run: cat add.sh | run: exit 3";

    private readonly BerthHome home = new();

    public AgentsRunTests()
    {
        File.WriteAllText(Path.Combine(home.Project, "add.sh"), "echo $(($1 + $2))\n");
        File.WriteAllText(Path.Combine(home.Project, "check.sh"), "[ \"$(sh add.sh 40 2)\" = 42 ] && echo the sum is right\n");
        foreach (var arguments in new[] { "init -q .", "add .", "-c user.name=u -c user.email=u@example.com commit -qm first" })
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = home.Project })!;
            git.WaitForExit();
            Assert.Equal(0, git.ExitCode);
        }
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public void The_parts_are_done_and_the_answer_has_all_reports()
    {
        var ran = home.Berth("run", Work, "--permission-mode", "bypass", "--json");

        Assert.Equal(0, ran.Code);
        var root = JsonDocument.Parse(ran.Out).RootElement;
        var answer = root.GetProperty("answer").GetString()!;
        Assert.Contains("4 done (task #", answer);
        Assert.Contains("the sum is right", answer);
        Assert.Contains("echo $(($1 + $2))", answer);
        Assert.Contains("exit code 3", answer);
        Assert.Equal("all is checked", File.ReadAllText(Path.Combine(home.Project, "NOTES.md")));
        Assert.Equal("agents", Assert.Single(root.GetProperty("tasks").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal(0, root.GetProperty("denied").GetArrayLength());
    }

    [Fact]
    public async Task A_definition_narrows_and_the_users_rules_hold_whatever_mode_the_parent_has()
    {
        await using var stage = new Stage("bypass");
        stage.Model.Answers(r => r.LastUser switch
        {
            _ when r.LastResult is { } result => ModelScript.Text($"I got: {result}"),
            "look" => ModelScript.Call("bash", """{"command":"touch looked"}"""),
            "change" => ModelScript.Call("bash", """{"command":"rm -rf secret"}"""),
            "work" => ModelScript.Call("bash", """{"command":"touch worked"}"""),
            _ => ModelScript.Call("RunSubagents", """{"subagents":[{"task":"look","name":"explore"},{"task":"change"},{"task":"work"}]}"""),
        });
        stage.Home.Berth("permissions", "deny", "bash(rm *)");

        var answer = stage.Home.Berth("run", "go").Out;

        Assert.Contains("Plan mode is read-only", answer);
        Assert.Contains("Denied by the rule bash(rm *)", answer);
        Assert.Contains("3 done", answer);
        Assert.Equal(["worked"], Directory.EnumerateFileSystemEntries(stage.Home.Project).Select(Path.GetFileName));
    }

    [Fact]
    public void What_a_sub_agent_would_have_to_ask_is_denied_said_and_listed()
    {
        var ran = home.Berth("run", Work, "--json");

        Assert.Equal(3, ran.Code);
        var root = JsonDocument.Parse(ran.Out).RootElement;
        var denied = Assert.Single(root.GetProperty("denied").EnumerateArray());
        Assert.Equal("RunSubagents", denied.GetProperty("tool").GetString());
        Assert.Contains("general 1: bash sh check.sh", denied.GetProperty("why").GetString());
        Assert.Contains("echo $(($1 + $2))", root.GetProperty("answer").GetString());
        Assert.False(File.Exists(Path.Combine(home.Project, "NOTES.md")));
    }
}
