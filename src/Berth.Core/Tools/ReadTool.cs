using System.Text;
using Berth.Core.Permissions;

namespace Berth.Core.Tools;

/// <summary><c>read</c>: the lines of a text file with their numbers, or the entries of a directory.</summary>
internal static class ReadTool
{
    private const int DefaultLines = 2_000;
    private const int LongestLine = 2_000;
    private const int MostCharacters = 200_000;
    private const int MostEntries = 1_000;

    public static Tool Row { get; } = new("read", ToolTable.Describe("ReadTool"), ToolTable.Schema("""
        {"type":"object","required":["path"],"properties":{
        "path":{"type":"string","description":"The file or directory."},
        "offset":{"type":"integer","description":"First line, counted from 1."},
        "limit":{"type":"integer","description":"How many lines."}}}
        """),
        Asks, RunAsync);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var path = context.Resolve(input.Text("path"));
        return new ToolAsk($"read {path}", path, new PathAction(path, PathAccess.Read));
    }

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var path = context.Resolve(input.Text("path"));
        var offset = input.Number("offset", 1, int.MaxValue) ?? 1;
        var limit = input.Number("limit", 1, int.MaxValue) ?? DefaultLines;
        if (Directory.Exists(path))
        {
            return List(path);
        }

        if (!File.Exists(path))
        {
            return ToolResult.Failure($"There is no file {path}.{Nearby(path)}");
        }

        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (!file.CanSeek)
        {
            return ToolResult.Failure($"{path} is no regular file.");
        }

        if (await LooksBinaryAsync(file, cancellation).ConfigureAwait(false))
        {
            return ToolResult.Failure($"{path} is a binary file of {file.Length} bytes.");
        }

        return await NumberedAsync(file, path, offset, limit, cancellation).ConfigureAwait(false);
    }

    private static async Task<ToolResult> NumberedAsync(
        FileStream file, string path, long offset, long limit, CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, Encoding.UTF8);
        var text = new StringBuilder();
        long number = 0;
        long given = 0;
        while (await reader.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            number++;
            if (number < offset || given >= limit || text.Length > MostCharacters)
            {
                continue;
            }

            given++;
            text.Append(number.ToString().PadLeft(6)).Append('→');
            text.Append(line.Length <= LongestLine
                ? line
                : $"{line[..LongestLine]}… ({line.Length - LongestLine} more characters in this line)").Append('\n');
        }

        if (number == 0)
        {
            return new ToolResult(true, $"({path} is empty)", "empty file");
        }

        if (given == 0)
        {
            return ToolResult.Failure($"{path} has {number} lines; line {offset} is behind its end.");
        }

        if (given < number)
        {
            text.Append($"(lines {offset}–{offset + given - 1} of {number})\n");
        }

        return new ToolResult(true, text.ToString(), given == 1 ? "1 line" : $"{given} lines");
    }

    private static async Task<bool> LooksBinaryAsync(FileStream file, CancellationToken cancellation)
    {
        var head = new byte[8_000];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        file.Position = 0;
        return head.AsSpan(0, read).Contains((byte)0);
    }

    private static ToolResult List(string path)
    {
        var entries = new DirectoryInfo(path).EnumerateFileSystemInfos()
            .Select(e => e is DirectoryInfo ? e.Name + "/" : e.Name)
            .Order(StringComparer.Ordinal)
            .Take(MostEntries + 1)
            .ToList();
        var more = entries.Count > MostEntries ? $"\n(more than {MostEntries} entries; the rest is not shown)" : "";
        return new ToolResult(true,
            entries.Count == 0 ? $"({path} is an empty directory)" : string.Join('\n', entries.Take(MostEntries)) + more,
            $"{Math.Min(entries.Count, MostEntries)} entries");
    }

    private static string Nearby(string path)
    {
        var directory = Path.GetDirectoryName(path);
        if (!Directory.Exists(directory))
        {
            return $" The directory {directory} does not exist either.";
        }

        var name = Path.GetFileNameWithoutExtension(path);
        var similar = Directory.EnumerateFileSystemEntries(directory)
            .Select(e => Path.GetFileName(e))
            .Where(e => name.Length > 0 && e.Contains(name, StringComparison.OrdinalIgnoreCase))
            .Take(3)
            .ToList();
        return similar.Count == 0 ? "" : $" Did you mean {string.Join(", ", similar)}?";
    }
}
