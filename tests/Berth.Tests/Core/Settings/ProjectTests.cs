using Berth.Core.Settings;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Settings;

public sealed class ProjectTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void The_git_root_above_is_the_project_of_every_directory_below_it()
    {
        Directory.CreateDirectory(scratch.Path("repo", ".git"));
        Directory.CreateDirectory(scratch.Path("repo", "src", "deep"));

        Assert.Equal(scratch.Path("repo"), Project.Of(scratch.Path("repo")).Root);
        Assert.Equal(scratch.Path("repo"), Project.Of(scratch.Path("repo", "src", "deep")).Root);
        Assert.Equal(scratch.Path("repo"), Project.Of(scratch.Path("repo", "not", "there", "yet")).Root);
    }

    [Fact]
    public void A_git_file_marks_the_root_of_a_worktree()
    {
        Directory.CreateDirectory(scratch.Path("repo", ".git"));
        Directory.CreateDirectory(scratch.Path("repo", "tree", "src"));
        File.WriteAllText(scratch.Path("repo", "tree", ".git"), "gitdir: /elsewhere\n");

        Assert.Equal(scratch.Path("repo", "tree"), Project.Of(scratch.Path("repo", "tree", "src")).Root);
    }

    [Fact]
    public void Without_git_the_directory_itself_is_the_project()
    {
        Directory.CreateDirectory(scratch.Path("plain", "sub"));

        Assert.Equal(scratch.Path("plain", "sub"), Project.Of(scratch.Path("plain", "sub") + "/").Root);
        Assert.Equal("/", Project.Of("/").Root);
    }

    [Fact]
    public void Two_spellings_of_a_directory_are_one_project()
    {
        Directory.CreateDirectory(scratch.Path("a", "repo", ".git"));
        Directory.CreateDirectory(scratch.Path("a", "repo", "src"));
        Directory.CreateSymbolicLink(scratch.Path("absolute"), scratch.Path("a", "repo", "src"));
        Directory.CreateSymbolicLink(scratch.Path("a", "relative"), "../a/./repo");
        Directory.CreateSymbolicLink(scratch.Path("chain"), "a/relative");

        var expected = Project.Of(scratch.Path("a", "repo"));
        Assert.All(
            [
                scratch.Path("absolute"), scratch.Path("a", "relative", "src"), scratch.Path("chain"),
                scratch.Path("chain", "src", "..", ".", "src"), scratch.Root + "//a///repo/",
            ],
            spelling => Assert.Equal(expected, Project.Of(spelling)));

        // "..", behind a link, is above what the link names.
        Assert.Equal(expected, Project.Of(scratch.Path("absolute", "..")));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        Directory.CreateSymbolicLink(scratch.Path("one"), "two");
        Directory.CreateSymbolicLink(scratch.Path("two"), "one");

        Assert.StartsWith(scratch.Root, Project.Of(scratch.Path("one", "x")).Root);
    }

    [Theory]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("~/x")]
    [InlineData("/with\0nul")]
    public void A_path_that_is_not_absolute_is_refused(string path) =>
        Assert.Throws<ArgumentException>(() => Project.Of(path));

    [Fact]
    public void The_key_is_a_plain_file_name_that_tells_roots_apart_and_stays()
    {
        Assert.Equal("berth-5d7b4e9c84c3de08", new Project("/srv/berth").Key);
        Assert.NotEqual(new Project("/a/berth").Key, new Project("/b/berth").Key);
        Assert.All(
            ["/", "/x/..hidden", "/x/my project", "/x/日本語", "/x/" + new string('n', 300), "/x/a\nb"],
            root => Assert.Matches("^[A-Za-z0-9_-]{1,32}-[0-9a-f]{16}$", new Project(root).Key));
    }
}
