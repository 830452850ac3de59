using System.Text.Json;
using Berth.Core.Permissions;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>
/// <c>RunSubagents</c>: gives tasks to sub-agents and waits for what they bring, unless that is asked for in the
/// background or sent there. What a sub-agent does is judged call by call, as what its parent does.
/// </summary>
internal static class RunSubagentsTool
{
    /// <summary>The tool's name.</summary>
    public const string Name = "RunSubagents";

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    public static Tool Row { get; } = new(Name, ToolTable.Describe("RunSubagentsTool"), ToolTable.Schema("""
        {"type":"object","required":["subagents"],"properties":{
        "subagents":{"type":"array","minItems":1,"description":"The sub-agents, each with a task of its own.","items":{
        "type":"object","required":["task"],"properties":{
        "task":{"type":"string","description":"What it shall do and report: everything it must know, for it sees nothing of this conversation."},
        "name":{"type":"string","description":"Which kind of sub-agent: a name from the list of sub-agents. Without it, general."},
        "model":{"type":"string","description":"Another model for it. Only when the user asks for one."},
        "timeout":{"type":"integer","description":"Milliseconds after which it is ended. Without it, none."}}}},
        "mode":{"type":"string","enum":["parallel","serial"],"description":"parallel (the default): side by side. serial: one after the other, each gets the results of those before it."},
        "background":{"type":"boolean","description":"Do not wait: answer at once with the task's number; a notice tells when all have ended."}}}
        """),
        Asks, RunAsync);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var asked = Read(input);
        context.RequireSubagents(asked);
        return new ToolAsk(
            $"{asked.Subagents.Count} sub-agent(s)",
            string.Join('\n', asked.Subagents.Select(a => $"{a.Name ?? "general"}: {a.Task}")), new SessionAction());
    }

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var background = input.Flag("background", "run_in_background", "is_background") ?? false;
        var running = await context.StartSubagentsAsync(Read(input)).ConfigureAwait(false);
        var patience = background ? TimeSpan.Zero : Timeout.InfiniteTimeSpan;
        if (await running.Task.EndAsync(patience, "flag", context.Time, cancellation).ConfigureAwait(false) is null)
        {
            return Dispatched(running.Task.Task.Started, background);
        }

        var result = running.Result();
        return new ToolResult(result.Ok, result.Output, result.Summary, Unasked: result.Unasked);
    }

    private static ToolResult Dispatched(TaskStarted started, bool asked)
    {
        var line = $"Task #{started.Task} dispatched to background ({started.Description ?? started.Command})";
        var why = asked ? "" : "\nYou no longer wait for them; they work on.";
        return new ToolResult(true,
            $"{line}\nWhat they do is written to {started.OutputFile}{why}\n"
            + "A notice with their results will come when all have ended; do not wait for it by sleeping.",
            line);
    }

    private static SubagentsAsked Read(ToolInput input)
    {
        var mode = input.OptionalText("mode") ?? "parallel";
        if (mode is not ("parallel" or "serial"))
        {
            throw new ToolInputException($"'mode' of {Name} is 'parallel' or 'serial', not '{mode}'.");
        }

        if (input.Find("subagents") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() == 0)
        {
            throw new ToolInputException($"{Name} needs 'subagents': an array of at least one object with a 'task'.");
        }

        if (list.GetArrayLength() > Limits.SubagentsPerGroup)
        {
            throw new ToolInputException(
                $"{list.GetArrayLength()} sub-agents are more than the {Limits.SubagentsPerGroup} that one call may start.");
        }

        return new SubagentsAsked(mode == "serial", [.. list.EnumerateArray().Select(One)]);
    }

    private static SubagentAsked One(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.String && element.GetString() is { Length: > 0 } words)
        {
            return new SubagentAsked(null, words, null, null);
        }

        var input = ToolInput.Parse($"a sub-agent of {Name}", element.GetRawText());
        var timeout = input.Number("timeout", 1, (long)LongestTimeout.TotalMilliseconds);
        return new SubagentAsked(
            Optional(input, "name") ?? Optional(input, "subagent_type"), input.Text("task"), Optional(input, "model"),
            timeout is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
    }

    // An empty name is a field that the model left open.
    private static string? Optional(ToolInput input, string name) =>
        input.OptionalText(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text.Trim() : null;
}
