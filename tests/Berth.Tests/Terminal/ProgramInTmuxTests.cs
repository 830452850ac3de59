using Berth.Platform;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>The real program in a real terminal, with its offline model.</summary>
public sealed class ProgramInTmuxTests : IDisposable
{
    private readonly BerthHome home = new();
    private TmuxTerminal? tmux;

    public ProgramInTmuxTests() => Assert.SkipUnless(TmuxTerminal.IsThere, "tmux is not installed");

    public void Dispose()
    {
        tmux?.Dispose();
        home.Dispose();
    }

    [Fact]
    public void A_session_goes_to_the_background_and_comes_back_word_for_word()
    {
        var terminal = Start();
        terminal.Send("hello");
        terminal.WaitFor("I am demo");
        terminal.WaitFor(" in · ");
        terminal.Send("wait 3");
        terminal.WaitFor("Working");
        terminal.Send("/bg");
        terminal.WaitFor("New foreground session [");
        var clean = terminal.Screen.Split('\n');
        Assert.Matches(@"^New foreground session \[[0-9a-f]{8}\]$", clean[0]);
        Assert.Matches(@"^Background: \[#1\] [0-9a-f]{8} \(state: running\)$", clean[1]);

        terminal.WaitFor("1 running");
        terminal.Send("/bg /list");
        terminal.WaitFor("ID        State    Created");
        terminal.WaitFor("[#1] ");
        terminal.WaitFor("1 done");
        terminal.Send("/bg 1");
        terminal.WaitFor("Resumed session [#1]");
        Assert.Contains("(state: done)", terminal.Screen);
        Assert.Contains("Previous active sent to bg [#1]", terminal.Screen);
        Assert.Contains("Summary: wait 3", terminal.Screen);
        var history = terminal.Everything;
        history = history[history.LastIndexOf("── [", StringComparison.Ordinal)..];
        Assert.Contains("❯ hello", history);
        Assert.Contains("❯ wait 3", history);
        Assert.Contains("the tide comes in", history);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_window_may_change_its_size_while_an_answer_streams(bool slowly)
    {
        var terminal = Start();
        terminal.Send("wait 4");
        terminal.WaitFor("the tide");
        foreach (var columns in new[] { 60, 100, 47, 99, 80 })
        {
            terminal.Resize(columns, 24);
            if (slowly)
            {
                terminal.Until(() => terminal.Screen.Split('\n').Contains(new string('─', columns)), $"the rule at {columns} columns");
            }
        }

        terminal.WaitFor(" in · ");
        var everything = terminal.Everything;
        Assert.Contains("Berth 0.", everything);
        Assert.Equal(1, Count(everything, "❯ wait 4"));
        Assert.Equal(0, Count(everything, "Working"));
        Assert.Equal(1, Count(everything, "Ask for something"));
        Assert.Equal(2, everything.Split('\n').Count(line => line.Length > 0 && line.All(c => c == '─')));

        // How many words four seconds hold is the machine's affair: a row too many or too few would be more than one.
        Assert.InRange(Count(everything, "the tide comes in"), 3, 5);
    }

    [Fact]
    public void A_question_is_answered_by_a_key()
    {
        var terminal = Start();
        terminal.Send("run: touch made-$((40+2)) && echo tick");
        terminal.WaitFor("1. Yes (y)");
        terminal.Keys("y");
                terminal.WaitFor("exit code 0");
    }

    [Fact]
    public async Task A_closed_terminal_leaves_the_turn_running_and_attach_shows_it()
    {
        var terminal = Start();
        terminal.Send("wait 4");
        terminal.WaitFor("the tide");
        terminal.Dispose();
        await BerthHome.Until(() => home.Berth("bg", "list").Out.Contains("wait 4"), "the slot of a session that nobody looks at");

        using var again = new TmuxTerminal($"{BerthHome.Program} attach '#1'", home.Project, Variables());
        again.WaitFor("❯ wait 4");
        again.WaitFor("Working");
        again.WaitFor(" in · ");
    }

    [Fact]
    public void A_daemon_that_is_killed_is_replaced_and_the_draft_stays()
    {
        var terminal = Start();
        terminal.Send("wait 30");
        terminal.WaitFor("the tide");
        terminal.Type("my draft");
        terminal.WaitFor("❯ my draft");
        var daemon = home.Daemon!.Value;
        ProcessTable.Signal(daemon, CurrentProcess.StartTicks(daemon), 9);
        terminal.WaitFor("The daemon is gone");
        terminal.WaitFor("The daemon ended during this turn");
        terminal.WaitFor("❯ my draft");
        Assert.NotEqual(daemon, home.Daemon);
    }

    [Theory]
    [InlineData("C-d", 0)]
    [InlineData("/exit", 0)]
    [InlineData("SIGTERM", 143)]
    [InlineData("SIGINT", 130)]
    [InlineData("SIGHUP", 129)]
    public void However_it_ends_the_terminal_is_as_it_was(string how, int code)
    {
        var terminal = Start(
            $"sh -c 'stty -a > before; {BerthHome.Program}; echo code=$?; stty -a > after; cmp before after && echo same; cat -v'");
        terminal.WaitFor("demo ·");
        if (how.StartsWith("SIG"))
        {
            var program = ProcessTable.All().Single(p => p.ParentPid == terminal.Pid && p.Session == p.Session && IsBerth(p.Pid));
            ProcessTable.Signal(program.Pid, program.StartTicks, how switch { "SIGTERM" => 15, "SIGINT" => 2, _ => 1 });
        }
        else if (how == "C-d")
        {
            terminal.Keys("C-d");
        }
        else
        {
            terminal.Send(how);
        }

        terminal.WaitFor($"code={code}");
        terminal.WaitFor("same");
        Assert.DoesNotContain("───", terminal.Screen);
        Assert.Equal("1", terminal.Flag("cursor_flag"));
        terminal.Paste("no marks around this");
        terminal.WaitFor("no marks around this");
        Assert.DoesNotContain("200~", terminal.Screen);
    }

    [Fact]
    public void Ctrl_z_gives_the_shell_back_and_fg_comes_back()
    {
        var terminal = Start("bash --norc --noprofile");
        terminal.Send(BerthHome.Program);
        terminal.WaitFor("demo ·");
        terminal.Type("half a line");
        terminal.WaitFor("❯ half a line");
        terminal.Keys("C-z");
        terminal.WaitFor("Stopped");
        terminal.Send("echo in-the-$((1+1))-shell");
        terminal.WaitFor("in-the-2-shell");
        terminal.Send("fg");
        terminal.WaitFor("❯ half a line");
        terminal.Type(" more");
        terminal.WaitFor("❯ half a line more");
    }

    [Fact]
    public void What_was_typed_before_the_program_was_there_is_sent_when_it_is()
    {
        var terminal = Start($"sh -c 'echo ready; read -r line < /dev/null; sleep 1; exec {BerthHome.Program}'");
        terminal.WaitFor("ready");
        terminal.Send("hello");
        terminal.WaitFor("I am demo");
    }

    [Fact]
    public void A_paste_of_many_lines_is_one_message()
    {
        var terminal = Start();
        terminal.Paste("first\nsecond\nthird");
        terminal.WaitFor("  third");
        Assert.DoesNotContain("I am demo", terminal.Screen);
        terminal.Keys("Enter");
        terminal.WaitFor("I am demo");
    }

    private static bool IsBerth(int pid) => File.ReadAllText($"/proc/{pid}/comm").Trim() == "berth";

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private Dictionary<string, string> Variables() => new() { ["BERTH_HOME"] = home.Home };

    private TmuxTerminal Start(string? command = null)
    {
        tmux = new TmuxTerminal(command ?? BerthHome.Program, home.Project, Variables());
        if (command is null)
        {
            tmux.WaitFor("demo ·");
        }

        return tmux;
    }
}
