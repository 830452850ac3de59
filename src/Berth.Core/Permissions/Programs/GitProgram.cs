using Berth.Core.Permissions.Shell;

namespace Berth.Core.Permissions.Programs;

/// <summary>
/// git is not read-only: status, diff, log and most other commands run programs that a repository's own files configure
/// (fsmonitor, hooks, filters, textconv, external diff, gpg, a promisor's transport). Only the few calls that read
/// references and settings and run nothing are free; the others that look harmless are asked for.
/// </summary>
internal static class GitProgram
{
    private static readonly string[] Looks =
    [
        "status", "diff", "log", "show", "ls-files", "ls-tree", "blame", "annotate", "grep", "describe", "shortlog", "rev-list",
        "cat-file", "show-ref", "for-each-ref", "merge-base", "name-rev", "count-objects", "diff-tree", "diff-index", "diff-files",
        "whatchanged", "rev-parse", "check-ignore", "var", "cherry", "range-diff",
    ];

    private static readonly string[] Writes = ["-o", "-O", "--output", "--ext-diff", "--textconv", "--open-files-in-pager", "--exec"];

    private static readonly HashSet<string> FreeRevParse =
    [
        "--show-toplevel", "--git-dir", "--absolute-git-dir", "--git-common-dir", "--is-inside-work-tree", "--is-inside-git-dir",
        "--is-bare-repository", "--show-prefix", "--show-cdup",
    ];

    /// <summary>What keeps the call from being free; null when nothing does.</summary>
    internal static Objection? Judge(IReadOnlyList<Argument> words)
    {
        if (!words.All(word => word.Text is not null))
        {
            return Objection.NotReadOnly("not every word of git is known before it runs");
        }

        List<string> texts = [.. words.Skip(1).SkipWhile(word => word.Is("--no-pager", "-P")).Select(word => word.Text!)];
        if (IsFree(texts))
        {
            return null;
        }

        var command = texts.FirstOrDefault() ?? "";
        var looks = (Array.IndexOf(Looks, command) >= 0 && !texts.Exists(Opens)) || IsList(texts);
        return looks
            ? Objection.Unknown($"git {command} can run programs that the repository configures")
            : Objection.NotReadOnly($"git {Plain.Short(command)} is not on the read-only list");
    }

    private static bool IsFree(List<string> texts) => texts switch
    {
        ["--version"] or ["version"] => true,
        ["rev-parse", .. var flags] when flags.Count > 0 => flags.TrueForAll(FreeRevParse.Contains),
        ["branch", "--show-current"] or ["remote"] or ["remote", "-v"] => true,
        ["symbolic-ref", "HEAD"] or ["symbolic-ref", "--short", "HEAD"] => true,
        _ => false,
    };

    // Commands that list when called in one way and change in another.
    private static bool IsList(List<string> texts) => texts switch
    {
        ["branch", .. var flags] => flags.TrueForAll(flag => flag is "-a" or "-r" or "-v" or "-vv" or "--list" or "--all"),
        ["tag"] or ["tag", "-l"] or ["tag", "--list"] or ["stash", "list"] or ["reflog"] or ["worktree", "list"] => true,
        ["config", "--get" or "--get-all" or "--list" or "-l", ..] => true,
        _ => false,
    };

    // Also their abbreviations: git takes any beginning that is the only one.
    private static bool Opens(string text) => Array.Exists(Writes, option =>
        option.Length == 2 ? text.StartsWith(option) : text.Length > 3 && (text.StartsWith(option) || option.StartsWith(text)));
}
