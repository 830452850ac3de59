using Berth.Core.Permissions;
using Berth.Core.Tools.Editing;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>edit</c>: replaces one piece of a file's text, or every piece that is the same.</summary>
internal static class EditTool
{
    private const int ShownLines = 10;

    public static Tool Row { get; } = new("edit", ToolTable.Describe("EditTool"), ToolTable.Schema("""
        {"type":"object","required":["path","old_string","new_string"],"properties":{
        "path":{"type":"string","description":"The file, absolute or relative to the session's directory."},
        "old_string":{"type":"string","description":"The text to replace, exactly as it stands in the file. Empty: the file is new."},
        "new_string":{"type":"string","description":"What stands there afterwards."},
        "replace_all":{"type":"boolean","description":"Replace old_string wherever it stands. Without it, it must stand there once."}}}
        """),
        Asks, RunAsync, InTurn: true);

    // What would be written, or why nothing is.
    private sealed record Change(ChangeTarget Target, string? Old, string New, TextFormat Format, EditPlan.Ready Plan);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var path = context.Resolve(input.Text("path"));
        var action = new PathAction(path, PathAccess.Write);
        var title = $"edit {context.Show(path)}";
        return Plan(input, context, out var problem) is { } change && UnifiedDiff.Of(change.Target.Shown, change.Old, change.New) is var diff
            ? new ToolAsk($"{title} (+{diff.Added} −{diff.Removed})", diff.Text, action)
            : new ToolAsk(title, path, action, problem);
    }

    private static Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (Plan(input, context, out var problem) is not { } change)
        {
            return Task.FromResult(ToolResult.Failure(problem));
        }

        var shown = change.Target.Shown;
        if (change.Format.Encode(change.New) is not { } bytes)
        {
            return Task.FromResult(ToolResult.Failure(
                $"{shown} is in {change.Format.Name}, which lacks a character of new_string. Use other characters, or convert the "
                + "file first if that is what is wanted."));
        }

        try
        {
            change.Target.Write(bytes, context);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromResult(ToolResult.Failure($"{shown} was not changed: {e.Message}."));
        }

        return Task.FromResult(Edited(change));
    }

    private static Change? Plan(ToolInput input, ToolContext context, out string problem)
    {
        var target = ChangeTarget.Look(context.Resolve(input.Text("path")), context);
        var (old, fresh) = (input.AnyText("old_string"), input.AnyText("new_string"));
        if (target.Facts is null && target.Problem is null)
        {
            problem = $"There is no file {target.Shown}. To make it, call edit with an empty old_string, or write.";
            return old.Length > 0 ? null : new Change(target, null, fresh, TextFormat.New, new EditPlan.Ready(fresh, [1], false));
        }

        if (target.Problem is { } refused)
        {
            problem = refused;
            return null;
        }

        if (target.Read() is not var (text, format))
        {
            problem = target.Content is null
                ? $"{target.Shown} has more than {Limits.EditFileBytes / (1024 * 1024)} MiB, too much for edit. Use a program through bash."
                : $"{target.Shown} is no text file that edit could change without harm to other bytes of it.";
            return null;
        }

        var plan = old.Length > 0 ? EditPlan.Make(text, old, fresh, input.Flag("replace_all") ?? false)
            : text.Length == 0 ? new EditPlan.Ready(fresh, [1], false)
            : new EditPlan.Refused($"{target.Shown} exists and is not empty. Name in old_string what is to be replaced.");
        problem = plan is EditPlan.Refused why ? why.Why : "";
        return plan is EditPlan.Ready ready ? new Change(target, text, ready.Text, format, ready) : null;
    }

    private static ToolResult Edited(Change change)
    {
        var (shown, plan) = (change.Target.Shown, change.Plan);
        var diff = UnifiedDiff.Of(shown, change.Old, change.New);
        var figures = $"+{diff.Added} −{diff.Removed}";
        if (change.Old is null)
        {
            return new ToolResult(true, $"Created {shown}: {diff.Added} lines.", $"new, {figures}");
        }

        var lines = string.Join(", ", plan.Lines.Take(ShownLines)) + (plan.Lines.Count > ShownLines ? ", …" : "");
        var where = $"{(plan.Lines.Count == 1 ? "line" : $"{plan.Lines.Count} lines:")} {lines}";

        // Where the text was not found as it was given, the model must see what became of it.
        return new ToolResult(
            true,
            plan.IsLoose
                ? $"Edited {shown} at {where}. White space differed from what was given and was taken as the file has it; this is "
                    + $"what changed:\n{diff.Text}"
                : $"Edited {shown} at {where} ({figures}).",
            figures);
    }
}
