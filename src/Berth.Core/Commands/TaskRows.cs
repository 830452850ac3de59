using System.Text.Json;
using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>Tasks as rows: for people, and as JSON.</summary>
internal static class TaskRows
{
    private const int CommandChars = 200;

    /// <summary>The table for people.</summary>
    /// <param name="withSession">The tasks belong to several sessions.</param>
    public static Table Table(IReadOnlyList<ITask> tasks, bool withSession, TimeProvider time) => new(
        withSession
            ? ["Task", "Session", "State", "Pid", "Started", "Time", "Command"]
            : ["Task", "State", "Pid", "Started", "Time", "Command"],
        [.. tasks.Select(t => Cells(t, withSession, time))]);

    /// <summary>One that runs, as a line.</summary>
    public static string Line(ITask task, TimeProvider time)
    {
        var pid = task.Started.Pid == 0 ? "" : $", pid {task.Started.Pid}";
        var lived = Notices.Duration(Math.Max(0, (time.GetUtcNow() - task.StartedAt).TotalSeconds));
        return $"Task #{task.Number} runs for {lived}{pid}: {OneLine.Of(task.Started.Description ?? task.Started.Command, CommandChars)}";
    }

    /// <summary>The fields of one task.</summary>
    public static void Write(Utf8JsonWriter writer, ITask task)
    {
        var (started, ended) = (task.Started, EndOf(task));
        writer.WriteNumber("task", started.Task);
        writer.WriteString("session", task.Session);
        writer.WriteString("command", started.Command);
        writer.WriteString("state", ended?.State ?? TaskStates.Running);
        Replies.Number(writer, "pid", started.Pid == 0 ? null : started.Pid);
        Replies.Number(writer, "exit_code", ended?.ExitCode);
        writer.WriteString("signal", ended?.Signal);
        writer.WriteNumber("children", ended is null ? 0 : task.Survivors().Count);
        writer.WriteString("kind", started.Kind);
        writer.WriteString("started", Replies.Moment(task.StartedAt));
        writer.WriteString("ended", ended is null ? null : Replies.Moment(task.StartedAt.AddSeconds(ended.Seconds)));
        writer.WriteString("output_file", started.OutputFile);
        writer.WriteNumber("output_bytes", TaskOutput.Of(started.OutputFile).Bytes);
        writer.WriteString("by", started.By);
        writer.WriteString("description", started.Description);
    }

    private static TaskEnded? EndOf(ITask task) => task.Ended.IsCompletedSuccessfully ? task.Ended.Result : null;

    private static IReadOnlyList<Cell> Cells(ITask task, bool withSession, TimeProvider time)
    {
        var (started, ended) = (task.Started, EndOf(task));
        var seconds = ended?.Seconds ?? (time.GetUtcNow() - task.StartedAt).TotalSeconds;
        var cells = new List<Cell>
        {
            new($"#{started.Task}"), State(task, ended), new(started.Pid == 0 ? "" : $"{started.Pid}", "dim"),
            new(Replies.Local(task.StartedAt, time), "dim"), new(Notices.Duration(Math.Max(0, seconds)), "dim"),
            new(OneLine.Of(started.Command, CommandChars)),
        };
        if (withSession)
        {
            cells.Insert(1, new(task.Session));
        }

        return cells;
    }

    private static Cell State(ITask task, TaskEnded? ended)
    {
        if (ended is null)
        {
            return new(TaskStates.Running, TaskStates.Running);
        }

        var how = ended.Signal ?? (ended.ExitCode is { } code ? $"{code}" : "");
        var left = task.Survivors().Count;
        return new(
            $"{ended.State} {how}".TrimEnd() + (left == 0 ? "" : $", {left} left"),
            ended is { State: TaskStates.Exited, ExitCode: not 0 } or { State: not TaskStates.Exited } ? "error" : null);
    }
}
