using Berth.App;
using Berth.Protocol.Messages;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>What stands in a line is kept when the terminal goes, however it goes, and offered when one comes back.</summary>
public sealed class DraftTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);
    private readonly Scratch scratch = new();
    private readonly List<string> gone = [];
    private int terminals;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_window_that_is_killed_leaves_what_was_written_a_moment_before()
    {
        var (story, owner) = Open(new OpenView("attach", "12d1bd74"));
        story.Look("12d1bd74", last: 0);
        story.Type("half a thought");
        story.Pass(TimeSpan.Zero);
        story.Pass(Moment);
        gone.Add(owner);

        var (next, _) = Open(new OpenView("attach", "12d1bd74"));
        next.Look("12d1bd74", last: 0);
        Assert.Contains("❯ half a thought", next.Screen);
        Assert.Contains("What you had begun to write is in the line again.", next.Screen);
    }

    [Fact]
    public void A_terminal_that_leaves_keeps_every_sessions_line()
    {
        var (story, owner) = Open(new OpenView("attach", "12d1bd74"));
        story.Look("12d1bd74", last: 0);
        story.Type("for the first");
        story.Look("6b63bf5c", last: 0);
        story.Type("for the second");
        story.Terminal.Leave();
        gone.Add(owner);

        var (next, _) = Open(new OpenView("attach", "6b63bf5c"));
        next.Look("6b63bf5c", last: 0);
        Assert.Contains("❯ for the second", next.Screen);
        next.Look("12d1bd74", last: 0);
        Assert.Contains("❯ for the first", next.Screen);
    }

    [Fact]
    public void What_was_sent_is_no_draft()
    {
        var (story, owner) = Open(new OpenView("attach", "12d1bd74"));
        story.Look("12d1bd74", last: 0);
        story.Type("send this");
        story.Pass(TimeSpan.Zero);
        story.Pass(Moment);
        story.Press("\r");
        story.Pass(TimeSpan.Zero);
        gone.Add(owner);

        var (next, _) = Open(new OpenView("attach", "12d1bd74"));
        next.Look("12d1bd74", last: 0);
        Assert.DoesNotContain("send this", next.Screen);
    }

    [Fact]
    public void What_was_written_into_a_session_that_never_began_is_offered_to_the_next_one_here()
    {
        var (story, owner) = Open(new OpenView("new"));
        story.Look("6b63bf5c", fresh: true);
        story.Type("the first words");
        story.Terminal.Leave();
        gone.Add(owner);

        var (next, _) = Open(new OpenView("new"));
        next.Look("00000001", fresh: true);
        Assert.Contains("❯ the first words", next.Screen);

        // A session that somebody begins on purpose is clean.
        next.Press("\u0015");
        next.Type("more");
        next.Pass(TimeSpan.Zero);
        next.Pass(Moment);
        next.Look("00000002", fresh: true);
        Assert.DoesNotContain("❯ more", next.Screen);
    }

    [Fact]
    public void A_line_that_something_stands_in_is_not_overwritten()
    {
        var (story, owner) = Open(new OpenView("attach", "12d1bd74"));
        story.Look("12d1bd74", last: 0);
        story.Type("the old");
        story.Terminal.Leave();
        gone.Add(owner);

        var (next, _) = Open(new OpenView("attach", "12d1bd74"));
        next.Type("the new");
        next.Look("12d1bd74", last: 0);
        Assert.Contains("❯ the new", next.Screen);
    }

    [Fact]
    public void A_key_or_a_secret_never_reaches_the_disk()
    {
        var (story, _) = Open(new OpenView("attach", "12d1bd74"));
        story.Look("12d1bd74", last: 0);
        story.Type("/models /add m key:sk-geheim");
        story.Pass(TimeSpan.Zero);
        story.Pass(Moment);
        Assert.Empty(Files());

        story.Press("\u0015");
        story.Send("/models /key m");
        story.Answers(new Reply(Hidden: "Key of m"));
        story.Type("sk-geheim");
        story.Pass(TimeSpan.Zero);
        story.Pass(Moment);
        story.Terminal.Leave();
        Assert.Empty(Files());
    }

    private string[] Files() => Directory.Exists(scratch.Path("drafts")) ? Directory.GetFiles(scratch.Path("drafts")) : [];

    private (TerminalStory Story, string Owner) Open(OpenView open)
    {
        var owner = $"{++terminals}-1";
        var story = new TerminalStory(
            open: open, connected: false, drafts: () => new DraftPlace(scratch.Path("drafts"), owner, o => !gone.Contains(o)));
        story.Connect();
        return (story, owner);
    }
}
