using System.Diagnostics;
using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A real task on a real small repository, by the offline stand-in and its sub-agents, without a terminal.</summary>
public sealed class AgentsRunTests : IDisposable
{
    private const string Task = "agents: run: sh check.sh | write NOTES.md: all is checked | run: cat add.sh | run: exit 3";

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
        var ran = home.Berth("run", Task, "--permission-mode", "bypass", "--json");

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
    public void What_a_sub_agent_would_have_to_ask_is_denied_said_and_listed()
    {
        var ran = home.Berth("run", Task, "--json");

        Assert.Equal(3, ran.Code);
        var root = JsonDocument.Parse(ran.Out).RootElement;
        var denied = Assert.Single(root.GetProperty("denied").EnumerateArray());
        Assert.Equal("RunSubagents", denied.GetProperty("tool").GetString());
        Assert.Contains("general 1: bash sh check.sh", denied.GetProperty("why").GetString());
        Assert.Contains("echo $(($1 + $2))", root.GetProperty("answer").GetString());
        Assert.False(File.Exists(Path.Combine(home.Project, "NOTES.md")));
    }
}
