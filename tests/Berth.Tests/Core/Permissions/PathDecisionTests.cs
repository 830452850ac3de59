using Berth.Core.Permissions;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>What is decided about the files that tools use.</summary>
public sealed class PathDecisionTests
{
    [Theory]
    [InlineData("src/a.cs", "Allow")]
    [InlineData("./src/../README.md", "Allow")]
    [InlineData("/home/me/proj/src/a.cs", "Allow")]
    [InlineData("/link-to-proj/src/a.cs", "Allow")]
    [InlineData("inside/c.cs", "Allow")]
    [InlineData("not/there/yet.cs", "Allow")]
    [InlineData(".git/config", "Allow")]
    [InlineData("/etc/passwd", "Ask")]
    [InlineData("../other/x.txt", "Ask")]
    [InlineData("~/.ssh/id_rsa", "Ask")]
    [InlineData("passwd", "Ask")]
    [InlineData("up/x.txt", "Ask")]
    [InlineData("inside/../../../x", "Ask")]
    [InlineData("/home/me/project-two/x", "Ask")]
    [InlineData("loop", "Ask")]
    [InlineData("a\0b", "Ask")]
    public void Reading_is_free_inside_the_project_only(string path, string verdict) =>
        Assert.Equal(verdict, Decide("read", path, PathAccess.Read).Verdict.ToString());

    [Theory]
    [InlineData("src/a.cs", "Allow")]
    [InlineData("new/file.cs", "Allow")]
    [InlineData("inside/c.cs", "Allow")]
    [InlineData("/etc/passwd", "Ask")]
    [InlineData("passwd", "Ask")]
    [InlineData("up/x.txt", "Ask")]
    [InlineData(".git/config", "Ask")]
    [InlineData(".GIT/config", "Ask")]
    [InlineData("sub/.git/hooks/pre-commit", "Ask")]
    [InlineData(".git", "Ask")]
    [InlineData(".berth/config.json", "Ask")]
    [InlineData(".bashrc", "Ask")]
    [InlineData("sub/.envrc", "Ask")]
    [InlineData(".gitconfig", "Ask")]
    [InlineData(".gitignore", "Allow")]
    [InlineData(".github/workflows/x.yml", "Allow")]
    public void Accepting_edits_frees_them_inside_the_project_only(string path, string verdict)
    {
        Assert.Equal(verdict, Decide("edit", path, PathAccess.Write, PermissionMode.AcceptEdits).Verdict.ToString());
        Assert.Equal(verdict, Decide("write", path, PathAccess.Write, PermissionMode.AcceptEdits).Verdict.ToString());
        Assert.Equal(Verdict.Ask, Decide("write", path, PathAccess.Write).Verdict);
        Assert.Equal(Verdict.Deny, Decide("write", path, PathAccess.Write, PermissionMode.Plan).Verdict);
        Assert.Equal(Verdict.Allow, Decide("write", path, PathAccess.Write, PermissionMode.Bypass).Verdict);
    }

