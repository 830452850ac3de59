using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class CustomCommandsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("Fix $ARGUMENTS now", "12 high", "Fix 12 high now")]
    [InlineData("Fix $1 as $2, $1$3.", "12 high", "Fix 12 as high, 12.")]
    [InlineData("$1", "'two words' x", "two words")]
    [InlineData("$ARGUMENTS/$1", "$1 $ARGUMENTS", "$1 $ARGUMENTS/$1")]
    [InlineData("Costs $12, $0, $, $x, $ARGUMENTSX and $HOME", "a", "Costs $12, $0, $, $x, $ARGUMENTSX and $HOME\n\na")]
    [InlineData("Review it.", "src", "Review it.\n\nsrc")]
    [InlineData("Review it.", "", "Review it.")]
    [InlineData("Run !`date` and @a.txt", "", "Run !`date` and @a.txt")]
    public void Arguments_stand_in_their_places_and_nothing_else_means_anything(string text, string arguments, string expanded)
    {
        var command = new CustomCommand("x", "", "", text, "/x.md", new DefinitionPlace("/", "here"));
        var line = Berth.Core.Commands.CommandLine.Parse($"/x {arguments}");

        Assert.Equal(expanded, command.Expand(arguments, [.. Enumerable.Range(0, line.Count).Select(i => line[i])]));
    }

    [Fact]
    public void Names_come_from_files_and_folders_and_words_from_the_head()
    {
        Write("---\ndescription: Commits\nargument-hint: [message]\n---\nCommit $ARGUMENTS", "work/.berth/commands/git/commit.md");
        Write("# Reviews the branch\n\nDo it.", "home/.claude/commands/review.md");

        var set = CustomCommands.Of(Scope(), _ => false);

        Assert.Equal(
            [("git:commit", "Commits", "/git:commit message", ".berth/commands"), ("review", "Reviews the branch", "/review", "~/.claude/commands")],
            set.Found.Select(c => (c.Name, c.Description, c.Usage, c.Place.Origin)));
        Assert.Empty(set.Problems);
    }

    [Fact]
    public void Our_own_names_win_and_what_cannot_be_a_command_is_named()
    {
        Write("x", "work/.berth/commands/status.md");
        Write("x", "work/.berth/commands/two words.md");
        Write("---\ndescription: d\n---\n", "work/.berth/commands/empty.md");
        Write("first", "work/.berth/commands/Same.md");
        Write("second", "work/.claude/commands/same.md");

        var set = CustomCommands.Of(Scope(), name => name == "status");

        Assert.Equal([("Same", "first")], set.Found.Select(c => (c.Name, c.Text)));
        Assert.Equal(
            [
                "there is no text in it", "/status is one of Berth's own commands, which counts",
                "a name with blanks or quotes cannot be typed as a command", "/same is in .berth/commands too, which counts",
            ],
            set.Problems.Select(p => p.What));
    }

    private DefinitionScope Scope() =>
        new(new Project(scratch.Path("work")), true, scratch.Path("config"), scratch.Path("home"));

    private void Write(string text, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(path))!);
        File.WriteAllText(scratch.Path(path), text);
    }
}
