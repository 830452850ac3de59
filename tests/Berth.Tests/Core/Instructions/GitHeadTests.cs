using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class GitHeadTests : IDisposable
{
    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("ref: refs/heads/main\n", "main")]
    [InlineData("ref: refs/heads/feature/ü-1", "feature/ü-1")]
    [InlineData("ref: refs/heads/a\u001b[2Jb\n", "a[2Jb")]
    [InlineData("0123456789abcdef0123456789abcdef01234567\n", "01234567 (detached)")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "01234567 (detached)")]
    [InlineData("ref: refs/heads/", null)]
    [InlineData("ref: refs/remotes/x", null)]
    [InlineData("0123", null)]
    [InlineData("", null)]
    [InlineData("root:x:0:0:root:/root:/bin/bash", null)]
    public void The_branch_is_what_HEAD_says(string head, string? branch)
    {
        Directory.CreateDirectory(scratch.Path(".git"));
        File.WriteAllText(scratch.Path(".git", "HEAD"), head);

        Assert.Equal(branch, GitHead.Of(new Project(scratch.Root)));
    }

    [Theory]
    [InlineData("gitdir: real/worktrees/one\n")]
    [InlineData("gitdir: ABSOLUTE/real/worktrees/one")]
    public void A_worktrees_file_leads_to_its_HEAD(string file)
    {
        Directory.CreateDirectory(scratch.Path("real", "worktrees", "one"));
        File.WriteAllText(scratch.Path("real", "worktrees", "one", "HEAD"), "ref: refs/heads/side\n");
        File.WriteAllText(scratch.Path(".git"), file.Replace("ABSOLUTE", scratch.Root));

        Assert.Equal("side", GitHead.Of(new Project(scratch.Root)));
    }

    [Theory]
    [InlineData("gitdir: /nowhere")]
    [InlineData("gitdir:")]
    [InlineData("gitdir: a\0b")]
    [InlineData("something else")]
    public void A_file_that_leads_nowhere_has_no_branch(string file)
    {
        File.WriteAllText(scratch.Path(".git"), file);

        Assert.Null(GitHead.Of(new Project(scratch.Root)));
    }

    [Fact]
    public void Without_git_or_with_a_pipe_for_a_HEAD_there_is_no_branch()
    {
        Assert.Null(GitHead.Of(new Project(scratch.Root)));

        Settings.SettingsPlace.MakePipe(scratch.Path(".git", "HEAD"));
        Assert.Null(GitHead.Of(new Project(scratch.Root)));
    }
}
