using System.Text;
using Berth.Core.Settings;
using Berth.Platform;

namespace Berth.Core.Instructions;

/// <summary>
/// The branch of a project, from the file <c>HEAD</c> itself: git is not run, because a repository can make it run
/// programs (gitrepository-layout(5) describes the files).
/// </summary>
public static class GitHead
{
    private const int LongestFile = 4096;
    private const string Branch = "ref: refs/heads/";
    private const string Elsewhere = "gitdir:";

    /// <summary>The branch's name, or the commit's first digits with "(detached)"; null without git.</summary>
    public static string? Of(Project project)
    {
        var git = Path.Combine(project.Root, ".git");
        if (FileFacts.Of(git)?.Kind == FileKind.Regular)
        {
            // A worktree or submodule: the file names the directory.
            if (FirstLine(git) is not { } line || !line.StartsWith(Elsewhere))
            {
                return null;
            }

            git = Path.GetFullPath(line[Elsewhere.Length..].Trim(), project.Root);
        }

        var head = FirstLine(Path.Combine(git, "HEAD"));
        if (head is null)
        {
            return null;
        }

        if (head.StartsWith(Branch) && head.Length > Branch.Length)
        {
            return CleanText.Line(head[Branch.Length..]);
        }

        return head.Length is 40 or 64 && head.All(char.IsAsciiHexDigit) ? $"{head[..8]} (detached)" : null;
    }

    private static string? FirstLine(string path)
    {
        try
        {
            var text = Encoding.UTF8.GetString(FileFacts.ReadStart(path, LongestFile, out _));
            var end = text.IndexOf('\n');
            var line = (end < 0 ? text : text[..end]).Trim();
            return line.Contains('\0') ? null : line;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
