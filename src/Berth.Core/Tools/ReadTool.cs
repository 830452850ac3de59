using Berth.Core.Permissions;
using Berth.Core.Images;
using Berth.Core.Tools.Editing;
using Berth.Core.Tools.Reading;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>read</c>: the lines of a text file with their numbers, or the entries of a directory.</summary>
internal static class ReadTool
{
    public static Tool Row { get; } = new("read", ToolTable.Describe("ReadTool"), ToolTable.Schema("""
        {"type":"object","required":["path"],"properties":{
        "path":{"type":"string","description":"The file or directory, absolute or relative to the session's directory."},
        "offset":{"type":"integer","description":"The first line, counted from 1."},
        "limit":{"type":"integer","description":"How many lines."}}}
        """),
        Asks, RunAsync);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var path = context.Resolve(input.Text("path"));
        return new ToolAsk($"read {context.Show(path)}", path, new PathAction(path, PathAccess.Read));
    }

    private static Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var path = context.Resolve(input.Text("path"));
        var shown = context.Show(path);
        var offset = input.Number("offset", 1, long.MaxValue) ?? 1;
        var limit = input.Number("limit", 1, int.MaxValue);
        return Task.FromResult(FileFacts.Of(path)?.Kind switch
        {
            null when FileFacts.IsMissing(path) => ToolResult.Failure($"There is no file {shown}.{NearNames.Hint(path, context.Show)}"),
            null => ToolResult.Failure($"{shown} cannot be reached: no permission, a link that leads nowhere, or too long a path."),
            FileKind.Directory => List(path, shown, offset, limit ?? Limits.ReadEntries),
            FileKind.Special => ToolResult.Failure($"{shown} is a device, pipe or socket; it is not read."),
            _ => Lines(path, shown, offset, limit, context, cancellation),
        });
    }

    private static ToolResult Lines(
        string path, string shown, long offset, long? limit, ToolContext context, CancellationToken cancellation)
    {
        try
        {
            using var file = FileFacts.OpenRegular(path, out var facts);
            var start = new byte[TextFormat.LookedBytes];
            var head = start.AsSpan(0, RandomAccess.Read(file, start, 0));
            if (TextFormat.Of(head) is not { } format || BinaryKind.IsNeverText(head))
            {
                return NoText(path, shown, head, facts.Size, context);
            }

            var part = FilePart.Read(file, facts.Size, format, offset, limit ?? Limits.ReadLines, Limits.ReadChars, cancellation);
            context.Files.Note(context.RealPath(path), facts, part.Hash);
            return Answer(part, shown, offset, format);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ToolResult.Failure($"{shown} {e.Message}.");
        }
    }

    private static ToolResult NoText(string path, string shown, ReadOnlySpan<byte> head, long size, ToolContext context)
    {
        if (ImageHead.Of(head) is null)
        {
            return ToolResult.Failure(
                $"{shown} is {BinaryKind.Of(head)}, {size:N0} bytes. It is not shown; use a program through bash to look into it.");
        }

        if (ImageFile.Read(path, out var why) is not { } image)
        {
            return ToolResult.Failure($"{shown} {why}. Make a smaller copy with a program through bash, and read that.");
        }

        var what = $"{image.Head}, {image.Bytes.Length:N0} bytes";
        return new ToolResult(true, $"{shown} is {what}.", what, [context.KeepImage(image, shown)]);
    }

    private static ToolResult Answer(FilePart part, string shown, long offset, TextFormat format)
    {
        if (part is { IsCounted: true, Lines: 0 })
        {
            return new ToolResult(true, $"({shown} is empty)", "empty file");
        }

        var lines = part.IsCounted ? $"{part.Lines:N0}" : $"more than {part.Lines:N0}";
        if (part.Shown == 0)
        {
            return ToolResult.Failure($"{shown} has {lines} {(part.Lines == 1 ? "line" : "lines")}; line {offset} is behind its end.");
        }

        var last = offset + part.Shown - 1;
        var more = last < part.Lines || !part.IsCounted ? $" Go on with offset {last + 1}." : "";
        var note = more.Length > 0 || offset > 1 ? $"(lines {offset}–{last} of {lines}.{more})\n" : "";
        var encoding = format.Encoding == TextEncoding.Utf8 ? "" : $"({format.Name})\n";
        return new ToolResult(true, part.Text + note + encoding, part.Shown == 1 ? "1 line" : $"{part.Shown:N0} lines");
    }

    private static ToolResult List(string path, string shown, long offset, long limit)
    {
        try
        {
            var all = DirectoryNames.Of(path, out var isWhole);
            var names = all.Skip((int)Math.Min(offset - 1, int.MaxValue)).Take((int)Math.Min(limit, Limits.ReadEntries)).ToList();
            if (all.Count == 0)
            {
                return new ToolResult(true, $"({shown} is an empty directory)", "empty directory");
            }

            var count = isWhole ? $"{all.Count:N0}" : $"more than {all.Count:N0}";
            var note = names.Count == all.Count && isWhole ? "" : $"\n({names.Count:N0} of {count} entries, from offset {offset})";
            return new ToolResult(true, string.Join('\n', names) + note, names.Count == 1 ? "1 entry" : $"{names.Count:N0} entries");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ToolResult.Failure($"{shown} cannot be listed: {e.Message}");
        }
    }
}
