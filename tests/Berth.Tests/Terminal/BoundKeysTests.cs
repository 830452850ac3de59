using Berth.App;
using Berth.Core.Settings;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>Keys mean what the configuration says, and a terminal calls its person the way it says.</summary>
public sealed class BoundKeysTests
{
    private readonly TerminalStory story = new();

    [Fact]
    public void The_configuration_knows_the_actions_that_the_terminal_has() => Assert.Equal(
        KeyMap.Table.Select(row => (row.Action, row.Keys)), KeyActions.All.Select(action => (action.Name, action.Keys)));

    [Fact]
    public void A_bound_action_has_its_new_keys_and_no_others()
    {
        Runs();
        Bind(new BoundKeys("background", "ctrl+g, ctrl+x o"));

        story.Press("\x07");
        story.Press("\x18");
        story.Press("o");
        Assert.Equal(["/tasks /background", "/tasks /background"], story.Lines);
        story.Press("\x02");
        story.Press("\x18");
        story.Press("b");
        Assert.Equal(2, story.Lines.Count);
        Assert.Contains("❯ b", story.Screen);
    }

    [Fact]
    public void What_is_bound_to_a_built_in_key_takes_it_and_none_is_no_key()
    {
        Runs();
        Bind(new BoundKeys("background", "ctrl+c"), new BoundKeys("clear_or_leave", "none"));
        story.Press("\x03");
        Assert.Equal(["/tasks /background"], story.Lines);
    }

    [Fact]
    public void A_change_counts_at_once_and_can_be_taken_back()
    {
        Runs();
        Bind(new BoundKeys("interrupt", "f5"));
        story.Press("\x1b[15~");
        Bind();
        story.Press("\x1b[15~");
        Assert.Equal(["/interrupt"], story.Lines);
    }

    [Fact]
    public void A_first_key_that_the_second_does_not_complete_does_what_it_does_alone()
    {
        story.Type("ab");
        Bind(new BoundKeys("suspend", "ctrl+a ctrl+z"));
        story.Press("\x01");
        story.Type("x");
        Assert.Contains("❯ xab", story.Screen);
    }

    [Theory]
    [InlineData("bell", 1, "")]
    [InlineData("osc9", 0, "[#1] 12d1bd74 done: fix␛it")]
    [InlineData("off", 0, "")]
    public void A_background_session_that_ends_calls_the_person(string notify, int bells, string called)
    {
        story.Say(SilentDaemon.Notification(DaemonMethods.Settings, new TerminalSettings(notify, []), MessageJson.TerminalSettings));
        story.Say(SilentDaemon.Notification(
            DaemonMethods.Notice, new Notice("[#1] 12d1bd74 done: fix\x1bit", "done", Rings: true), MessageJson.Notice));
        story.Say(SilentDaemon.Notification(DaemonMethods.Notice, new Notice("just so", "dim"), MessageJson.Notice));

        Assert.Equal((bells, called), (story.Display.Bells, string.Concat(story.Display.Called)));
    }

    private void Runs() => story.Happens(
        new TurnStarted(1, "message"), new StepStarted(1, "demo"),
        new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", "{}")]), new ToolStarted("c1"),
        new TaskStarted(1, "shell", "c1", "make", null, 7, 7, "/nowhere", "model"));

    private void Bind(params BoundKeys[] keys) => story.Say(
        SilentDaemon.Notification(DaemonMethods.Settings, new TerminalSettings("off", keys), MessageJson.TerminalSettings));
}
