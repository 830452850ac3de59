using System.IO.Enumeration;
using Berth.Core.Tools.Search;

namespace Berth.Core.Tools.Reading;

/// <summary>The entries of a directory.</summary>
internal static class DirectoryNames
{
    private const int Most = 100_000;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false, RecurseSubdirectories = false, ReturnSpecialDirectories = false,
    };

    /// <summary>The names in order, directories with a slash at their end, each on one line.</summary>
    /// <param name="isWhole">False: there are more, and these are only some of them.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static List<string> Of(string path, out bool isWhole)
    {
        var names = new FileSystemEnumerable<string>(
            path, (ref FileSystemEntry entry) => ShownPath.Of(entry.FileName.ToString()) + (entry.IsDirectory ? "/" : ""), Everything)
            .Take(Most + 1).ToList();
        isWhole = names.Count <= Most;
        if (!isWhole)
        {
            names.RemoveAt(Most);
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
