using System.Globalization;
using System.Text.Json;
using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/tasks</c>: the commands this session started.</summary>
internal static class TasksCommand
{
    public static Command Row { get; } = new(
        "tasks", "the commands of this session: list, output, stop, send to the background",
        [
            new("/tasks [/list] [/all]", "the tasks of this session, or of all"),
            new("/tasks /output N", "what a task wrote"),
            new("/tasks /stop N", "stop a task and all it started"),
            new("/tasks /background [N]", "stop waiting for the running command; it runs on"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" or "list" or "all" => Task.FromResult(List(context, line)),
        "output" => Task.FromResult(Output(context, line)),
        "stop" => StopAsync(context, line),
        "background" => BackgroundAsync(context, line),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.", string.Join(", ", Row.Forms.Select(f => f.Usage)))),
    };

    private static Reply List(CommandContext context, CommandLine line)
    {
        var all = line.Is(line.Count - 1, "all");
        if (line.Count > (line.Is(0, "list") ? 1 : 0) + (all ? 1 : 0))
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is not understood.");
        }

        var tasks = all ? context.Sessions.Tasks.Live()
            : context.Session is { } session ? context.Sessions.Tasks.Of(session.Id)
            : [];
        var data = Replies.JsonRows(tasks, WriteRow);
        return tasks.Count == 0
            ? new Reply([all ? "No session has started a task." : "This session has started no task."], Data: data)
            : new Reply(
                Table: new Table(["Task", "Session", "State", "Pid", "Started", "Command"], [.. tasks.Select(t => Cells(t, context))]),
                Data: data);
    }

    private static Reply Output(CommandContext context, CommandLine line)
    {
        var (task, error) = Find(context, line, "/tasks /output N");
        if (task is null)
        {
            return error!;
        }

        var text = TaskOutput.Of(task.Started.OutputFile).Read(ended: !task.IsLive).Text;
        return new Reply(text.Length == 0 ? [$"Task #{task.Number} has written nothing yet (pid {task.Started.Pid})."] : text.Split('\n'));
    }

    private static async Task<Reply> StopAsync(CommandContext context, CommandLine line)
    {
        var (task, error) = Find(context, line, "/tasks /stop N");
        if (task is null)
        {
            return error!;
        }

        if (!task.IsLive)
        {
            return Replies.Lines($"Task #{task.Number} has ended already.");
        }

        await task.StopAsync("user").ConfigureAwait(false);
        return Replies.Lines($"Stopped task #{task.Number} ({task.Started.Description ?? task.Started.Command}).");
    }

    private static async Task<Reply> BackgroundAsync(CommandContext context, CommandLine line)
    {
        long? number = null;
        if (line.Count > 2 || (line.Count == 2 && !TryNumber(line[1], out number)))
        {
            return Row.Wrong($"'{line.RestAfter(1)}' is no task number.", "/tasks /background [N]");
        }

        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session here yet.");
        }

        var moved = await session.BackgroundAsync(number, "key").ConfigureAwait(false);
        return moved.Count == 0
            ? Replies.Lines("No command is waited for.")
            : new Reply([.. moved.Select(t => $"Task #{t.Task} dispatched to background ({t.Description ?? t.Command})")]);
    }

    private static (ITask? Task, Reply? Error) Find(CommandContext context, CommandLine line, string form)
    {
        if (line.Count != 2 || !TryNumber(line[1], out var number))
        {
            return (null, Row.Wrong(line.Count < 2 ? "The task's number is missing." : $"'{line.RestAfter(1)}' is no task number.", form));
        }

        return context.Sessions.InUse.Select(s => context.Sessions.Tasks.Find(s.Id, number!.Value)).FirstOrDefault(t => t is not null) is { } task
            ? (task, null)
            : (null, Replies.Failed($"There is no task #{number}.", "/tasks /all lists them."));
    }

    private static bool TryNumber(string word, out long? number)
    {
        number = long.TryParse(word.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return number is not null;
    }

    private static TaskEnded? EndOf(ITask task) => task.Ended.IsCompletedSuccessfully ? task.Ended.Result : null;

    private static string StateOf(ITask task) => EndOf(task)?.State ?? TaskStates.Running;

    private static IReadOnlyList<Cell> Cells(ITask task, CommandContext context)
    {
        var state = StateOf(task);
        return
        [
            new($"#{task.Number}"), new(task.Session), new(state, state == "running" ? "running" : null),
            new(task.Started.Pid == 0 ? "" : $"{task.Started.Pid}"), new(Replies.Local(task.StartedAt, context.Time), "dim"), new(task.Started.Command),
        ];
    }

    private static void WriteRow(Utf8JsonWriter writer, ITask task)
    {
        var ended = EndOf(task);
        writer.WriteNumber("task", task.Number);
        writer.WriteString("session", task.Session);
        writer.WriteString("command", task.Started.Command);
        writer.WriteString("state", StateOf(task));
        Replies.Number(writer, "pid", task.Started.Pid == 0 ? null : task.Started.Pid);
        Replies.Number(writer, "exit_code", ended?.ExitCode);
        writer.WriteString("signal", ended?.Signal);
        writer.WriteNumber("children", task.IsLive ? 0 : task.Survivors().Count);
        writer.WriteString("kind", task.Started.Kind);
        writer.WriteString("started", Replies.Moment(task.StartedAt));
        writer.WriteString("ended", ended is null ? null : Replies.Moment(task.StartedAt.AddSeconds(ended.Seconds)));
        writer.WriteString("output_file", task.Started.OutputFile);
        writer.WriteNumber("output_bytes", TaskOutput.Of(task.Started.OutputFile).Bytes);
        writer.WriteString("by", task.Started.By);
    }
}
