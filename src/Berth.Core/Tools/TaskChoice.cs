using Berth.Core.Tasks;

namespace Berth.Core.Tools;

/// <summary>Finds a session's own task by its number, and says how one is.</summary>
internal static class TaskChoice
{
    /// <exception cref="ToolInputException">The session has no such task; names those it has.</exception>
    public static ITask Find(ToolContext context, long number)
    {
        var tasks = context.Tasks();
        return tasks.FirstOrDefault(t => t.Number == number) ?? throw new ToolInputException(tasks.Count == 0
            ? $"There is no task #{number}: this session has started none."
            : $"This session has no task #{number}. Its newest are {string.Join(", ", RecentTasks.Of(tasks).Select(t => $"#{t.Number}"))}.");
    }

    /// <summary>One line: number, state, pid, time, output, command.</summary>
    public static string Describe(ITask task, TimeProvider time)
    {
        var started = task.Started;
        var bytes = TaskOutput.Of(started.OutputFile).Bytes;
        var how = task.Ended.IsCompletedSuccessfully
            ? Ended(task)
            : $"running for {Notices.Duration((time.GetUtcNow() - task.StartedAt).TotalSeconds)}, pid {started.Pid}";
        return $"#{task.Number} {how}; {bytes} bytes of output in {started.OutputFile}; {OneLine.Of(started.Command, 200)}";
    }

    private static string Ended(ITask task)
    {
        var ended = task.Ended.Result;
        var code = ended.ExitCode is { } exit ? $" with exit code {exit}" : ended.Signal is { } signal ? $" by {signal}" : "";
        var left = task.Survivors();
        var still = left.Count == 0 ? "" : $", {left.Count} process(es) it started still run (pid {string.Join(", ", left)})";
        return $"{ended.State}{code} after {Notices.Duration(ended.Seconds)}{still}";
    }
}
