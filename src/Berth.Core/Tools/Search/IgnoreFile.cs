using System.Text;
using System.Text.RegularExpressions;
using Berth.Platform;

namespace Berth.Core.Tools.Search;

/// <summary>The rules of one <c>.gitignore</c>, for the directory it stands in and all below. Format: gitignore(5).</summary>
internal sealed class IgnoreFile
{
    private const int MostBytes = 1_000_000;
    private const int MostRules = 5_000;

    private readonly List<Rule> rules = [];
    private readonly int baseLength;

    private IgnoreFile(string directory) => baseLength = directory == "/" ? 1 : directory.Length + 1;

    // One of Name, End and Path says what is meant.
    private sealed record Rule(string? Name, string? End, Regex? Path, bool IsAnchored, bool OnlyDirectories, bool Includes)
    {
        public bool Means(ReadOnlySpan<char> relative, ReadOnlySpan<char> name, bool isDirectory) =>
            (isDirectory || !OnlyDirectories)
            && (Name is not null ? (IsAnchored ? relative : name).SequenceEqual(Name)
                : End is not null ? name.EndsWith(End)
                : Path!.IsMatch(IsAnchored ? relative : name));
    }

    /// <summary>Reads the rules; null when there are none.</summary>
    /// <param name="directory">The absolute path that the rules' paths count from.</param>
    public static IgnoreFile? Read(string file, string directory)
    {
        try
        {
            var text = Encoding.UTF8.GetString(FileFacts.ReadStart(file, MostBytes, out _));
            var ignore = new IgnoreFile(directory);
            foreach (var range in text.AsSpan().Split('\n'))
            {
                if (ignore.rules.Count < MostRules && Parse(text[range].TrimEnd('\r')) is { } rule)
                {
                    ignore.rules.Add(rule);
                }
            }

            return ignore.rules.Count > 0 ? ignore : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>True: left out. False: included again. Null: not meant by any rule here.</summary>
    /// <param name="path">Absolute, below the rules' directory.</param>
    public bool? Ignores(ReadOnlySpan<char> path, bool isDirectory)
    {
        var relative = path[baseLength..];
        var name = relative[(relative.LastIndexOf('/') + 1)..];
        for (var i = rules.Count - 1; i >= 0; i--)
        {
            if (rules[i].Means(relative, name, isDirectory))
            {
                return !rules[i].Includes;
            }
        }

        return null;
    }

    private static Rule? Parse(string line)
    {
        if (line.StartsWith('#'))
        {
            return null;
        }

        // Blanks at the end do not count, unless a backslash stands before them.
        var text = line.TrimEnd(' ');
        text = text.Length < line.Length && text.EndsWith('\\') ? text + " " : text;
        var includes = text.StartsWith('!');
        text = includes ? text[1..] : text;
        var onlyDirectories = text.EndsWith('/');
        text = text.TrimEnd('/');
        var isAnchored = text.Contains('/');
        text = text.StartsWith('/') ? text[1..] : text;
        if (text.Length == 0)
        {
            return null;
        }

        if (text.StartsWith("**/") && !text.AsSpan(3).Contains('/'))
        {
            (text, isAnchored) = (text[3..], false);
        }

        if (text.AsSpan().IndexOfAny("*?[\\") < 0)
        {
            return new Rule(text, null, null, isAnchored, onlyDirectories, includes);
        }

        if (!isAnchored && text[0] == '*' && text.AsSpan(1).IndexOfAny("*?[\\") < 0)
        {
            return new Rule(null, text[1..], null, isAnchored, onlyDirectories, includes);
        }

        try
        {
            return new Rule(null, null, GlobPattern.Expression(text, hasBraces: false), isAnchored, onlyDirectories, includes);
        }
        catch (FormatException)
        {
            return null; // git passes over what it does not understand, too
        }
    }
}
