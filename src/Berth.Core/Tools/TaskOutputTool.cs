using System.Text.RegularExpressions;
using Berth.Core.Permissions;
using Berth.Core.Tasks;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>task_output</c>: what a task wrote: what is new, a page, what matches; now, or when there is news.</summary>
internal static class TaskOutputTool
{
    private const int DefaultPage = 1_000;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    // Asking again at once about a task that has nothing new is answered when it has, or after this time.
    private static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(5);

    public static Tool Row { get; } = new("task_output", ToolTable.Describe("TaskOutputTool"), ToolTable.Schema("""
        {"type":"object","required":["task_id"],"properties":{
        "task_id":{"type":"integer","description":"The task's number."},
        "offset":{"type":"integer","description":"First line, counted from 1."},
        "limit":{"type":"integer","description":"How many lines."},
        "filter":{"type":"string","description":"A regular expression: only lines that match."},
        "wait":{"type":"boolean","description":"Wait until the task ends."},
        "until":{"type":"string","description":"A regular expression: wait until a line matches."},
        "timeout":{"type":"integer","description":"Longest wait in milliseconds (60000)."}}}
        """),
        (input, _) => new ToolAsk($"output of task #{input.RequiredNumber("task_id")}", "", new SessionAction()), RunAsync);

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var task = TaskChoice.Find(context, input.RequiredNumber("task_id"));
        var longest = input.Number("timeout", 0, (long)LongestWait.TotalMilliseconds) is { } ms
            ? TimeSpan.FromMilliseconds(ms)
            : DefaultWait;
        var offset = input.Number("offset", 1, long.MaxValue);
        var limit = (int)(input.Number("limit", 1, int.MaxValue) ?? DefaultPage);
        if (input.OptionalText("until") is { Length: > 0 } until)
        {
            return await UntilAsync(task, until, longest, context, cancellation).ConfigureAwait(false);
        }

        if (input.Flag("wait") is true)
        {
            await EndsWithinAsync(task, longest, context.Time, cancellation).ConfigureAwait(false);
        }

        if (input.OptionalText("filter") is { Length: > 0 } filter)
        {
            return Page(task, TaskOutput.Of(task.Started.OutputFile).Filter(filter, offset ?? 1, limit), context);
        }

        return offset is { } from
            ? Page(task, TaskOutput.Of(task.Started.OutputFile).Page(from, limit), context)
            : await NewAsync(task, context, cancellation).ConfigureAwait(false);
    }

    private static async Task<ToolResult> NewAsync(ITask task, ToolContext context, CancellationToken cancellation)
    {
        var output = TaskOutput.Of(task.Started.OutputFile);
        var read = context.Reading(task.Number);
        if (task.IsLive && output.Bytes <= read.Next && read.AskedWithin(AskedAgain, context.Time))
        {
            await NewsWithinAsync(task, read.Next, AskedAgain, context.Time, cancellation).ConfigureAwait(false);
        }

        var live = task.IsLive;
        var text = output.Read(read.Next, ended: !live);
        var first = read.Next == 0;
        read.Advance(text.Next, context.Time);
        if (!live)
        {
            await context.CollectedAsync(task.Number).ConfigureAwait(false);
        }

        var nothing = first ? "It has written nothing yet." : "Nothing new.";
        return new ToolResult(true,
            $"{TaskChoice.Describe(task, context.Time)}\n{(text.Text.Length == 0 ? nothing : text.Text)}",
            live ? "running" : task.Ended.Result.State);
    }

    private static ToolResult Page(ITask task, OutputPage page, ToolContext context)
    {
        var what = page.Problem ?? (page.First == 0
            ? "No such lines."
            : $"{page.Text.TrimEnd('\n')}\n(lines {page.First}–{page.Last}{(page.More ? "; more follow" : "")})");
        return new ToolResult(page.Problem is null, $"{TaskChoice.Describe(task, context.Time)}\n{what}",
            page.First == 0 ? "no lines" : $"lines {page.First}–{page.Last}");
    }

    private static async Task<ToolResult> UntilAsync(
        ITask task, string pattern, TimeSpan longest, ToolContext context, CancellationToken cancellation)
    {
        var output = TaskOutput.Of(task.Started.OutputFile);
        var began = context.Time.GetTimestamp();
        long seen = -1;
        while (true)
        {
            var live = task.IsLive;
            var bytes = output.Bytes;
            if (bytes != seen && Matched(output, pattern) is { } line)
            {
                return new ToolResult(true, $"{TaskChoice.Describe(task, context.Time)}\nA line matches:\n{line}", "matched");
            }

            seen = bytes;
            if (!live)
            {
                await context.CollectedAsync(task.Number).ConfigureAwait(false);
                return new ToolResult(true,
                    $"It ended before a line matched: {TaskChoice.Describe(task, context.Time)}\n{output.Tail(Limits.OutputCharsToModel / 4)}",
                    "ended first");
            }

            var left = longest - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new ToolResult(true,
                    $"No line matched within {Notices.Duration(longest.TotalSeconds)}; it runs on. {TaskChoice.Describe(task, context.Time)}\n"
                    + output.Tail(Limits.OutputCharsToModel / 4),
                    "no match yet");
            }

            await EndsWithinAsync(task, left < Look ? left : Look, context.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static string? Matched(TaskOutput output, string pattern)
    {
        try
        {
            var page = output.Filter(pattern, 1, limit: 20);
            return page.First == 0 ? null : page.Text.TrimEnd('\n');
        }
        catch (RegexParseException e)
        {
            throw new ToolInputException($"'until' is no regular expression: {e.Message}");
        }
    }

    private static async Task NewsWithinAsync(
        ITask task, long after, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        while (task.IsLive && TaskOutput.Of(task.Started.OutputFile).Bytes <= after && time.GetElapsedTime(began) < longest)
        {
            await EndsWithinAsync(task, Look, time, cancellation).ConfigureAwait(false);
        }
    }

    private static async Task EndsWithinAsync(
        ITask task, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(task.Ended, Task.Delay(longest, time, stopWaiting.Token)).ConfigureAwait(false);
        await stopWaiting.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }
}
