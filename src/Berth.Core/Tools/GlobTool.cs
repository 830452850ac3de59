using Berth.Core.Permissions;
using Berth.Core.Tools.Search;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>glob</c>: the files whose paths match a pattern, the newest first.</summary>
internal static class GlobTool
{
    public static Tool Row { get; } = new("glob", ToolTable.Describe("GlobTool"), ToolTable.Schema("""
        {"type":"object","required":["pattern"],"properties":{
        "pattern":{"type":"string","description":"For example **/*.ts, src/**/test_*.py or *.{json,yaml}."},
        "path":{"type":"string","description":"The directory to look in. Without it, the session's directory."}}}
        """),
        Asks, RunAsync);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var (root, _) = Root(input, context);
        var pattern = input.Text("pattern");
        return new ToolAsk($"glob {ShownPath.Of(pattern)}", $"{pattern}\nin {root}", new PathAction(root, PathAccess.FilteredWalk));
    }

    private static Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var (root, pattern) = Root(input, context);
        GlobPattern glob;
        try
        {
            glob = GlobPattern.Parse(pattern);
        }
        catch (FormatException e)
        {
            return Task.FromResult(ToolResult.Failure(e.Message));
        }

        if (FileFacts.Of(root) is not { Kind: FileKind.Directory })
        {
            return Task.FromResult(ToolResult.Failure($"There is no directory {context.Show(root)}."));
        }

        // The least of the queue is the oldest of those kept; of equal ones the later path goes first.
        var newest = new PriorityQueue<string, (DateTimeOffset, string)>(
            Comparer<(DateTimeOffset Time, string Path)>.Create(static (a, b) =>
                a.Time.CompareTo(b.Time) is var order and not 0 ? order : string.CompareOrdinal(b.Path, a.Path)));
        var mayRead = context.WalkFilter("glob");
        var below = root == "/" ? 1 : root.TrimEnd('/').Length + 1;
        var (found, walked) = (0, 0);
        foreach (var path in FileWalk.Files(root, glob.NamesHidden, Limits.WalkFiles, cancellation))
        {
            walked++;
            if (glob.Matches(path.AsSpan(below)) && mayRead(path) && FileFacts.Of(path, follow: false) is { } facts)
            {
                found++;
                newest.Enqueue(path, (facts.Modified, path));
                if (newest.Count > Limits.GlobPaths)
                {
                    newest.Dequeue();
                }
            }
        }

        return Task.FromResult(Answer(newest, found, walked, root, input.Text("pattern"), context));
    }

    private static ToolResult Answer(
        PriorityQueue<string, (DateTimeOffset, string)> newest, int found, int walked, string root, string pattern, ToolContext context)
    {
        var end = walked >= Limits.WalkFiles ? $"\n(ended after {Limits.WalkFiles:N0} files: look in a smaller directory)" : "";
        if (found == 0)
        {
            return new ToolResult(
                true,
                $"No file matches {ShownPath.Of(pattern)} in {context.Show(root)}. Hidden files and those that git ignores are not looked "
                + $"at, unless the pattern or path names them.{end}",
                "no file");
        }

        var lines = new string[newest.Count];
        for (var i = lines.Length - 1; i >= 0; i--)
        {
            lines[i] = context.Show(newest.Dequeue());
        }

        var left = found > lines.Length ? $"\n({found - lines.Length:N0} older files also match; use a narrower pattern)" : "";
        return new ToolResult(true, string.Join('\n', lines) + left + end, found == 1 ? "1 file" : $"{found:N0} files");
    }

    private static GlobRoot Root(ToolInput input, ToolContext context)
    {
        var root = GlobRoot.Of(input.OptionalText("path") is { Length: > 0 } path ? path : ".", input.Text("pattern"));
        return root with { Directory = context.Resolve(root.Directory) };
    }
}
