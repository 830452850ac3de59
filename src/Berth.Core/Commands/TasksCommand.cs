using System.Globalization;
using System.Text.Json;
using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/tasks</c>: what this session started.</summary>
internal static class TasksCommand
{
    private const string OutputForm = "/tasks /output N";
    private const string StopForm = "/tasks /stop N";
    private const string BackgroundForm = "/tasks /background [N]";

    public static Command Row { get; } = new(
        "tasks", "the commands of this session: list, output, stop, send to the background",
        [
            new("/tasks [/list] [/all]", "the tasks of this session; /all: those that run, of all sessions"),
            new(OutputForm, "what a task wrote"),
            new(StopForm, "stop a task and all it started"),
            new(BackgroundForm, "stop waiting for the running command; it runs on"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" or "list" or "all" => ListAsync(context, line),
        "output" => OutputAsync(context, line),
        "stop" => StopAsync(context, line),
        "background" => BackgroundAsync(context, line),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.", string.Join(", ", Row.Forms.Select(f => f.Usage)))),
    };

    private static async Task<Reply> ListAsync(CommandContext context, CommandLine line)
    {
        var all = line.Is(line.Count - 1, "all");
        if (line.Count > (line.Is(0, "list") ? 1 : 0) + (all ? 1 : 0))
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is not understood.");
        }

        var tasks = all ? context.Sessions.Tasks.Present()
            : context.Session is { } session ? await session.TasksAsync().ConfigureAwait(false)
            : [];
        var data = Replies.JsonRows(tasks, TaskRows.Write);
        return tasks.Count == 0
            ? new Reply([all ? "No task runs." : "This session has started no task."], Data: data)
            : Shown(tasks, all, context, data);
    }

    private static Reply Shown(IReadOnlyList<ITask> tasks, bool all, CommandContext context, JsonElement data)
    {
        var shown = RecentTasks.Of(tasks);
        var left = tasks.Count - shown.Count;
        return new Reply(
            Table: TaskRows.Table(shown, all, context.Time), Data: data,
            After: left == 0 ? null : [$"{left} older ones have ended; berth tasks --json lists them too."]);
    }

    private static async Task<Reply> OutputAsync(CommandContext context, CommandLine line)
    {
        var (task, error) = await FindAsync(context, line, OutputForm).ConfigureAwait(false);
        if (task is null)
        {
            return error!;
        }

        var output = TaskOutput.Of(task.Started.OutputFile).Read(ended: !task.IsLive);
        var data = Replies.Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("task", task.Number);
            writer.WriteString("output", output.Text);
            writer.WriteNumber("omitted", output.Omitted);
            writer.WriteString("output_file", task.Started.OutputFile);
            writer.WriteEndObject();
        });
        return new Reply(output.Text.Length > 0 ? output.Text.TrimEnd('\n').Split('\n') : [Nothing(task)], Data: data);
    }

    private static async Task<Reply> StopAsync(CommandContext context, CommandLine line)
    {
        var (task, error) = await FindAsync(context, line, StopForm).ConfigureAwait(false);
        if (task is null)
        {
            return error!;
        }

        var (wasLive, left) = (task.IsLive, task.Survivors().Count);
        await task.StopAsync("user").ConfigureAwait(false);
        if (wasLive)
        {
            await task.Ended.ConfigureAwait(false);
        }

        var what = wasLive ? $"Stopped task #{task.Number} ({Name(task.Started)})."
            : left > 0 ? $"Task #{task.Number} had ended; what it left running is stopped ({Count(left)})."
            : $"Task #{task.Number} has ended already.";
        return new Reply([what], Data: Replies.JsonRows([task], TaskRows.Write));
    }

    private static async Task<Reply> BackgroundAsync(CommandContext context, CommandLine line)
    {
        long? number = null;
        if (line.Count > 2 || (line.Count == 2 && (number = Number(line[1])) is null))
        {
            return Row.Wrong($"'{line.RestAfter(1)}' is no task number.", BackgroundForm);
        }

        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session here yet.");
        }

        var moved = await session.BackgroundAsync(number, "key").ConfigureAwait(false);
        return new Reply(
            moved.Count == 0
                ? [number is null ? "No command is waited for." : $"Nobody waits for task #{number}."]
                : [.. moved.Select(t => $"Task #{t.Task} dispatched to background ({Name(t)})")],
            Data: Replies.JsonRows(moved, static (writer, task) =>
            {
                writer.WriteNumber("task", task.Task);
                writer.WriteString("command", task.Command);
            }));
    }

    // A number names one task of the installation; the session's own is the one that is most often meant.
    private static async Task<(ITask? Task, Reply? Error)> FindAsync(CommandContext context, CommandLine line, string form)
    {
        if (line.Count != 2 || Number(line[1]) is not { } number)
        {
            return (null, Row.Wrong(line.Count < 2 ? "The task's number is missing." : $"'{line.RestAfter(1)}' is no task number.", form));
        }

        var own = context.Session is { } session ? await session.TasksAsync().ConfigureAwait(false) : [];
        var task = own.FirstOrDefault(t => t.Number == number)
            ?? await context.Sessions.FindTaskAsync(number).ConfigureAwait(false);
        return task is null ? (null, Replies.Failed($"There is no task #{number}.", "/tasks /all lists those that run.")) : (task, null);
    }

    private static long? Number(string word) =>
        long.TryParse(word.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Name(TaskStarted started) => started.Description ?? started.Command;

    private static string Count(int processes) => processes == 1 ? "1 process" : $"{processes} processes";

    private static string Nothing(ITask task) => task.IsLive
        ? $"Task #{task.Number} has written nothing yet{(task.Started.Pid == 0 ? "" : $" (pid {task.Started.Pid})")}."
        : $"Task #{task.Number} wrote nothing.";
}
