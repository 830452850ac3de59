using Berth.App;
using Berth.Editor;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>A thought half written outlives the window it was written in.</summary>
public sealed class DraftFilesTests : IDisposable
{
    private const string Session = "6b63bf5c";
    private readonly Scratch scratch = new();
    private readonly HashSet<string> alive = ["1-10", "2-20"];
    private readonly HeldTime time = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void What_a_terminal_left_in_a_session_is_there_for_the_next_one_and_only_once()
    {
        var draft = new Draft($"look at {Draft.FirstPaste} 看", 3, ["a\nb\n"]);
        Of("1-10").Keep(Session, null, draft);
        alive.Remove("1-10");

        Assert.Null(Of("2-20").Take("12d1bd74", null));
        var taken = Of("2-20").Take(Session, null);
        Assert.Equal("look at a\nb\n 看", taken?.Expanded);
        Assert.Null(Of("2-20").Take(Session, null));

        // It is the other one's now, and when that leaves it is still there.
        alive.Remove("2-20");
        Assert.Equal("look at a\nb\n 看", Of("3-30").Take(Session, null)?.Expanded);
    }

    [Fact]
    public void What_a_terminal_that_lives_is_writing_is_its_own()
    {
        Of("1-10").Keep(Session, null, Line("mine"));
        Assert.Null(Of("2-20").Take(Session, null));
    }

    [Fact]
    public void A_line_that_was_sent_leaves_nothing()
    {
        Of("1-10").Keep(Session, null, Line("half"));
        Of("1-10").Keep(Session, null, Line(""));
        Assert.Empty(Directory.GetFiles(scratch.Path("drafts")));
    }

    [Fact]
    public void A_session_that_never_began_is_found_by_its_directory()
    {
        Of("1-10").Keep(Session, "/project", Line("the first words"));
        alive.Clear();

        Assert.Null(Of("2-20").Take("00000001", "/elsewhere"));
        Assert.Equal("the first words", Of("2-20").Take("00000001", "/project")?.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"text\":1,\"caret\":0,\"pastes\":[]}")]
    [InlineData("{\"text\":\"\uFDD3\",\"caret\":0,\"pastes\":[]}")]
    [InlineData("[")]
    public void A_damaged_file_is_no_draft_and_hurts_nobody(string content)
    {
        Directory.CreateDirectory(scratch.Path("drafts"));
        File.WriteAllText(scratch.Path($"drafts/{Session}-1-10.json"), content);
        alive.Clear();
        Assert.Null(Of("2-20").Take(Session, null));
    }

    [Fact]
    public void Old_ones_are_forgotten()
    {
        Of("1-10").Keep(Session, null, Line("old"));
        File.SetLastWriteTimeUtc(Assert.Single(Directory.GetFiles(scratch.Path("drafts"))), time.GetUtcNow().UtcDateTime.AddDays(-31));
        alive.Clear();

        Of("2-20").Take("12d1bd74", null);
        Assert.Empty(Directory.GetFiles(scratch.Path("drafts")));
    }

    private DraftFiles Of(string owner) => new(() => new DraftPlace(scratch.Path("drafts"), owner, alive.Contains), time);

    private static Draft Line(string text) => new(text, text.Length, []);
}
