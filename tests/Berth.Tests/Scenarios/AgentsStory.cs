using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A group of agents: what a person sees of it, and that none hears another, over the real wire.</summary>
public sealed class AgentsStory : IAsyncDisposable
{
    private readonly Stage stage = new("ask");

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Eight_stream_at_once_and_none_hears_another()
    {
        var gates = Enumerable.Range(0, 9).Select(_ => new ModelGate()).ToArray();
        var tasks = string.Join(',', Enumerable.Range(1, 8).Select(n => $$"""{"task":"say {{n}}"}"""));
        stage.Model.Answers(r => r.LastUser is ['s', 'a', 'y', ' ', .. var number]
            ? ModelScript.Words(9, $"m{number}x").HoldFor(gates[int.Parse(number)]).ThenText($"m{number}end")
            : r.LastResult is null ? ModelScript.Call("RunSubagents", $$"""{"subagents":[{{tasks}}]}""") : ModelScript.Text("All are back."));
        var terminal = stage.Open(100, 30);
        terminal.Send("go");
        await Task.WhenAll(gates[1..].Select(gate => gate.Reached));
        for (var n = 1; n <= 8; n++)
        {
            terminal.WaitFor($"general {n}  step 1 · ");
        }

        terminal.WaitFor("1 task");
        foreach (var gate in gates)
        {
            gate.Open();
        }

        terminal.WaitFor("All are back.");
        Assert.Contains("● general 8  done · ", terminal.Screen);
        var result = stage.Model.Requests[^1].LastResult!;
        var parts = result.Split("<subagent ")[1..];
        Assert.Equal(8, parts.Length);
        for (var n = 1; n <= 8; n++)
        {
            var expected = string.Concat(Enumerable.Range(1, 9).Select(w => $"m{n}x{w} ")) + $"m{n}end";
            Assert.Equal(expected, parts[n - 1].Split('\n')[1]);
            var request = stage.Model.Requests.Single(r => r.LastUser == $"say {n}");
            Assert.DoesNotContain("RunSubagents\"", request.Body.GetProperty("tools").GetRawText());
            Assert.Single(request.Messages, m => m.GetProperty("role").ValueEquals("user"));
        }

        // Not one of them is in the list of sessions, and each is under its parent.
        var sessions = JsonDocument.Parse(stage.Home.Berth("sessions", "list", "--json").Out).RootElement.EnumerateArray().ToArray();
        var parent = Assert.Single(sessions).GetProperty("id").GetString();
        var all = JsonDocument.Parse(stage.Home.Berth("sessions", "list", "agents", "--json").Out).RootElement.EnumerateArray().ToArray();
        Assert.Equal(9, all.Length);
        Assert.All(all[1..], a => Assert.Equal(("agent", parent), (a.GetProperty("kind").GetString(), a.GetProperty("parent").GetString())));
        var task = JsonDocument.Parse(stage.Home.Berth("tasks", "list", "--session", parent!, "--json").Out).RootElement[0];
        Assert.Equal(("agents", "exited", JsonValueKind.Null), (task.GetProperty("kind").GetString(), task.GetProperty("state").GetString(), task.GetProperty("pid").ValueKind));
    }

