using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>
/// What git says about a project's working tree, asked for so that nothing which the repository configures can run: no
/// hook, filter, monitor, external diff, pager or signature check, no fetching of missing objects, no look into submodules.
/// </summary>
/// <param name="Status">Files that differ from the last commit, as <c>git status --porcelain</c> writes them.</param>
/// <param name="Commits">The last commits, newest first: short hash and subject.</param>
internal sealed record GitState(IReadOnlyList<string> Status, IReadOnlyList<string> Commits)
{
    // git-config(1): each of these could run a program, or go elsewhere.
    private static readonly string[] Hardened =
    [
        "--no-pager", "--no-optional-locks", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.pager=cat",
        "-c", "core.untrackedCache=false", "-c", "core.alternateRefsCommand=", "-c", "diff.external=", "-c", "log.showSignature=false",
        "-c", "gpg.program=/bin/false", "-c", "credential.helper=", "-c", "status.submoduleSummary=false", "-c", "submodule.recurse=false",
        "-c", "safe.bareRepository=explicit",
    ];

    private static readonly string[] StatusCall =
        ["status", "--porcelain", "-z", "--untracked-files=normal", "--ignore-submodules=all", "--no-renames"];

    private static readonly string[] LogCall = ["log", "-z", "-5", "--format=%h %s", "--no-show-signature", "--no-color"];

    /// <summary>Asks; null when git is not there, does not answer in time, or does not know the project.</summary>
    /// <param name="root">The project's root.</param>
    /// <param name="variables">The terminal's variables: PATH finds git, HOME the user's own settings.</param>
    public static async Task<GitState?> OfAsync(
        string root, IReadOnlyDictionary<string, string> variables, Func<SpawnOptions, ChildProcess> start, TimeProvider time)
    {
        if (Programs.Find("git", variables.GetValueOrDefault("PATH")) is not { } program
            || program.StartsWith(root.TrimEnd('/') + "/", StringComparison.Ordinal))
        {
            return null;
        }

        using var late = new CancellationTokenSource(Limits.GitCall, time);
        var git = new GitCall(program, root, variables.GetValueOrDefault("HOME") ?? "/", start, late.Token);
        if (await git.AskAsync([.. Hardened, "config", "-z", "--name-only", "--get-regexp", @"^filter\."], GitCall.NothingFound).ConfigureAwait(false)
            is not { } filters || WithoutFilters(filters) is not { } without)
        {
            return null;
        }

        var status = git.AskAsync([.. Hardened, .. without, .. StatusCall]);
        var commits = git.AskAsync([.. Hardened, .. without, .. LogCall]);
        await Task.WhenAll(status, commits).ConfigureAwait(false);
        return await status.ConfigureAwait(false) is { } files ? new GitState(files, await commits.ConfigureAwait(false) ?? []) : null;
    }

    // status compares contents, and a filter is a program through which it would send them. Null when one has a name
    // that cannot be said on a command line.
    private static List<string>? WithoutFilters(IReadOnlyList<string> names)
    {
        var settings = new List<string>();
        foreach (var name in names.Select(n => n[..Math.Max(n.LastIndexOf('.'), 0)]).Distinct())
        {
            if (name.Length == 0 || name.Contains('=') || name.Contains('\n'))
            {
                return null;
            }

            foreach (var setting in new[] { "clean=", "smudge=", "process=", "required=false" })
            {
                settings.AddRange(["-c", $"{name}.{setting}"]);
            }
        }

        return settings;
    }
}
