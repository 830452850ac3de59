using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>What is typed before the daemon is there, and before the history is read.</summary>
public sealed class FirstLineTests
{
    [Fact]
    public void Its_answer_stands_below_it_as_every_answer_does()
    {
        var story = new TerminalStory(connected: false);
        story.Send("/help");
        story.Connect();
        story.Look("6b63bf5c", fresh: true);
        story.Answers("All commands.");

        Assert.Contains("❯ /help\nAll commands.", story.Screen);
    }

    [Fact]
    public void It_is_remembered_as_every_line_is()
    {
        var stored = new List<string>();
        var story = new TerminalStory();
        story.Send("early");
        story.Terminal.RememberWith(stored.Add);
        story.Send("late");

        Assert.Equal(["early", "late"], stored);
    }
}
