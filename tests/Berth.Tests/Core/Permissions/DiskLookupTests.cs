using Berth.Core.Permissions;
using Berth.Core.Settings;
using Berth.Daemon;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>Decisions about a checkout on the real disk.</summary>
public sealed class DiskLookupTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly string project;

    public DiskLookupTests()
    {
        project = Directory.CreateDirectory(scratch.Path("proj")).FullName;
        Directory.CreateDirectory(scratch.Path("outside"));
        File.WriteAllText(scratch.Path("outside", "key.txt"), "secret");
        File.WriteAllText(Path.Combine(project, "a.txt"), "a");
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_link_out_of_the_project_is_followed()
    {
        Assert.Equal(Verdict.Allow, Decide("cat a.txt"));
        Assert.Equal(Verdict.Allow, Decide("cat *.txt"));

        File.CreateSymbolicLink(Path.Combine(project, "key.txt"), scratch.Path("outside", "key.txt"));
        Assert.Equal(Verdict.Ask, Decide("cat key.txt"));
        Assert.Equal(Verdict.Ask, Decide("cat *.txt"));
        Assert.Equal(Verdict.Allow, Decide("cat a*.txt"));

        Directory.CreateSymbolicLink(Path.Combine(project, "up"), scratch.Path("outside"));
        Assert.Equal(Verdict.Ask, Decide("ls up"));
        Assert.Equal(Verdict.Ask, Decide("ls up/.."));
        Assert.Equal(Verdict.Ask, Decide("cat */key.txt"));
    }

    [Fact]
    public void A_file_named_like_an_option_stops_a_glob()
    {
        File.WriteAllText(Path.Combine(project, "-f"), "");

        Assert.Equal(Verdict.Ask, Decide("grep x *"));
        Assert.Equal(Verdict.Allow, Decide("grep x ./*"));
    }

    [Fact]
    public void A_program_of_the_project_in_the_path_stops_its_name()
    {
        var bin = Directory.CreateDirectory(Path.Combine(project, "bin")).FullName;
        File.WriteAllText(Path.Combine(bin, "ls"), "#!/bin/sh\n");

        Assert.Equal(Verdict.Allow, Decide("ls", "bin:/usr/bin:/bin"));
        File.SetUnixFileMode(Path.Combine(bin, "ls"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        Assert.Equal(Verdict.Ask, Decide("ls", "bin:/usr/bin:/bin"));
        Assert.Equal(Verdict.Ask, Decide("ls", $"{bin}:/usr/bin:/bin"));
        Assert.Equal(Verdict.Allow, Decide("ls", "/usr/bin:/bin"));
    }

    private Verdict Decide(string line, string path = "/usr/bin:/bin") => Policy.Decide(
        new PermissionRequest(
            "bash", new CommandAction(line),
            new Place(project, project, scratch.Root, Trusted: true, DiskLookup.Of(path, project))),
        RuleSet.Empty, PermissionMode.Ask).Verdict;
}
