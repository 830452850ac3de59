using Berth.Core.Settings;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>Looks for files of a name in a place and the folders in it, within bounds of depth and number.</summary>
/// <param name="isWanted">By the name alone.</param>
/// <param name="stops">A folder that holds such a file is not looked into further: the rest of it belongs to the file.</param>
internal sealed class DefinitionWalk(
    DefinitionPlace place, Func<string, bool> isWanted, bool stops, List<SettingsWarning> problems)
{
    private const int Depth = 4;
    private readonly List<string> paths = [];
    private int directories;
    private bool isFull;

    /// <summary>The files, in no order.</summary>
    public IReadOnlyList<string> Paths()
    {
        Enter(place.Directory, Depth);
        return paths;
    }

    private void Enter(string directory, int depth)
    {
        if (isFull || FileFacts.Of(directory)?.Kind != FileKind.Directory)
        {
            return;
        }

        if (place.LeavesIt(directory) is { } left)
        {
            problems.Add(left);
            return;
        }

        try
        {
            var (folders, before) = (new List<string>(), paths.Count);
            foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos())
            {
                Take(entry, folders);
            }

            if (depth > 0 && !(stops && paths.Count > before))
            {
                folders.ForEach(folder => Enter(folder, depth - 1));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(new SettingsWarning(directory, null, null, "cannot be read"));
        }
    }

    private void Take(FileSystemInfo entry, List<string> folders)
    {
        if (isFull)
        {
            return;
        }

        if (paths.Count + directories >= Limits.DefinitionsPerPlace)
        {
            isFull = true;
            problems.Add(new SettingsWarning(
                place.Directory, null, null, $"too much in it: only the first {Limits.DefinitionsPerPlace} files and folders are used"));
            return;
        }

        if (isWanted(entry.Name) && FileFacts.Of(entry.FullName)?.Kind == FileKind.Regular)
        {
            paths.Add(entry.FullName);
        }
        else if (entry.Attributes.HasFlag(FileAttributes.Directory) && entry.Name[0] != '.')
        {
            directories++;
            folders.Add(entry.FullName);
        }
    }
}
