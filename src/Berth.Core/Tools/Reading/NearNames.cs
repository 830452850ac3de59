using Berth.Core.Tools.Editing;
using Berth.Platform;

namespace Berth.Core.Tools.Reading;

/// <summary>Which files a path that leads nowhere may mean.</summary>
internal static class NearNames
{
    private const int MostNames = 3;
    private const double LeastLike = 0.4;

    /// <summary>A sentence with the nearest names, or with the first directory of the path that is missing; "" for none.</summary>
    /// <param name="show">How results name a path.</param>
    public static string Hint(string path, Func<string, string> show)
    {
        var directory = Path.GetDirectoryName(path.TrimEnd('/'));
        var name = Path.GetFileName(path.TrimEnd('/'));
        while (directory is not null && FileFacts.Of(directory) is not { Kind: FileKind.Directory })
        {
            name = Path.GetFileName(directory);
            directory = Path.GetDirectoryName(directory);
        }

        if (directory is null)
        {
            return "";
        }

        var isDirectoryMissing = directory != Path.GetDirectoryName(path.TrimEnd('/'));
        var hint = isDirectoryMissing ? $" There is no {show(Path.Combine(directory, name))} either." : "";
        var near = Nearest(directory, name);
        return near.Count == 0 ? hint
            : $"{hint} Did you mean {string.Join(" or ", near.Select(one => show(Path.Combine(directory, one))))}?";
    }

    private static List<string> Nearest(string directory, string name)
    {
        try
        {
            var like = new Likeness(name);
            var stem = Path.GetFileNameWithoutExtension(name);
            return [.. DirectoryNames.Of(directory, out _)
                .Select(entry => (Name: entry.TrimEnd('/'), Like: HowLike(entry.TrimEnd('/'))))
                .Where(one => one.Like >= LeastLike)
                .OrderByDescending(one => one.Like).ThenBy(one => one.Name, StringComparer.Ordinal)
                .Take(MostNames).Select(one => one.Name)];

            double HowLike(string entry) =>
                entry.Equals(name, StringComparison.OrdinalIgnoreCase) ? 2
                : stem.Length > 0 && Path.GetFileNameWithoutExtension(entry).Equals(stem, StringComparison.OrdinalIgnoreCase) ? 1
                : like.To(entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
