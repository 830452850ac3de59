using Berth.Platform;

namespace Berth.Core.Tools.Search;

/// <summary>
/// What git would leave out at one place of a tree: the rules of this directory and of those above it, nearest first, up
/// to the repository's root and its <c>.git/info/exclude</c>. Where there is no repository, from the walk's root on.
/// </summary>
internal sealed class IgnoreRules
{
    private const int MostDirectoriesUp = 64;

    private readonly IgnoreRules? above;
    private readonly IgnoreFile? file;

    private IgnoreRules(IgnoreRules? above, IgnoreFile? file)
    {
        this.above = above;
        this.file = file;
    }

    /// <summary>The rules in force in the directory where a walk begins; its own are not among them yet.</summary>
    public static IgnoreRules Above(string root)
    {
        var up = new List<string>();
        for (var at = root; at is not null && up.Count < MostDirectoriesUp; at = Path.GetDirectoryName(at))
        {
            up.Add(at);
            if (FileFacts.Of(Path.Combine(at, ".git")) is not null)
            {
                var rules = new IgnoreRules(null, IgnoreFile.Read(Path.Combine(at, ".git", "info", "exclude"), at));
                for (var i = up.Count - 1; i > 0; i--)
                {
                    rules = rules.In(up[i], hasFile: true);
                }

                return rules;
            }
        }

        return new IgnoreRules(null, null);
    }

    /// <summary>The rules in a directory below.</summary>
    /// <param name="hasFile">Whether it has a <c>.gitignore</c>.</param>
    public IgnoreRules In(string directory, bool hasFile) =>
        hasFile && IgnoreFile.Read(Path.Combine(directory, ".gitignore"), directory) is { } own ? new IgnoreRules(this, own) : this;

    /// <summary>Whether a path is left out. What lies in a directory that is left out is not asked for.</summary>
    public bool Ignores(ReadOnlySpan<char> path, bool isDirectory)
    {
        for (var rules = this; rules is not null; rules = rules.above)
        {
            if (rules.file?.Ignores(path, isDirectory) is { } ignored)
            {
                return ignored;
            }
        }

        return false;
    }
}
