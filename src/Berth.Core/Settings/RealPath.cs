using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>Paths without symbolic links, so that two spellings of one place are equal.</summary>
internal static class RealPath
{
    /// <summary>The kernel's own bound (MAXSYMLINKS).</summary>
    private const int LongestChain = 40;

    /// <summary>
    /// The path with every link on the way resolved. What does not exist (and a chain of links without an end) stays
    /// as it is spelled.
    /// </summary>
    /// <param name="path">Absolute.</param>
    public static string Of(string path)
    {
        var left = new Stack<string>();
        Push(left, path);
        var real = "/";
        var links = 0;
        while (left.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            var next = Path.Combine(real, part);
            if (FileFacts.Of(next, follow: false)?.Kind != FileKind.Link
                || links++ >= LongestChain
                || new FileInfo(next).LinkTarget is not { Length: > 0 } target)
            {
                real = next;
                continue;
            }

            // A relative target starts where its link stands, which is already real; an absolute one starts anew.
            real = target[0] == '/' ? "/" : real;
            Push(left, target);
        }

        return real;
    }

    /// <summary>Whether a real path is a directory or lies in it.</summary>
    public static bool IsWithin(string path, string directory) =>
        directory == "/" || path == directory
        || (path.Length > directory.Length && path[directory.Length] == '/' && path.StartsWith(directory));

    private static void Push(Stack<string> left, string path)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (var index = parts.Length - 1; index >= 0; index--)
        {
            if (parts[index] != ".")
            {
                left.Push(parts[index]);
            }
        }
    }
}