    [Fact]
    public void A_sub_agents_question_is_asked_with_its_name_and_the_block_is_there_again_after_a_swap_and_a_restart()
    {
        stage.Model.Answers(r => r.LastUser == "touch it"
            ? r.LastResult is null ? ModelScript.Call("bash", """{"command":"touch it && echo touched"}""") : ModelScript.Text("It is touched.")
            : r.LastUser == "look"
                ? ModelScript.Text("I see nothing.")
                : r.LastResult is null
                    ? ModelScript.Call("RunSubagents", """{"subagents":[{"task":"touch it"},{"task":"look","name":"explore"}]}""")
                    : ModelScript.Text("Both are back."));
        var terminal = stage.Open(100, 30);
        terminal.Send("go");
        terminal.WaitFor("general asks: touch it && echo touched");
        terminal.WaitFor("waiting: touch it");
        terminal.WaitFor("● explore  done");
        terminal.Send("/bg");
        terminal.WaitFor("bg: 1 waiting");
        terminal.Send("/bg /peek 1");
        terminal.WaitFor("general: touch it");
        terminal.Send("/bg 1");
        terminal.WaitFor("general asks: touch it && echo touched");
        terminal.Keys("y");
        terminal.WaitFor("Both are back.");
        Assert.True(File.Exists(Path.Combine(stage.Home.Project, "it")));
        terminal.Send("/tasks /output 1");
        terminal.Until(() => terminal.Everything.Contains("[general] → bash touch it && echo touched"), "what it did");
        terminal.Send("/new");
        terminal.WaitForNo("Both are back.");
        Assert.Equal(0, stage.Home.Berth("daemon", "restart").Code);
        var again = stage.Open(100, 30, "berth -c");
        again.WaitFor("Both are back.");
        Assert.Contains("├ ● general  done · ", again.Screen);
        Assert.Contains("├ ● explore  done · ", again.Screen);
        Assert.Contains("It is touched.", again.Screen);
    }

    [Fact]
    public void Ctrl_B_sends_a_group_to_the_background_where_it_is_still_seen_and_a_notice_ends_it()
    {
        var gate = new ModelGate();
        stage.Model.Answers(r => r.LastUser == "think"
            ? ModelScript.Text("Hm. ").HoldFor(gate).ThenText("I thought.")
            : r.LastUser.StartsWith("[Task #", StringComparison.Ordinal) ? ModelScript.Text("The notice came.")
            : r.LastResult is null ? ModelScript.Call("RunSubagents", """{"subagents":[{"task":"think"}]}""") : ModelScript.Text("I go on."));
        var terminal = stage.Open(100, 30);
        terminal.Send("go");
        terminal.WaitFor("Ctrl+B sends it to the background");
        terminal.Keys("C-b");
        terminal.WaitFor("I go on.");
        terminal.WaitFor("1 sub-agent: general  task #1");
        terminal.WaitFor("└ ");
        gate.Open();
        terminal.WaitFor("The notice came.");
        Assert.Contains("[Task #1 completed] 1 sub-agent: general — 1 done", terminal.Screen);
        Assert.Contains("● general  done · ", terminal.Screen);
    }

    [Fact]
    public void Orchestration_changes_the_model_and_says_so_while_it_is_on()
    {
        stage.Model.Answers(r => r.LastUser == "two" && r.LastResult is null
            ? ModelScript.Call("RunSubagents", """{"subagents":[{"task":"who are you?"}]}""")
            : ModelScript.Text($"I am {r.Body.GetProperty("model").GetString()}. {r.LastResult}"));
        stage.Home.Berth("models", "add", "coder", "provider:openai", "model:m-2", $"base_url:{stage.Model.BaseUrl}");
        var terminal = stage.Open();
        terminal.Send("one");
        terminal.WaitFor("I am m-1.");
        terminal.Send("/conf code_model:coderr");
        terminal.WaitFor("did you mean 'coder'?");
        terminal.Send("/conf code_model:coder");
        terminal.WaitFor("In force from the next turn on.");
        terminal.Send("/conf enable_subagent_orchestration:true");
        terminal.WaitFor("] · orchestration");
        terminal.Send("two");
        terminal.WaitFor("I am m-2.");
        Assert.Contains("I am m-1.", stage.Model.Requests[^1].LastResult);
        Assert.Contains("<system-reminder>", stage.Model.Requests[^1].Body.GetRawText().Replace("\\u003C", "<").Replace("\\u003E", ">"));
        terminal.Send("/status");
        terminal.WaitFor("orchestration  on");
        terminal.Send("/conf enable_subagent_orchestration:false");
        terminal.WaitForNo("] · orchestration");
        terminal.Send("three");
        terminal.WaitFor("I am m-1.");
    }
}
