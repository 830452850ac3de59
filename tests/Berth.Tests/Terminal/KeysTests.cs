using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>What keys do to the line, and which lines they are.</summary>
public sealed class KeysTests
{
    private readonly TerminalStory story = new();

    [Fact]
    public void Keys_are_lines()
    {
        story.Happens(new TurnStarted(1, "message"), new StepStarted(1, "demo"),
            new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", "{}")]), new ToolStarted("c1"),
            new TaskStarted(1, "shell", "c1", "make", null, 7, 7, "/nowhere", "model"));
        story.Escape();
        story.Press("\x02");
        story.Press("\x18");
        story.Press("b");
        story.Press("\x1b" + "3");
        Assert.Equal(["/interrupt", "/tasks /background", "/tasks /background", "/bg 3"], story.Lines);
    }

    [Fact]
    public void With_nothing_to_send_to_the_background_ctrl_b_moves_the_caret()
    {
        story.Type("ac");
        story.Press("\x02");
        story.Type("b");
        Assert.Contains("❯ abc", story.Screen);
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void Escape_without_a_turn_sends_nothing()
    {
        story.Escape();
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void Ctrl_c_clears_then_interrupts_then_leaves()
    {
        story.Happens(new TurnStarted(1, "message"));
        story.Type("draft");
        story.Press("\x03");
        Assert.DoesNotContain("draft", story.Screen);
        story.Press("\x03");
        Assert.Equal(["/interrupt"], story.Lines);
        story.Happens(new TurnEnded("cancelled", null, null, 1));
        story.Press("\x03");
        Assert.Contains("Ctrl+C again leaves", story.Screen);
        story.Press("\x03");
        Assert.Equal(["/interrupt", "/exit"], story.Lines);
        Assert.Null(story.Terminal.ExitCode);
        story.Answers(new Reply(Leave: true));
        Assert.Equal(0, story.Terminal.ExitCode);
    }

    [Fact]
    public void A_second_ctrl_c_that_comes_late_is_a_first_one()
    {
        story.Press("\x03");
        story.Pass(TimeSpan.FromSeconds(3));
        story.Press("\x03");
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void Leaving_does_not_wait_for_a_daemon_that_says_nothing()
    {
        story.Press("\x04");
        Assert.Equal(["/exit"], story.Lines);
        story.Pass(TimeSpan.FromSeconds(1.1));
        Assert.Equal(0, story.Terminal.ExitCode);
    }

    [Fact]
    public void A_line_that_is_too_long_is_refused_and_kept()
    {
        story.Paste(new string('x', Limits.LineBytes + 10));
        story.Press("\r");
        Assert.Empty(story.Lines);
        Assert.Contains("1,000,000 can be sent", story.Screen);
        Assert.Contains("[Pasted 1000001 characters]", story.Screen);
    }

    [Fact]
    public void Several_lines_and_pastes_are_one_message()
    {
        story.Type("one");
        story.Press("\x1b\r");
        story.Type("two\\");
        story.Press("\r");
        story.Press("\x1b[13;2u");
        story.Paste(string.Join('\n', Enumerable.Range(1, 20)));
        Assert.Contains("[Pasted 20 lines]", story.Screen);
        story.Press("\r");
        Assert.Equal(["one\ntwo\n\n" + string.Join('\n', Enumerable.Range(1, 20))], story.Lines);
    }

    [Fact]
    public void The_draft_stays_with_its_session_and_typing_ahead_goes_to_the_next()
    {
        story.Type("half a thought");
        story.Press("\x1b" + "1");
        story.Type("!");
        story.Look("12d1bd74", last: 0);
        Assert.Contains("❯ !", story.Screen);
        story.Press("\x03");
        story.Press("\x1b" + "1");
        story.Look("6b63bf5c");
        Assert.Contains("❯ half a thought", story.Screen);
    }

    [Fact]
    public void What_is_typed_behind_a_command_goes_to_the_session_it_leads_to()
    {
        story.Send("/bg");
        story.Type("next question");
        story.Look("12d1bd74", fresh: true);
        Assert.Contains("❯ next question", story.Screen);
    }

    [Fact]
    public void Completion_informs_while_a_command_is_typed_and_tab_enters_it()
    {
        story.Type("/b");
        story.Say(story.Daemon.Answer(ClientMethods.Complete,
            new Completions(0, 2, [new("/bg", "background"), new("/bg /list", "list")]), MessageJson.Completions));
        Assert.Contains("  /bg        background", story.Screen);
        story.Press("\t");
        Assert.Contains("❯ /bg        background", story.Screen);
        story.Press("\t");
        story.Press("\r");
        Assert.Contains("❯ /bg /list", story.Screen);
        Assert.Empty(story.Lines);
        story.Press("\r");
        Assert.Equal(["/bg /list "], story.Lines);
    }

    [Fact]
    public void Enter_sends_what_was_typed_whatever_the_menu_offers()
    {
        story.Type("/bg");
        story.Say(story.Daemon.Answer(ClientMethods.Complete,
            new Completions(0, 3, [new("/bg"), new("/bg /list")]), MessageJson.Completions));
        story.Press("\r");
        Assert.Equal(["/bg"], story.Lines);
    }

    [Fact]
    public void A_secret_is_asked_for_hidden_and_sent_behind_its_line()
    {
        story.Send("/models /key gpt");
        story.Answers(new Reply(Hidden: "Key of gpt"));
        story.Type("sk-12");
        Assert.Contains("Key of gpt", story.Screen);
        Assert.Contains("❯ •••••", story.Screen);
        Assert.DoesNotContain("sk-12", string.Join('\n', story.Display.AllLines));
        story.Press("\r");
        Assert.Equal(["/models /key gpt", "/models /key gpt sk-12"], story.Lines);
        story.Press("\x1b[A");
        Assert.Contains("❯ /models /key gpt", story.Screen);
        Assert.DoesNotContain("sk-12", story.Screen);
    }

    [Fact]
    public void Ctrl_l_clears_the_screen_and_keeps_the_line()
    {
        story.Say(SilentDaemon.Notification(DaemonMethods.Notice, new Notice("noise"), MessageJson.Notice));
        story.Type("draft");
        story.Press("\f");
        Assert.DoesNotContain("noise", story.Screen);
        Assert.Contains("❯ draft", story.Screen);
    }
}
