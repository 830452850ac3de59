using Berth.Core.Tools.Search;
using Berth.Protocol;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>
/// Completes <c>@path</c>: first the names in the directory that is written so far, then files anywhere below whose name
/// or path holds what is written. One terminal's: it keeps the files it has found for a few seconds, so that typing on
/// walks no large tree again.
/// </summary>
internal sealed class PathCompletion(TimeProvider time)
{
    private const int Most = 50;
    private const int MostEntries = 100_000;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);
    private volatile Walk? walk;
    private ITimer? forgetting;

    private sealed record Walk(string Directory, long At, Task<IReadOnlyList<string>> Files);

    /// <summary>The candidates for a mention.</summary>
    /// <param name="directory">What it is relative to; absolute.</param>
    /// <param name="home">What <c>~</c> means; null: nothing.</param>
    /// <param name="word">From its <c>@</c> on.</param>
    public async Task<IReadOnlyList<Completion>> AtAsync(string directory, string? home, string word)
    {
        var isQuoted = word.StartsWith("@\"");
        var typed = word[(isQuoted ? 2 : 1)..];
        var items = Listed(directory, home, typed, isQuoted).ToList();
        if (items.Count < Most && IsSearched(typed) && await FilesAsync(directory).ConfigureAwait(false) is { } files)
        {
            items.AddRange(Matching(files, typed).Select(path => Written(path, isDirectory: path.EndsWith('/'), isQuoted))
                .Where(one => !items.Exists(item => item.Text == one.Text)).Take(Most - items.Count));
        }

        return items;
    }

    // One letter of a script with letters names too much.
    private static bool IsSearched(string typed) =>
        typed.Length > 0 && typed[0] is not ('/' or '~' or '.') && typed[^1] != '/' && (typed.Length > 1 || typed[0] > '\x2e7f');

    private static IEnumerable<Completion> Listed(string directory, string? home, string typed, bool isQuoted)
    {
        var slash = typed.LastIndexOf('/') + 1;
        var (above, name) = (typed[..slash], typed[slash..]);
        if (above.StartsWith("~/") && home is null)
        {
            return [];
        }

        var from = above.StartsWith("~/") ? Path.Combine(home!, above[2..]) : Path.GetFullPath(above.Length == 0 ? "." : above, directory);
        try
        {
            var entries = new DirectoryInfo(from).EnumerateFileSystemInfos().Take(MostEntries)
                .Where(e => e.Name.StartsWith(name, StringComparison.OrdinalIgnoreCase)
                    && (e.Name[0] != '.' || name.StartsWith('.')) && IsTypable(e.Name))
                .ToList();
            var rules = IgnoreRules.Above(from).In(from, File.Exists(Path.Combine(from, ".gitignore")));
            return entries
                .Select(e => (e.Name, IsDirectory: Directory.Exists(e.FullName)))
                .OrderBy(e => rules.Ignores(Path.Combine(from, e.Name), e.IsDirectory))
                .ThenBy(e => e.Name, StringComparer.OrdinalIgnoreCase)
                .Take(Most)
                .Select(e => Written(above + e.Name, e.IsDirectory, isQuoted));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.SecurityException)
        {
            return [];
        }
    }

    // What begins with it, then names that hold it, then paths; short paths first.
    private static IEnumerable<string> Matching(IReadOnlyList<string> files, string typed) => files
        .Select(path => (Path: path, Rank: Rank(path, typed)))
        .Where(one => one.Rank >= 0)
        .OrderBy(one => one.Rank).ThenBy(one => one.Path.Length).ThenBy(one => one.Path, StringComparer.Ordinal)
        .Select(one => one.Path)
        .Take(Most);

    private static int Rank(string path, string typed)
    {
        var name = path.AsSpan().TrimEnd('/');
        name = name[(name.LastIndexOf('/') + 1)..];
        return name.StartsWith(typed, StringComparison.OrdinalIgnoreCase) ? 0
            : name.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 1
            : path.Contains(typed, StringComparison.OrdinalIgnoreCase) ? 2 : -1;
    }

    private static Completion Written(string path, bool isDirectory, bool isQuoted)
    {
        var name = isDirectory && !path.EndsWith('/') ? $"{path}/" : path;
        return new Completion(
            !isQuoted && !name.Any(char.IsWhiteSpace) ? $"@{name}" : isDirectory ? $"@\"{name}" : $"@\"{name}\"");
    }

    private static bool IsTypable(string name) => !name.Any(static c => char.IsControl(c) || c == '"');

    // Null while a large tree is still being walked: the next key finds it.
    private async Task<IReadOnlyList<string>?> FilesAsync(string directory)
    {
        if (walk is not { } known || known.Directory != directory
            || (known.Files.IsCompleted && time.GetElapsedTime(known.At) > Fresh))
        {
            walk = known = new Walk(directory, time.GetTimestamp(), Task.Run(() => Walked(directory)));
        }

        // A terminal that stands idle keeps nothing of a large tree.
        forgetting?.Dispose();
        forgetting = time.CreateTimer(_ => walk = null, null, Kept, Timeout.InfiniteTimeSpan);

        using var enough = new CancellationTokenSource();
        await Task.WhenAny(known.Files, Task.Delay(Limits.CompletionPatience, time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        return known.Files.IsCompletedSuccessfully ? await known.Files.ConfigureAwait(false) : null;
    }

    private static IReadOnlyList<string> Walked(string directory)
    {
        var files = new List<string>();
        var directories = new HashSet<string>(StringComparer.Ordinal);
        var prefix = directory == "/" ? 1 : directory.Length + 1;
        foreach (var file in FileWalk.Files(directory, takesHidden: false, Limits.CompletionFiles, CancellationToken.None))
        {
            if (file.Length <= prefix || !IsTypable(file))
            {
                continue;
            }

            var path = file[prefix..];
            files.Add(path);
            for (var slash = path.LastIndexOf('/'); slash > 0 && directories.Add(path[..(slash + 1)]);)
            {
                slash = path.LastIndexOf('/', slash - 1);
            }
        }

        files.AddRange(directories);
        return files;
    }
}
