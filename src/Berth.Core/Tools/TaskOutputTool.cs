using System.Text.RegularExpressions;
using Berth.Core.Permissions;
using Berth.Core.Tasks;
using Berth.Protocol;

namespace Berth.Core.Tools;

/// <summary><c>task_output</c>: what a task wrote: what is new, a page, what matches; now, or when there is news.</summary>
internal static class TaskOutputTool
{
    private const int DefaultPage = 1_000;
    private const int TailChars = Limits.OutputCharsToModel / 4;
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    // A line of many megabytes that is not whole yet is looked at again each time; looking shall not be all there is.
    private const int RestAfterLook = 10;

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
        var result = input switch
        {
            _ when input.OptionalText("until") is { Length: > 0 } until =>
                await UntilAsync(task, until, longest, context, cancellation).ConfigureAwait(false),
            _ when input.OptionalText("filter") is { Length: > 0 } filter =>
                await PageAsync(output => Valid("filter", () => output.Filter(filter, offset ?? 1, limit))).ConfigureAwait(false),
            _ when offset is { } from => await PageAsync(output => output.Page(from, limit)).ConfigureAwait(false),
            _ => await NewAsync().ConfigureAwait(false),
        };
        context.Reading(task.Number).Told(task, context.Time);
        if (!task.IsLive)
        {
            // What it answers says how the task ended.
            await context.CollectedAsync(task.Number).ConfigureAwait(false);
        }

        return result;

        Task EndAsync() => input.Flag("wait") is true
            ? TaskWait.EndsWithinAsync(task, longest, context.Time, cancellation)
            : Task.CompletedTask;

        async Task<ToolResult> PageAsync(Func<TaskOutput, OutputPage> read)
        {
            await EndAsync().ConfigureAwait(false);
            return Page(task, read(TaskOutput.Of(task.Started.OutputFile)), context);
        }

        async Task<ToolResult> NewAsync()
        {
            await EndAsync().ConfigureAwait(false);
            await TaskWait.NewsAsync([task], context, cancellation).ConfigureAwait(false);
            return New(task, context);
        }
    }

    private static ToolResult New(ITask task, ToolContext context)
    {
        var read = context.Reading(task.Number);
        var (how, live, first) = (TaskChoice.Describe(task, context.Time), task.IsLive, read.Next == 0);
        var text = TaskOutput.Of(task.Started.OutputFile).Read(read.Next, ended: !live);
        read.Advance(text.Next);
        var nothing = !first ? "Nothing new." : live ? "It has written nothing yet." : "It wrote nothing.";
        return new ToolResult(
            true, $"{how}\n{(text.Text.Length == 0 ? nothing : text.Text)}", live ? TaskStates.Running : task.Ended.Result.State);
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
        var scan = Valid("until", () => output.Scan(pattern));
        var began = context.Time.GetTimestamp();
        var seen = -1L;
        while (true)
        {
            // In this order: what it wrote before it ended is looked at.
            var (live, bytes, looked) = (task.IsLive, output.Bytes, context.Time.GetTimestamp());
            if (bytes != seen && Valid("until", scan.Next) is { } lines)
            {
                return new ToolResult(true, $"{TaskChoice.Describe(task, context.Time)}\nA line matches:\n{lines}", "matched");
            }

            seen = bytes;
            if (!live)
            {
                return new ToolResult(
                    true, $"It ended before a line matched: {TaskChoice.Describe(task, context.Time)}\n{output.Tail(TailChars)}", "ended first");
            }

            var left = longest - context.Time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new ToolResult(
                    true,
                    $"No line matched within {Notices.Duration(longest.TotalSeconds)}; it runs on. {TaskChoice.Describe(task, context.Time)}\n"
                    + output.Tail(TailChars),
                    "no match yet");
            }

            var rest = context.Time.GetElapsedTime(looked) * RestAfterLook;
            rest = rest < TaskWait.Look ? TaskWait.Look : rest;
            await TaskWait.EndsWithinAsync(task, left < rest ? left : rest, context.Time, cancellation).ConfigureAwait(false);
        }
    }

    private static T Valid<T>(string field, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (RegexParseException e)
        {
            throw new ToolInputException($"'{field}' is no regular expression: {e.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ToolInputException($"'{field}' takes too long on this output; give a simpler expression.");
        }
    }
}
