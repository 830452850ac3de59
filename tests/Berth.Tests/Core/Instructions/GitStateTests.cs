using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Platform;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

/// <summary>What git says of a real repository, and that nothing which the repository configures runs for it.</summary>
public sealed class GitStateTests : IDisposable
{
    private readonly Scratch scratch = new();
    private readonly Children children = new();

    private string Root => scratch.Path("work");

    public void Dispose()
    {
        children.Dispose();
        scratch.Dispose();
    }

    [Fact]
    public async Task Changed_and_unknown_files_and_the_last_commits_are_named()
    {
        await RepositoryAsync(
            """
            echo one > a.txt; echo two > "with space.txt"; git add .; git commit -qm 'First: begin'
            echo more >> a.txt; git mv "with space.txt" moved.txt; mkdir new; echo x > new/file
            """);

        var state = await GitState.OfAsync(Root, Bash.Variables, children.Start, TimeProvider.System);

        Assert.Equal([" M a.txt", "A  moved.txt", "D  with space.txt", "?? new/"], state!.Status);
        Assert.EndsWith(" First: begin", Assert.Single(state.Commits));
        var text = InstructionText.Build(Root, new Project(Root), TimeProvider.System, git: state);
        Assert.Contains("- Working tree: 4 changed or untracked, as `git status --porcelain` has them:\n   M a.txt\n", text);
        Assert.Contains("- Last commits:\n  ", text);
    }

    [Fact]
    public async Task A_clean_tree_and_one_without_commits_say_so()
    {
        await RepositoryAsync("true");
        var empty = await GitState.OfAsync(Root, Bash.Variables, children.Start, TimeProvider.System);
        await RunAsync("echo one > a.txt; git add .; git commit -qm 'x'; touch -d '2001-01-01' a.txt");
        var clean = await GitState.OfAsync(Root, Bash.Variables, children.Start, TimeProvider.System);

        Assert.Equal((0, 0), (empty!.Status.Count, empty.Commits.Count));
        Assert.Equal((0, 1), (clean!.Status.Count, clean.Commits.Count));
        Assert.Contains("- Working tree: clean\n", InstructionText.Build(Root, new Project(Root), TimeProvider.System, git: clean));
    }

    [Fact]
    public async Task Nothing_that_the_repository_configures_runs()
    {
        await RepositoryAsync(
            """
            git init -q ../sub-origin; (cd ../sub-origin; echo s > s.txt; git add .; git commit -qm s)
            echo one > a.txt; echo two > b.dat; git add .; git commit -qm one
            git -c protocol.file.allow=always submodule --quiet add ../sub-origin sub; git commit -qm sub
            cat > ../evil <<'E'
            #!/bin/sh
            echo "$0 $*" >> EVIL_LOG
            cat
            E
            sed -i "s|EVIL_LOG|$PWD/../ran|" ../evil; chmod +x ../evil
            for where in . sub; do (
              cd $where
              evil=$(git rev-parse --show-toplevel)/../evil; [ $where = sub ] && evil=$PWD/../../evil
              git config core.fsmonitor "$evil"; git config core.pager "$evil"; git config diff.external "$evil"
              git config log.showSignature true; git config gpg.program "$evil"; git config core.hooksPath "$(dirname $evil)"
              git config filter.evil.clean "$evil"; git config filter.evil.process "$evil"; git config filter.evil.required true
              git config diff.evil.textconv "$evil"; git config diff.evil.command "$evil"; git config core.sshCommand "$evil"
              git config status.submoduleSummary true; git config credential.helper "$evil"; git config core.alternateRefsCommand "$evil"
              git config alias.status "!$evil"; git config alias.config "!$evil"
            ) done
            cp ../evil ../post-index-change; cp ../evil ../reference-transaction
            echo '* filter=evil diff=evil' > .gitattributes; echo '* filter=evil' > sub/.gitattributes
            echo changed >> a.txt; touch b.dat; echo changed >> sub/s.txt
            rm -f ../ran
            """);

        var state = await GitState.OfAsync(Root, Bash.Variables, children.Start, TimeProvider.System);

        Assert.Contains(" M a.txt", state!.Status);
        Assert.False(File.Exists(scratch.Path("ran")), File.Exists(scratch.Path("ran")) ? File.ReadAllText(scratch.Path("ran")) : "");
        await RunAsync("git status >/dev/null 2>&1 || true");
        Assert.True(File.Exists(scratch.Path("ran")), "the trap works: plain git runs it");
    }

    [Fact]
    public async Task Without_git_or_with_one_from_the_project_nothing_is_asked()
    {
        await RepositoryAsync("mkdir bin; printf '#!/bin/sh\ntouch ../../ran\n' > bin/git; chmod +x bin/git");

        Assert.Null(await GitState.OfAsync(Root, new Dictionary<string, string> { ["PATH"] = "/nowhere" }, children.Start, TimeProvider.System));
        Assert.Null(await GitState.OfAsync(Root, new Dictionary<string, string> { ["PATH"] = $"{Root}/bin" }, children.Start, TimeProvider.System));
        Assert.Null(await GitState.OfAsync(scratch.Root, Bash.Variables, children.Start, TimeProvider.System));
        Assert.False(File.Exists(scratch.Path("ran")));
    }

    private async Task RepositoryAsync(string script)
    {
        Directory.CreateDirectory(Root);
        await RunAsync($"git init -q -b main .; git config user.name T; git config user.email t@example.com\n{script}");
    }

    private async Task RunAsync(string script)
    {
        var output = scratch.Path("output");
        var set = "export HOME=$PWD GIT_CONFIG_NOSYSTEM=1 GIT_AUTHOR_NAME=T GIT_AUTHOR_EMAIL=t@example.com GIT_COMMITTER_NAME=T GIT_COMMITTER_EMAIL=t@example.com";
        var ended = await children.Start(Bash.Options(Root, $"set -e; {set}\n{script}", output)).Exited;
        Assert.True(ended is Exited { Code: 0 }, $"{ended}: {File.ReadAllText(output)}");
    }
}
