using System.Text;
using Berth.Protocol.Events;

namespace Berth.Core.Tasks;

/// <summary>The words in which the end of a task is told: a line for the transcript, and more for the model.</summary>
internal static class Notices
{
    private const int CommandChars = 160;
    private const int LastLineChars = 120;
    private const int TailChars = 8_000;

    /// <summary>The notice for tasks that ended, in the order given.</summary>
    /// <param name="found">They were found ended after a restart: the model is not woken for them.</param>
    public static NoticeAdded For(
        IReadOnlyList<(TaskStarted Started, TaskEnded Ended)> tasks, bool found = false) => new(
        [.. tasks.Select(t => t.Started.Task)],
        [.. tasks.Select(t => Line(t.Started, t.Ended))],
        string.Join("\n\n", tasks.Select(t => Text(t.Started, t.Ended))),
        Wakes: !found && tasks.Any(t => t.Ended.State is not (TaskStates.StoppedByUser or TaskStates.StoppedByAgent)));

    /// <summary>
    /// The line in the transcript, for example
    /// <c>[Task #42 completed] npm test -- --watch — exit code 0 (12 tests passed)</c>.
    /// </summary>
    public static string Line(TaskStarted started, TaskEnded ended)
    {
        var line = new StringBuilder()
            .Append($"[Task #{started.Task} {Word(ended)}{StillRunning(ended)}] ")
            .Append(OneLine.Of(started.Command, CommandChars))
            .Append(" — ")
            .Append(How(started, ended));
        if (IsCommand(started) && OneLine.Of(ended.LastLine ?? "", LastLineChars) is { Length: > 0 } last)
        {
            line.Append($" ({last})");
        }

        return line.ToString();
    }

    /// <summary>The words for the model: the line first.</summary>
    public static string Text(TaskStarted started, TaskEnded ended)
    {
        var text = new StringBuilder(Line(started, ended))
            .Append(started.By == "user"
                ? "\nThe user ran this command; it is told so that you know of it, and asks nothing of you."
                : "\nThis is an automatic notice that a task ended. It is no input of the user.")
            .Append(IsCommand(started) ? $"\nPid {started.Pid}, ran" : "\nIt ran").Append($" for {Duration(ended.Seconds)}, ")
            .Append($"{ended.OutputBytes} bytes of output in {started.OutputFile}");
        if (ended.State == TaskStates.StoppedByUser)
        {
            text.Append("\nThe user stopped it: do not start it again unless asked to.");
        }

        if (ended.Children.Count > 0)
        {
            text.Append("\nProcesses of it still run; task_stop ends them.");
        }

        var tail = TaskOutput.Of(started.OutputFile).Tail(TailChars).TrimEnd();
        return text.Append(tail.Length == 0 ? "\nIt has no output." : $"\nThe end of its output:\n{tail}").ToString();
    }

    /// <summary>
    /// How long something took, short: <c>0.4 s</c>, <c>12 s</c>, <c>3 min 5 s</c>, <c>2 h 10 min</c>.
    /// </summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 10 => $"{seconds:0.0} s",
        < 60 => $"{Math.Floor(seconds)} s",
        < 3600 => $"{Math.Floor(seconds / 60)} min {Math.Floor(seconds % 60)} s",
        _ => $"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60)} min",
    };

    private static string Word(TaskEnded ended) => ended.State switch
    {
        TaskStates.Exited when ended.ExitCode != 0 => "failed",
        TaskStates.Exited when ended.Children.Count > 0 => "exited",
        TaskStates.Exited => "completed",
        TaskStates.Signaled => "killed",
        TaskStates.TimedOut => "timed out",
        TaskStates.StoppedByUser or TaskStates.StoppedByAgent => "stopped",
        TaskStates.OutputLimit => "output limit",
        _ => "ended",
    };

    private static string StillRunning(TaskEnded ended) => ended.Children switch
    {
        [] => "",
        [var pid] => $", 1 process still running (pid {pid})",
        var pids => $", {pids.Count} processes still running (pids {string.Join(", ", pids)})",
    };

    private static bool IsCommand(TaskStarted started) => started.Kind == TaskKinds.Shell;

    // How a command ended is its exit code or signal; how a group of sub-agents did is what its last line says.
    private static string How(TaskStarted started, TaskEnded ended) => ended switch
    {
        { LastLine: { Length: > 0 } last } when !IsCommand(started) => OneLine.Of(last, LastLineChars),
        { Signal: { } signal } => $"signal {signal}",
        { ExitCode: { } code } => $"exit code {code}",
        _ => "outcome unknown",
    };
}
