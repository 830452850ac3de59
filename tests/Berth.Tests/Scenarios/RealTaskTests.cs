using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>
/// A real task on a real small repository, through the real programs: the model looks, sees the test fail, changes the code,
/// sees the test pass and says so. Its words come from a script; everything else is as it always is.
/// </summary>
public sealed class RealTaskTests : IAsyncDisposable
{
    private const string Code = "#!/usr/bin/env bash\n# Adds all its arguments.\nsum=0\nfor n in \"$@\"; do\n    sum=$((sum - n))\ndone\necho \"$sum\"\n";
    private const string Test = "#!/usr/bin/env bash\ngot=$(./add.sh 1 2 3)\nif [ \"$got\" = 6 ]; then echo \"ok: 1 test\"; else echo \"FAILED: 1+2+3 is $got\"; exit 1; fi\n";

    private readonly BerthHome home = new();
    private readonly ScriptedModelServer server = ScriptedModelServer.Start();

    public async ValueTask DisposeAsync()
    {
        home.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public void A_fault_is_found_mended_and_checked(string provider)
    {
        Repository(provider);
        server.Answers(ModelScript.Text("I look first.").ThenReasoning("Which file?")
                .ThenCall("read", """{"path":"add.sh"}""").ThenCall("grep", """{"pattern":"sum"}""").ThenCall("glob", """{"pattern":"*.sh"}"""))
            .Answers(ModelScript.Call("bash", """{"command":"./test.sh","description":"Run the test"}"""))
            .Answers(ModelScript.Call("edit", """{"path":"add.sh","old_string":"  sum=$((sum - n))","new_string":"  sum=$((sum + n))"}""")
                .ThenCall("edit", """{"path":"test.sh","old_string":"ok: 1 test","new_string":"ok: one test"}"""))
            .Answers(ModelScript.Call("bash", """{"command":"./test.sh"}"""))
            .Answers("`add.sh:5` subtracted. It adds now; `./test.sh` passes.");

        var ran = home.Berth("run", "The test fails. Mend the code.", "--permission-mode", "accept_edits", "--allow", "bash(./test.sh)", "--json");

        var report = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal((0, "done"), (ran.Code, report.GetProperty("state").GetString()));
        Assert.Equal("`add.sh:5` subtracted. It adds now; `./test.sh` passes.", report.GetProperty("answer").GetString());
        Assert.Equal(Code.Replace("sum - n", "sum + n"), File.ReadAllText(Path.Combine(home.Project, "add.sh")));
        Assert.Equal(Test, File.ReadAllText(Path.Combine(home.Project, "test.sh")));
        Assert.Equal(" M add.sh\n", Bash("git status --porcelain"));
        Assert.All(server.Requests, r => Assert.Null(r.Fault));
        Assert.Equal(5, server.Count);
        Assert.Equal("FAILED: 1+2+3 is -6\n\n(exit code 1)", server.Requests[2].LastResult);
        Assert.Contains("has not read it", server.Requests[3].LastResult);
        Assert.Equal("ok: 1 test\n", server.Requests[4].LastResult);
        Assert.Equal(5 * 18, report.GetProperty("usage").GetProperty("input_tokens").GetInt64() + report.GetProperty("usage").GetProperty("output_tokens").GetInt64());
    }

    [Fact]
    public void What_was_sent_is_the_beginning_of_the_next_request_and_says_where_it_works()
    {
        Repository("openai");
        File.WriteAllText(Path.Combine(home.Project, "notes.txt"), "mine\n");
        server.Answers(ModelScript.Call("read", """{"path":"add.sh"}""")).Answers(ModelScript.Call("bash", """{"command":"git status --short"}"""))
            .Answers("Nothing to do.").Answers("Still nothing.");

        var first = home.Berth("run", "Look around.", "--json");
        home.Berth("run", "Again.", "--resume", JsonDocument.Parse(first.Out).RootElement.GetProperty("session").GetString()!);

        var bodies = server.Requests.Select(r => Encoding.UTF8.GetString(r.Raw)).ToList();
        Assert.Equal(4, bodies.Count);
        Assert.All(bodies.Zip(bodies.Skip(1)), pair => Assert.StartsWith(pair.First[..^"]}".Length], pair.Second));
        var system = server.Requests[0].Messages.First().GetProperty("content").GetString()!;
        Assert.Contains("git, branch main\n", system);
        Assert.Contains("- Working tree: 1 changed or untracked, as `git status --porcelain` has them:\n  ?? notes.txt\n", system);
        Assert.Contains("The first state\n", system);
        Assert.Contains("Tests are run by ./test.sh.", system);
        Assert.Equal(3, first.Code);
    }

    private void Repository(string provider)
    {
        var config = Directory.CreateDirectory(Path.Combine(home.Home, "config")).FullName;
        File.WriteAllText(Path.Combine(config, "config.json"), """{"model":"scripted"}""");
        File.WriteAllText(
            Path.Combine(config, "models.json"),
            $$$"""{"models":{"scripted":{"provider":"{{{provider}}}","model":"m-1","base_url":"{{{server.BaseUrl}}}"} } }""");
        File.WriteAllText(Path.Combine(home.Project, "add.sh"), Code);
        File.WriteAllText(Path.Combine(home.Project, "test.sh"), Test);
        File.WriteAllText(Path.Combine(home.Project, "AGENTS.md"), "Tests are run by ./test.sh.\n");
        Bash("chmod +x *.sh; git init -q -b main .; git add .; git -c user.name=T -c user.email=t@example.com commit -qm 'The first state'");
    }

    private string Bash(string script)
    {
        var start = new ProcessStartInfo("bash", ["-c", script]) { WorkingDirectory = home.Project, RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{script} ended with {process.ExitCode}");
    }
}
