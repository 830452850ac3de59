using Berth.Core.Permissions;
using Berth.Core.Tasks;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>
/// <c>bash</c>: runs a command line as a task and waits for it, unless it is asked for in the background, sent there,
/// or takes too long.
/// </summary>
internal static class BashTool
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);

    public static Tool Row { get; } = new("bash", ToolTable.Describe("BashTool"), ToolTable.Schema("""
        {"type":"object","required":["command"],"properties":{
        "command":{"type":"string","description":"The command line, run by bash -c."},
        "description":{"type":"string","description":"What it does, in five to ten words, for the person who watches."},
        "background":{"type":"boolean","description":"Do not wait: answer at once with the task's number."},
        "timeout":{"type":"integer","description":"Milliseconds after which the command is stopped. Without it, none."}}}
        """),
        Asks, RunAsync);

    private static ToolAsk Asks(ToolInput input, ToolContext context)
    {
        var command = input.Text("command");
        // What the command does is told by the command itself: the description is the model's word for it.
        return new ToolAsk(FirstLine(command), command, new CommandAction(command));
    }

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var timeout = input.Number("timeout", 1, (long)LongestTimeout.TotalMilliseconds);
        var background = input.Flag("background", "run_in_background", "is_background") ?? false;
        var command = new ShellCommand(
            input.Text("command"), input.OptionalText("description"), context.Directory, context.Environment,
            context.Umask, timeout is { } ms ? TimeSpan.FromMilliseconds(ms) : null, "model", context.Call);
        var running = await context.StartAsync(command).ConfigureAwait(false);
        var patience = background ? Limits.QuickCommand : context.AutoBackgroundAfter;
        var end = await running.EndAsync(patience, background ? "flag" : "time", context.Time, cancellation).ConfigureAwait(false);
        return end is not null
            ? Finished(running.Task, end)
            : Dispatched(running, background, context);
    }

    private static ToolResult Finished(ITask task, TaskEnded ended)
    {
        var output = TaskOutput.Of(task.Started.OutputFile).Read().Text;
        var how = Describe(ended);
        var text = output.Length == 0 ? $"({how}, no output)" : ended is { State: "exited", ExitCode: 0 }
            ? output
            : $"{output}\n({how})";
        if (ended.Children.Count > 0)
        {
            text += $"\n(task #{ended.Task}: {ended.Children.Count} process(es) it started still run: "
                + $"pid {string.Join(", ", ended.Children)})";
        }

        return new ToolResult(ended is { State: "exited", ExitCode: 0 }, text, how);
    }

    private static string Describe(TaskEnded ended) => ended.State switch
    {
        "exited" => $"exit code {ended.ExitCode}",
        "signaled" => $"ended by {ended.Signal}",
        "timed_out" => $"timed out after {ended.Seconds:0.#} s and was stopped",
        "stopped_by_user" => "stopped by the user",
        "stopped_by_agent" => "stopped",
        "output_limit" => $"stopped: more than {Limits.TaskOutputBytes / 1_000_000} MB of output",
        _ => "unknown outcome",
    };

    private static ToolResult Dispatched(RunningTask running, bool asked, ToolContext context)
    {
        var started = running.Task.Started;
        var line = $"Task #{started.Task} dispatched to background ({started.Description ?? FirstLine(started.Command)})";
        var why = running.WasSentAway
            ? "\nThe user sent it to the background: it runs on, and a time-out of the call no longer applies."
            : asked ? ""
            : $"\nIt had run for {Notices.Duration(context.AutoBackgroundAfter.TotalSeconds)}, so you no longer wait for it. "
                + "This is no error: it runs on.";
        var soFar = asked && !running.WasSentAway ? "" : TaskOutput.Of(started.OutputFile).Read(ended: false).Text;
        return new ToolResult(true,
            $"{line}\npid {started.Pid}, output in {started.OutputFile}{why}\n"
            + "A notice will tell you when it ends; do not wait for it by sleeping."
            + (soFar.Length == 0 ? "" : $"\nOutput so far:\n{soFar}"),
            line);
    }

    private static string FirstLine(string command)
    {
        var line = command.AsSpan().Trim();
        var end = line.IndexOf('\n');
        return end < 0 ? line.ToString() : $"{line[..end].TrimEnd()} …";
    }
}
