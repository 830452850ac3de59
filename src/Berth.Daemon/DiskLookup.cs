using Berth.Core.Permissions;
using Berth.Core.Settings;
using Berth.Platform;

namespace Berth.Daemon;

/// <summary>Answers what a permission decision asks of the file system, from the disk as it is now.</summary>
internal static class DiskLookup
{
    // A glob over more names is asked about rather than looked through.
    private const int MostNames = 10_000;

    private const UnixFileMode AnyExecute =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The look-ups for one session.</summary>
    /// <param name="path">The <c>PATH</c> its commands will have; null when they have none.</param>
    /// <param name="directory">The directory they start in, from which relative entries of <c>PATH</c> count.</param>
    internal static FileLookup Of(string? path, string directory) =>
        new(RealPath.Of, Names, Directory.Exists, name => Program(name, path ?? "", directory));

    private static IReadOnlyList<string>? Names(string directory)
    {
        var names = new List<string>();
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(directory))
            {
                if (names.Count == MostNames)
                {
                    return null;
                }

                names.Add(Path.GetFileName(entry));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The shell cannot list it either, and leaves the glob as it is.
            return names;
        }

        return names;
    }

    // As bash looks, relative entries of the path too: that is where a checkout would put its own "ls".
    private static string? Program(string name, string path, string directory)
    {
        foreach (var entry in path.Split(':'))
        {
            var file = Path.Combine(directory, entry, name);
            if (FileFacts.Of(file) is { Kind: FileKind.Regular } facts && (facts.Mode & AnyExecute) != UnixFileMode.None)
            {
                return file;
            }
        }

        return null;
    }
}