    [Theory]
    [InlineData("+edit(src/**)", "edit", "src/a.cs", "Allow")]
    [InlineData("+edit(src/**)", "write", "src/deep/new.cs", "Allow")]
    [InlineData("+edit(src/**)", "write", "docs/one.md", "Ask")]
    [InlineData("+edit(src/**)", "write", "src/../docs/one.md", "Ask")]
    [InlineData("+edit(src/**)", "write", "srcx/a.cs", "Ask")]
    [InlineData("+edit(./src/*.cs)", "edit", "src/a.cs", "Allow")]
    [InlineData("+edit(**)", "edit", "docs/one.md", "Allow")]
    [InlineData("+edit(**)", "edit", "/etc/passwd", "Ask")]
    [InlineData("+edit(**)", "edit", "up/x.txt", "Ask")]
    [InlineData("+edit(**)", "edit", ".git/config", "Ask")]
    [InlineData("+edit(.git/**)", "edit", ".git/config", "Allow")]
    [InlineData("+edit(up/**)", "edit", "up/x.txt", "Allow")]
    [InlineData("+edit(/home/me/other/**)", "edit", "up/x.txt", "Allow")]
    [InlineData("+edit", "edit", "/etc/hosts", "Allow")]
    [InlineData("+write(**)", "edit", "src/a.cs", "Ask")]
    [InlineData("+edit(**/one.md)", "edit", "docs/one.md", "Allow")]
    [InlineData("+edit(**/README.md)", "edit", "README.md", "Allow")]
    [InlineData("-edit(src/**)", "write", "src/a.cs", "Deny")]
    [InlineData("-edit(src/**)", "write", "inside/c.cs", "Deny")]
    [InlineData("-edit(src)", "write", "src/a.cs", "Deny")]
    [InlineData("-edit(src/**)", "write", "docs/../src/a.cs", "Deny")]
    [InlineData("-edit(src/**)  +edit(src/a.cs)", "edit", "src/a.cs", "Deny")]
    [InlineData("?edit(src/a.cs)  +edit(src/**)", "edit", "src/a.cs", "Ask")]
    [InlineData("?edit(src/a.cs)  +edit(src/**)", "edit", "src/b.cs", "Allow")]
    [InlineData("-edit(**/*.md)", "edit", "README.md", "Deny")]
    [InlineData("-edit", "write", "a.txt", "Deny")]
    public void Rules_about_edits_hold_where_the_file_really_lies(string rules, string tool, string path, string verdict) =>
        Assert.Equal(verdict, Decide(tool, path, PathAccess.Write, rules: rules).Verdict.ToString());

    [Theory]
    [InlineData("-read(~/.ssh/**)", "~/.ssh/id_rsa", "Deny")]
    [InlineData("-read(~/.ssh/**)", "leaks/key.txt", "Deny")]
    [InlineData("-read(~/.ssh/**)", "~/.ssh", "Deny")]
    [InlineData("-read(~/.ssh)", "~/.ssh/id_rsa", "Deny")]
    [InlineData("-read(leaks/**)", "leaks/key.txt", "Deny")]
    [InlineData("-read(*.pem)", "secrets/key.pem", "Deny")]
    [InlineData("-read(/etc/**)", "passwd", "Deny")]
    [InlineData("?read(.env)", ".env", "Ask")]
    [InlineData("+read(/etc/hosts)", "/etc/hosts", "Allow")]
    [InlineData("+read(/etc/hosts)", "/etc/passwd", "Ask")]
    [InlineData("+read(~/other/**)", "up/x.txt", "Allow")]
    public void Rules_about_reading_hold_in_every_mode_but_free_ones(string rules, string path, string verdict)
    {
        Assert.Equal(verdict, Decide("read", path, PathAccess.Read, rules: rules).Verdict.ToString());
        if (rules[0] != '+')
        {
            Assert.Equal(verdict, Decide("read", path, PathAccess.Read, PermissionMode.Bypass, rules).Verdict.ToString());
        }
    }

    [Fact]
    public void A_walk_is_asked_for_where_a_rule_hides_something_below()
    {
        Assert.Equal(Verdict.Ask, Decide("grep", ".", PathAccess.Walk, rules: "-read(secrets/**)").Verdict);
        Assert.Equal(Verdict.Deny, Decide("grep", "secrets", PathAccess.Walk, rules: "-read(secrets/**)").Verdict);
        Assert.Equal(Verdict.Allow, Decide("grep", "src", PathAccess.Walk, rules: "-read(secrets/**)").Verdict);
        Assert.Equal(Verdict.Ask, Decide("grep", "~/other", PathAccess.Walk, rules: "+read(~/other/*.txt)").Verdict);
        Assert.Equal(Verdict.Allow, Decide("grep", "~/other", PathAccess.Walk, rules: "+read(~/other/**)").Verdict);
    }

