using System.Security.Cryptography;
using System.Text;

namespace Berth.Core.Settings;

/// <summary>The directory that sessions share: the git root above the current directory, else that directory.</summary>
/// <param name="Root">Absolute, without symbolic links and without a trailing slash.</param>
public sealed record Project(string Root)
{
    private const int LongestName = 32;

    /// <summary>
    /// Names the project in file names: the root's last part as far as it is plain, and a hash of the whole root.
    /// Stable over restarts and machines.
    /// </summary>
    public string Key { get; } = KeyOf(Root);

    /// <summary>The project's own directory for Berth, which counts only once the project is trusted.</summary>
    public string OwnDirectory => Path.Combine(Root, ".berth");

    /// <summary>
    /// Finds the project of a directory by looking for a <c>.git</c> directory or file upwards. Git is not run: a
    /// repository can make it run programs.
    /// </summary>
    /// <param name="directory">Absolute; it need not exist.</param>
    /// <exception cref="ArgumentException">The path is not absolute.</exception>
    public static Project Of(string directory)
    {
        if (!directory.StartsWith('/') || directory.Contains('\0'))
        {
            throw new ArgumentException($"not an absolute path: '{directory}'", nameof(directory));
        }

        var real = RealPath.Of(directory);
        for (var above = real; above is not null; above = Path.GetDirectoryName(above))
        {
            var git = Path.Combine(above, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return new Project(above);
            }
        }

        return new Project(real);
    }

    private static string KeyOf(string root)
    {
        var name = new StringBuilder(LongestName);
        foreach (var character in Path.GetFileName(root))
        {
            if (name.Length < LongestName)
            {
                name.Append(char.IsAsciiLetterOrDigit(character) || character is '-' or '_' ? character : '-');
            }
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(root));
        return $"{(name.Length == 0 ? "root" : name)}-{Convert.ToHexStringLower(hash.AsSpan(0, 8))}";
    }
}
