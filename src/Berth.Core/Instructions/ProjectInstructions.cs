using Berth.Core.Settings;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>One file of instructions, as far as it goes into the system text.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Text">Cleaned and bounded.</param>
internal sealed record InstructionFile(string Path, string Text);

/// <summary>
/// AGENTS.md (https://agents.md), or CLAUDE.md where that is missing: the user's own, then those of every directory
/// from the project's root down to the session's. They are text and need no trust, but a repository decides what they
/// are: only regular files count, and links only as long as they stay in the project.
/// </summary>
internal static class ProjectInstructions
{
    private static readonly string[] Names = ["AGENTS.md", "CLAUDE.md"];

    /// <summary>The files, from the most general to the nearest. The nearest get their room first.</summary>
    /// <param name="directory">The session's; absolute.</param>
    /// <param name="userFiles">Where the user's own may be: the first that exists counts.</param>
    public static IReadOnlyList<InstructionFile> Of(string directory, Project project, IReadOnlyList<string> userFiles)
    {
        var files = new List<InstructionFile>();
        var left = Limits.InstructionBytes;
        foreach (var above in Upwards(RealPath.Of(directory), project.Root))
        {
            if (InDirectory(above, project.Root, ref left) is { } file)
            {
                files.Add(file);
            }
        }

        if (userFiles.FirstOrDefault(path => FileFacts.Of(path)?.Kind == FileKind.Regular) is { } own && !files.Exists(f => f.Path == own))
        {
            files.Add(Read(own, ref left));
        }

        files.Reverse();
        return files;
    }

    private static IEnumerable<string> Upwards(string directory, string root)
    {
        if (!RealPath.IsWithin(directory, root))
        {
            directory = root;
        }

        for (var at = directory; at is not null && RealPath.IsWithin(at, root); at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static InstructionFile? InDirectory(string directory, string root, ref int left)
    {
        foreach (var name in Names)
        {
            var path = Path.Combine(directory, name);
            if (FileFacts.Of(path)?.Kind != FileKind.Regular)
            {
                continue;
            }

            return RealPath.IsWithin(RealPath.Of(path), root)
                ? Read(path, ref left)
                : new InstructionFile(path, "[left out: a link that leads out of the project]");
        }

        return null;
    }

    private static InstructionFile Read(string path, ref int left)
    {
        try
        {
            var most = Math.Min(Limits.InstructionFileBytes, left);
            if (most == 0)
            {
                return new InstructionFile(path, "[left out: too many instructions]");
            }

            var bytes = FileFacts.ReadStart(path, most, out var facts);
            left -= bytes.Length;
            if (bytes.Length == facts.Size || bytes.Length < most)
            {
                return new InstructionFile(path, CleanText.Of(bytes).Trim());
            }

            // Whole lines only, so that no half sentence says the opposite.
            var end = bytes.AsSpan().LastIndexOf((byte)'\n') + 1;
            return new InstructionFile(
                path, $"{CleanText.Of(bytes.AsSpan(0, end)).Trim()}\n[cut: the first {end} of {facts.Size} bytes]");
        }
        catch (IOException failure)
        {
            return new InstructionFile(path, $"[left out: {failure.Message}]");
        }
    }
}