    [Fact]
    public void A_walk_that_leaves_out_what_is_hidden_is_free()
    {
        Assert.Equal(Verdict.Allow, Decide("grep", ".", PathAccess.FilteredWalk, rules: "-read(secrets/**)").Verdict);

        var mayLook = Policy.WalkFilter("grep", FakeFiles.Place(), PermissionTable.Rules("-read(secrets/**)  ?read(*.env)"));
        Assert.True(mayLook("/home/me/proj/src/a.cs"));
        Assert.False(mayLook("/home/me/proj/secrets/key.pem"));
        Assert.False(mayLook("/home/me/proj/.env"));
    }

    [Theory]
    [InlineData("notes.txt", "Read", "Allow")]
    [InlineData("proj/src", "Walk", "Allow")]
    [InlineData(".ssh/id_rsa", "Read", "Ask")]
    [InlineData(".", "Walk", "Ask")]
    [InlineData("/home/me", "FilteredWalk", "Ask")]
    public void Where_the_project_is_the_home_directory_its_hidden_files_are_not_free(
        string path, string access, string verdict)
    {
        var place = FakeFiles.Place(directory: FakeFiles.Home, project: FakeFiles.Home);
        var request = new PermissionRequest("read", new PathAction(path, Enum.Parse<PathAccess>(access)), place);

        Assert.Equal(verdict, Policy.Decide(request, RuleSet.Empty, PermissionMode.Ask).Verdict.ToString());
    }

    [Fact]
    public void A_project_that_is_reached_through_a_link_is_the_same_project()
    {
        var place = FakeFiles.Place(directory: "/link-to-proj/src", project: "/link-to-proj");

        Assert.Equal(Verdict.Allow, Line("ls"));
        Assert.Equal(Verdict.Allow, Line("cat a.cs ../README.md /home/me/proj/a.txt /link-to-proj/a.txt"));
        Assert.Equal(Verdict.Allow, Line("cd deep && ls"));
        Assert.Equal(Verdict.Allow, Line("cd /link-to-proj/docs && ls"));
        Assert.Equal(Verdict.Ask, Line("cat ../../notes.txt"));

        Verdict Line(string line) => Policy.Decide(
            new PermissionRequest("bash", new CommandAction(line), place), RuleSet.Empty, PermissionMode.Ask).Verdict;
    }

    [Fact]
    public void A_program_of_the_project_is_not_the_systems_program()
    {
        var place = new FakeFiles().WithProgram("ls", "/home/me/proj/node_modules/.bin/ls").WithProgram("cat", "/usr/bin/cat").In();

        Assert.Equal(Verdict.Ask, Line("ls"));
        Assert.Equal(Verdict.Ask, Line("timeout 5 ls"));
        Assert.Equal(Verdict.Allow, Line("cat a.txt"));

        Verdict Line(string line) => Policy.Decide(
            new PermissionRequest("bash", new CommandAction(line), place), RuleSet.Empty, PermissionMode.Ask).Verdict;
    }

    [Fact]
    public void Several_files_are_as_free_as_the_least_free_of_them()
    {
        var action = new PathAction([new PathUse("a.txt", PathAccess.Read), new PathUse("/etc/passwd", PathAccess.Read)]);
        var request = new PermissionRequest("read", action, FakeFiles.Place());

        Assert.Equal(Verdict.Ask, Policy.Decide(request, RuleSet.Empty, PermissionMode.Ask).Verdict);
        Assert.Equal(Verdict.Deny, Policy.Decide(request, PermissionTable.Rules("-read(/etc/**)"), PermissionMode.Ask).Verdict);
    }

    private static Decision Decide(
        string tool, string path, PathAccess access, PermissionMode mode = PermissionMode.Ask, string rules = "") =>
        Policy.Decide(
            new PermissionRequest(tool, new PathAction(path, access), FakeFiles.Place()), PermissionTable.Rules(rules), mode);
}
