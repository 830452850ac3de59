using System.IO.Enumeration;

namespace Berth.Core.Tools.Search;

/// <summary>
/// The files below a directory, in the order of their paths, without what git ignores, hidden names and <c>.git</c>.
/// Symbolic links to directories are not followed, so no loop can hold it.
/// </summary>
internal sealed class FileWalk
{
    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true, RecurseSubdirectories = false, ReturnSpecialDirectories = false,
    };

    private readonly bool takesHidden;
    private readonly int most;
    private readonly CancellationToken cancellation;
    private int files;

    private FileWalk(bool takesHidden, int most, CancellationToken cancellation)
    {
        this.takesHidden = takesHidden;
        this.most = most;
        this.cancellation = cancellation;
    }

    private readonly record struct Entry(string Name, bool IsDirectory);

    /// <summary>Walks.</summary>
    /// <param name="root">Absolute; it is walked even if it is hidden or ignored itself.</param>
    /// <param name="takesHidden">Names with a leading dot count (never <c>.git</c>).</param>
    /// <param name="most">Files after which it ends.</param>
    /// <returns>Absolute paths.</returns>
    public static IEnumerable<string> Files(string root, bool takesHidden, int most, CancellationToken cancellation) =>
        new FileWalk(takesHidden, most, cancellation).In(root.Length > 1 ? root.TrimEnd('/') : root, IgnoreRules.Above(root));

    // A stack of its own instead of recursion: a hostile tree may be very deep.
    private IEnumerable<string> In(string root, IgnoreRules above)
    {
        var open = new Stack<(string Path, bool IsDirectory, IgnoreRules Rules)>();
        open.Push((root, true, above));
        while (open.TryPop(out var next))
        {
            if (!next.IsDirectory)
            {
                yield return next.Path;
                if (++files >= most)
                {
                    yield break;
                }

                continue;
            }

            cancellation.ThrowIfCancellationRequested();
            var entries = Entries(next.Path);
            var rules = next.Rules.In(next.Path, entries.Exists(entry => entry.Name == ".gitignore"));
            for (var i = entries.Count - 1; i >= 0; i--)
            {
                var path = next.Path == "/" ? $"/{entries[i].Name}" : $"{next.Path}/{entries[i].Name}";
                if (IsTaken(entries[i]) && !rules.Ignores(path, entries[i].IsDirectory)
                    && !(entries[i].IsDirectory && IsLink(path)))
                {
                    open.Push((path, entries[i].IsDirectory, rules));
                }
            }
        }
    }

    private bool IsTaken(Entry entry) => entry.Name[0] != '.' || (takesHidden && entry.Name != ".git");

    // Names sort as the paths below them do: a directory as if its slash were a part of the name.
    private List<Entry> Entries(string directory)
    {
        try
        {
            var entries = new FileSystemEnumerable<Entry>(
                directory, (ref FileSystemEntry entry) => new Entry(entry.FileName.ToString(), entry.IsDirectory), Everything)
                .Take(most + 1).ToList();
            entries.Sort(static (a, b) => string.CompareOrdinal(
                a.IsDirectory ? a.Name + "/" : a.Name, b.IsDirectory ? b.Name + "/" : b.Name));
            return entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // it went away, or is not ours to read
        }
    }

    private static bool IsLink(string path) => Platform.FileFacts.Of(path, follow: false) is not { Kind: Platform.FileKind.Directory };
}
