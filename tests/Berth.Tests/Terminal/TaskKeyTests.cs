using Berth.Protocol.Events;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>Ctrl+B and the status line while commands run.</summary>
public sealed class TaskKeyTests
{
    private const string Dispatched = "Task #7 dispatched to background (watch)";
    private readonly TerminalStory story = new(columns: 120);

    [Theory]
    [InlineData("\u0002")]
    [InlineData("\u0018b")]
    public void A_running_command_is_sent_to_the_background_and_that_is_said_once(string key)
    {
        Runs("watch");
        story.Press(key);
        Assert.Equal(["/tasks /background"], story.Lines);

        story.Happens(new TaskBackgrounded(7, "key"), new ToolEnded("c1", "ok", Dispatched + "\npid 4711", Dispatched));
        story.Answers(Dispatched);
        Assert.Equal(2, story.Screen.Split(Dispatched).Length);
    }

    [Fact]
    public void With_nothing_to_send_the_caret_moves_and_no_line_is_sent()
    {
        story.Type("ab");
        story.Press("\u0002");
        story.Type("X");

        Assert.Contains("❯ aXb", story.Screen);
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void The_status_line_counts_what_runs_and_names_the_newest_with_its_time()
    {
        Assert.DoesNotContain("task", story.Screen);
        Runs("watch");
        Assert.Contains("1 task · watch 0s", story.Screen);
        story.Happens(new TaskStarted(8, "shell", null, "make all the things that are in this long line\nand this", null, 1, 1, "/gone", "user"));
        story.Pass(TimeSpan.FromSeconds(65));
        Assert.Contains("2 tasks · make all the things tha… 1m 05s", story.Screen);

        story.Happens(new TaskEnded(8, "exited", 0, null, [], 0, 65, null));
        Assert.Contains("1 task · watch 1m 05s", story.Screen);
        story.Happens(new TaskEnded(7, "exited", 0, null, [], 0, 65, null), new ToolEnded("c1", "ok", "", null));
        Assert.DoesNotContain("1 task", story.Screen);
    }

    private void Runs(string what) => story.Happens(
        new UserMessage("go"), new TurnStarted(1, "message"),
        new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", """{"command":"npm run watch"}""")]), new ToolStarted("c1"),
        new TaskStarted(7, "shell", "c1", "npm run watch", what, 4711, 1, "/gone", "model"));
}
