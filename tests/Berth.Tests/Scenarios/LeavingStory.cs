using Berth.Platform;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Terminals come and go, and so does the daemon; the work stays.</summary>
public sealed class LeavingStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void A_closed_window_ends_no_turn()
    {
        var rest = new ModelGate();
        stage.Model.Answers(_ => ModelScript.Words(30, "first").HoldFor(rest).ThenText("The-very-end."));
        var closed = stage.Open();
        closed.Send("a long turn");
        closed.WaitFor("first30");
        closed.Close();

        var terminal = stage.Open();
        terminal.WaitFor("In the background: [#1]");
        terminal.WaitFor("bg: 1 running");
        rest.Open();
        terminal.WaitFor("bg: 1 done");
        terminal.Send("/exit");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");

        terminal.Send("clear; berth attach '#1'");
        terminal.WaitFor("The-very-end.");
        terminal.WaitFor("Ask for something");
        var said = terminal.Everything[terminal.Everything.LastIndexOf("── [", StringComparison.Ordinal)..].ReplaceLineEndings(" ");
        Assert.Contains(string.Concat(Enumerable.Range(1, 30).Select(i => $"first{i} ")) + "The-very-end.", said);
        Assert.Contains("❯ a long turn", said);
        terminal.Send("/bg /list");
        terminal.WaitFor("Summary");
        Assert.Matches(@"\n1  [0-9a-f]{8}  done", terminal.Screen);
    }

    [Fact]
    public void Two_terminals_see_the_same_slots_and_the_same_session_live()
    {
        var rest = new ModelGate();
        stage.Model.Answers(_ => ModelScript.Text("Seen by both. ").HoldFor(rest).ThenText("And to the end."));
        var first = stage.Open();
        var second = stage.Open();
        first.Send("/bg /run talk");
        second.WaitFor("bg: 1 running");
        second.Send("/exit");
        second.Until(() => second.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
        second.Send("berth attach '#1'");
        second.WaitFor("Seen by both.");
        first.Send("/bg 1");
        first.WaitFor("Seen by both.");
        rest.Open();
        first.WaitFor("And to the end.");
        second.WaitFor("And to the end.");
    }

    [Fact]
    public async Task A_daemon_that_dies_is_said_and_followed_by_another_and_the_draft_is_kept()
    {
        stage.Model.Answers(r => r.LastUser == "next" ? ModelScript.Text("I know the way.") : ModelScript.Words(5, "w").FallSilent());
        var terminal = stage.Open();
        terminal.Send("talk");
        terminal.WaitFor("w5");
        terminal.Type("half a thought");
        terminal.WaitFor("❯ half a thought");
        await stage.KillDaemonAsync();
        terminal.WaitFor("The daemon is gone; a new one is started.");
        terminal.WaitFor("The daemon ended during this turn.");
        terminal.WaitFor("❯ half a thought");
        Assert.Contains("w1 w2 w3 w4 w5", terminal.Screen);
        terminal.Keys("C-c");
        terminal.Send("next");
        terminal.WaitFor("I know the way.");
        Assert.Equal(2, stage.Model.Count);
        Assert.Contains(stage.Model.Requests[1].Messages, m => m.ToString().Contains("w1 w2 w3 w4 w5"));
    }

    [Fact]
    public async Task A_thought_half_written_is_in_the_line_again_after_its_window_was_closed_and_the_daemon_died()
    {
        stage.Model.Answers(_ => ModelScript.Text("I know the way."));
        var closed = stage.Open();
        closed.Send("hello");
        closed.WaitFor("I know the way.");
        closed.Type("half a thought 看");
        closed.WaitFor("❯ half a thought 看");
        var program = ProcessTable.All().Single(p => p.ParentPid == closed.Pid);
        closed.Close();
        await BerthHome.Until(() => !ProcessTable.IsAlive(program.Pid, program.StartTicks), "the terminal's end");
        await stage.KillDaemonAsync();

        var terminal = stage.Shell();
        terminal.Send("berth -c");
        terminal.WaitFor("❯ half a thought 看");
        terminal.Keys("Enter");
        await BerthHome.Until(() => stage.Model.Count == 2, "the thought is sent");
        Assert.Equal("half a thought 看", stage.Model.Requests[1].LastUser);
    }

    [Fact]
    public void A_key_that_is_bound_anew_counts_at_once()
    {
        stage.Model.Answers(_ => ModelScript.Words(5, "w").FallSilent());
        var terminal = stage.Open();
        terminal.Send("/conf keys.interrupt:ctrl+g, ctrl+x i");
        terminal.WaitFor("keys.interrupt: ctrl+g, ctrl+x i (for this project)");
        terminal.Send("talk");
        terminal.WaitFor("w5");
        terminal.Keys("C-x", "i");
        terminal.WaitFor("Interrupted");
        terminal.Send("/conf keys.interrupt:x");
        terminal.WaitFor("'x' types a character");
    }

    [Theory]
    [InlineData("/exit")]
    [InlineData("Ctrl+D")]
    [InlineData("SIGTERM")]
    [InlineData("SIGHUP")]
    [InlineData("no daemon")]
    public async Task The_terminal_is_given_back_as_it_was(string way)
    {
        var terminal = stage.Shell();
        terminal.Send("stty -a > before; berth; echo left with $?; stty -a > after");
        terminal.WaitFor("Ask for something");
        terminal.WaitFor("[");
        switch (way)
        {
            case "/exit":
                terminal.Send("/exit");
                break;
            case "Ctrl+D":
                terminal.Keys("C-d");
                break;
            case "no daemon":
                await BerthHome.Until(() => stage.Home.Daemon is not null, "the daemon");
                await stage.KillDaemonAsync();
                terminal.Send("/exit");
                break;
            default:
                var program = ProcessTable.All().Single(p => p.ParentPid == terminal.Pid);
                ProcessTable.Signal(program.Pid, program.StartTicks, way == "SIGTERM" ? 15 : 1);
                break;
        }

        terminal.WaitFor($"left with {way switch { "SIGTERM" => 143, "SIGHUP" => 129, _ => 0 }}");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
        Assert.Equal(
            File.ReadAllText(Path.Combine(stage.Home.Project, "before")), File.ReadAllText(Path.Combine(stage.Home.Project, "after")));
        Assert.True(terminal.ShowsCaret);

        // The shell takes a paste with its marks, a plain program must not get them.
        terminal.Send("clear; cat -v");
        terminal.WaitForNo("shell$");
        terminal.Paste("plain\n");
        terminal.WaitFor("plain\nplain");
    }
}
