using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A person and a running turn: interrupting it, talking into it, not waiting for it.</summary>
public sealed class TurnStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task Esc_ends_an_answer_at_once_and_what_was_said_stays()
    {
        stage.Model.Answers(r => r.LastUser == "again" ? ModelScript.Text("I am here.") : ModelScript.Words(9, "w").FallSilent());
        var terminal = stage.Open();
        terminal.Send("talk");
        terminal.WaitFor("w9");
        terminal.Keys("Escape");
        terminal.WaitFor("Interrupted");
        Assert.False(await stage.Model.Requests[0].Answered);
        Assert.Contains("w1 w2 w3", terminal.Screen);
        Assert.DoesNotContain("Working", terminal.Screen);
        terminal.Send("again");
        terminal.WaitFor("I am here.");
    }

    [Fact]
    public async Task Esc_ends_a_command_with_all_its_processes()
    {
        stage.Model.Answers(_ => ModelScript.Call("bash", """{"command":"sleep 100.5 & sleep 100.25"}"""));
        var terminal = stage.Open();
        terminal.Send("sleep");
        terminal.WaitFor("bash  sleep 100.5");
        await BerthHome.Until(() => Sleeping() == 2, "both processes");
        terminal.Keys("Escape");
        terminal.WaitFor("Interrupted");
        await BerthHome.Until(() => Sleeping() == 0, "no process");
        Assert.Equal(1, stage.Model.Count);
    }

    [Fact]
    public void A_message_sent_during_a_turn_reaches_the_model_at_its_next_step()
    {
        var more = new ModelGate();
        stage.Model
            .Answers(ModelScript.Text("Let me see. ").HoldFor(more).ThenCall("bash", """{"command":"echo seen"}"""))
            .Answers("Both are answered.");
        var terminal = stage.Open();
        terminal.Send("the first thing");
        terminal.WaitFor("Let me see.");
        terminal.Send("and the second thing");
        terminal.WaitFor("queued: the model gets it at its next step");
        Assert.Equal(1, stage.Model.Count);
        more.Open();
        terminal.WaitFor("Both are answered.");
        Assert.Equal("and the second thing", stage.Model.Requests[1].LastUser);
        Assert.DoesNotContain("queued", terminal.Screen);
        Assert.Single(terminal.Rows, row => row == "❯ and the second thing");
    }

    [Fact]
    public void Ctrl_c_clears_the_line_then_interrupts_then_leaves()
    {
        stage.Model.Answers(_ => ModelScript.Text("Talking.").FallSilent());
        var terminal = stage.Open();
        terminal.Send("talk");
        terminal.WaitFor("Talking.");
        terminal.Type("half a thought");
        terminal.WaitFor("❯ half a thought");
        terminal.Keys("C-c");
        terminal.WaitFor("❯ Ask for something");
        Assert.Contains("Working", terminal.Screen);
        terminal.Keys("C-c");
        terminal.WaitFor("Interrupted");
        terminal.Keys("C-c");
        terminal.WaitFor("Ctrl+C again leaves.");
        terminal.Keys("C-c");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
    }

    [Fact]
    public void Ctrl_d_leaves_an_empty_line_only()
    {
        var terminal = stage.Open();
        terminal.Type("ab");
        terminal.Keys("Home", "C-d");
        terminal.WaitFor("❯ b");
        terminal.Keys("C-d");
        terminal.WaitFor("❯ Ask for something");
        terminal.Keys("C-d");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
    }

    [Fact]
    public void Ctrl_b_lets_the_agent_go_on_and_a_notice_tells_the_end()
    {
        var go = Path.Combine(stage.Home.Project, "go");
        stage.Model.Answers(r =>
            r.Messages.Any(m => m.ToString().Contains("[Task #1 completed]")) ? ModelScript.Text("I saw its end.")
            : r.LastResult is not null ? ModelScript.Text("Meanwhile I go on.")
            : ModelScript.Call("bash", $$"""{"command":"until [ -e {{go}} ]; do sleep 0.05; done; echo built it"}"""));
        var terminal = stage.Open();
        terminal.Send("build");
        terminal.WaitFor("Ctrl+B");
        terminal.Keys("C-b");
        terminal.WaitFor("Task #1 dispatched to background");
        terminal.WaitFor("Meanwhile I go on.");
        terminal.WaitFor("1 task");
        File.WriteAllText(go, "");
        terminal.WaitFor("[Task #1 completed] until");
        terminal.WaitFor("I saw its end.");
        terminal.WaitForNo("1 task");
        Assert.Contains("built it", terminal.Screen);
    }

    private static int Sleeping() => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")) is "sleep\0100.5\0" or "sleep\0100.25\0";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
