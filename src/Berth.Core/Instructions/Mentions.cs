using System.Text;
using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Instructions;

/// <summary>A message with what its mentions name.</summary>
/// <param name="Text">The message as it was typed, then a block for each mention.</param>
/// <param name="Files">Absolute paths of the files whose lines are in it: the session has read these.</param>
public sealed record MentionExpansion(string Text, IReadOnlyList<string> Files);

/// <summary>
/// <c>@path</c> puts a file or a directory's listing into the message: <c>@src/a.cs</c>, <c>@src/a.cs:10-40</c>,
/// <c>@src</c>, <c>@"a name with spaces.md"</c>, <c>@~/notes.md</c>. Only for what a person typed: in a text from
/// elsewhere a mention would fetch what its author chooses.
/// </summary>
public static class Mentions
{
    private const int Most = 20;

    /// <summary>Adds what the text mentions, within bounds; the text itself stays as it is.</summary>
    /// <param name="directory">What paths are relative to; absolute.</param>
    /// <param name="home">What <c>~</c> means; null: nothing.</param>
    /// <param name="mayRead">Whether rules allow to show a path, given absolute and without links; null: all.</param>
    public static MentionExpansion Expand(
        string text, string directory, string? home = null, Func<string, bool>? mayRead = null)
    {
        var blocks = new StringBuilder();
        var files = new List<string>();
        var count = 0;
        foreach (var mention in MentionParser.Find(text, directory, home).Distinct())
        {
            var left = Limits.MentionsChars - blocks.Length;
            if (++count > Most || left <= 0)
            {
                blocks.Append("\n[further mentions are left out; read them with a tool]\n");
                break;
            }

            var name = Inert(mention.Path);
            if (mayRead is not null && !mayRead(RealPath.Of(mention.Path)))
            {
                blocks.Append("\n<file path=\"").Append(name).Append("\">a permission rule forbids to read it</file>\n");
            }
            else if (mention.IsDirectory)
            {
                blocks.Append('\n').Append(Listing(mention.Path, name));
            }
            else if (Content(mention, name, Math.Min(left, Limits.MentionChars)) is var (block, hasLines))
            {
                blocks.Append('\n').Append(block);
                if (hasLines)
                {
                    files.Add(mention.Path);
                }
            }
        }

        return new MentionExpansion(blocks.Length == 0 ? text : $"{text}\n{blocks}", files);
    }

    private static (string Block, bool HasLines) Content(Mention mention, string name, int most)
    {
        try
        {
            var excerpt = FileLines.Read(mention.Path, mention.First, mention.Last, most, out var size);
            if (excerpt is null)
            {
                return ($"<file path=\"{name}\">a binary file of {size} bytes</file>\n", false);
            }

            if (excerpt.Last == 0)
            {
                var why = excerpt.More ?? (size == 0 ? "an empty file" : $"it has no line {mention.First}");
                return ($"<file path=\"{name}\">{why}</file>\n", size == 0);
            }

            var more = excerpt.More is null ? "" : $"[{excerpt.More}; the file has {size} bytes]\n";
            return ($"<file path=\"{name}\">\n{excerpt.Lines}{more}</file>\n", true);
        }
        catch (IOException failure)
        {
            return ($"<file path=\"{name}\">{Inert(failure.Message)}</file>\n", false);
        }
    }

    private static string Listing(string path, string name)
    {
        try
        {
            // A directory may hold millions: only so many names are kept, the first in their order.
            var names = new SortedSet<string>(StringComparer.Ordinal);
            var total = 0;
            foreach (var entry in new DirectoryInfo(path).EnumerateFileSystemInfos())
            {
                total++;
                names.Add(entry.Attributes.HasFlag(FileAttributes.Directory) ? $"{entry.Name}/" : entry.Name);
                if (names.Count > Limits.MentionEntries)
                {
                    names.Remove(names.Max!);
                }
            }

            var more = total > names.Count ? $"[the first {names.Count} of {total}]\n" : "";
            return $"<directory path=\"{name}\">\n{string.Concat(names.Select(one => $"{CleanText.Line(one)}\n"))}{more}"
                + "</directory>\n";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"<directory path=\"{name}\">it cannot be read</directory>\n";
        }
    }

    /// <summary>A name from the disk that cannot end what it stands in.</summary>
    private static string Inert(string text) => CleanText.Line(text).Replace('"', '\'').Replace('<', '(');
}
