using System.Text;
using Berth.Core.Permissions;
using Berth.Core.Tools.Editing;

namespace Berth.Core.Tools;

/// <summary><c>write</c>: gives a file a whole content. There is the old or the new, never half.</summary>
internal static class WriteTool
{
    public static Tool Row { get; } = new("write", ToolTable.Describe("WriteTool"), ToolTable.Schema("""
        {"type":"object","required":["path","content"],"properties":{
        "path":{"type":"string","description":"The file, absolute or relative to the session's directory."},
        "content":{"type":"string","description":"The whole content of the file."}}}
        """),
        Asks, RunAsync, InTurn: true);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var path = context.Resolve(input.Text("path"));
        var content = input.AnyText("content");
        var target = ChangeTarget.Look(path, context);
        var old = target.Facts is null ? null : target.Read()?.Text ?? "";
        var diff = UnifiedDiff.Of(target.Shown, old, content);
        return new ToolAsk(
            $"write {target.Shown} (+{diff.Added} −{diff.Removed})", diff.Text, new PathAction(path, PathAccess.Write), target.Problem);
    }

    private static Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var target = ChangeTarget.Look(context.Resolve(input.Text("path")), context);
        if (target.Problem is { } problem)
        {
            return Task.FromResult(ToolResult.Failure(problem));
        }

        var content = input.AnyText("content");
        var old = target.Read();

        // The content is a text; how the file turns text into bytes stays its own affair.
        var format = old?.Format ?? TextFormat.New;
        if ((format.Encode(content) ?? TextFormat.New.Encode(content)) is not { } bytes)
        {
            return Task.FromResult(ToolResult.Failure("content holds half of a surrogate pair, which no file can hold."));
        }

        if (target.Content is { } same && same.AsSpan().SequenceEqual(bytes))
        {
            return Task.FromResult(new ToolResult(true, $"{target.Shown} has exactly this content already.", "no change"));
        }

        try
        {
            target.Write(bytes, context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(ToolResult.Failure($"{target.Shown} was not written: {e.Message}."));
        }

        return Task.FromResult(Written(target, old?.Text, content, bytes.Length, format));
    }

    private static ToolResult Written(ChangeTarget target, string? old, string content, int bytes, TextFormat format)
    {
        var size = $"{Count(LinesIn(content), "line")}, {Count(bytes, "byte")}";
        var text = new StringBuilder(target.Facts is null ? $"Created {target.Shown}: {size}." : $"Replaced {target.Shown}: {size} now.");
        if (format != TextFormat.New)
        {
            text.Append($" It is kept in {format.Name}.");
        }

        if (old?.Contains("\r\n") == true && !content.Contains("\r\n"))
        {
            text.Append(" Its lines ended with CRLF and end with LF now.");
        }

        return new ToolResult(true, text.ToString(), target.Facts is null ? $"new, {size}" : size);
    }

    private static int LinesIn(string text) => text.AsSpan().Count('\n') + (text.Length > 0 && !text.EndsWith('\n') ? 1 : 0);

    private static string Count(int count, string what) => $"{count:N0} {what}{(count == 1 ? "" : "s")}";
}
