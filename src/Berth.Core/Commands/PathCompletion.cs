using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>Completes <c>@path</c> from the names in a directory.</summary>
internal static class PathCompletion
{
    private const int Most = 200;

    public static IEnumerable<Completion> At(string directory, string word)
    {
        var slash = word.LastIndexOf('/');
        var typed = slash < 0 ? "" : word[1..(slash + 1)];
        var from = Path.GetFullPath(typed.Length == 0 ? "." : typed, directory);
        try
        {
            return [.. new DirectoryInfo(from).EnumerateFileSystemInfos()
                .Where(e => !e.Name.StartsWith('.') || word[(slash + 1)..].TrimStart('@').StartsWith('.'))
                .Select(e => new Completion($"@{typed}{e.Name}{(e is DirectoryInfo ? "/" : "")}"))
                .Take(Most)
                .OrderBy(c => c.Text, StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
