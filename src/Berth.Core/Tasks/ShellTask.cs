using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>
/// A shell command as a task: a process session of its own, with its output in a file. It runs whether or not anybody
/// waits for it, has exactly one outcome, and what it leaves behind stays known.
/// </summary>
public sealed class ShellTask : ITask
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<TaskEnded> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _timeout = new();
    private readonly TaskProcesses _processes;
    private readonly OutputWatch _watch;
    private readonly TimeProvider _time;
    private volatile IReadOnlyList<ProcessEntry> _writers = [];
    private Task? _stopping;
    private string? _reason;

    private ShellTask(
        string session, TaskStarted started, DateTimeOffset at, TaskProcesses processes, OutputWatch watch,
        TimeProvider time)
    {
        (Session, Started, StartedAt) = (session, started, at);
        (_processes, _watch, _time) = (processes, watch, time);
    }

    /// <inheritdoc/>
    public string Session { get; }

    /// <inheritdoc/>
    public TaskStarted Started { get; }

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; }

    /// <summary>Its number.</summary>
    public long Number => Started.Task;

    /// <summary>
    /// Its one outcome, to be logged. Completes as soon as the shell has ended, or, when it was stopped, when all of it
    /// has. Cancelled when the daemon leaves and lets it run on.
    /// </summary>
    public Task<TaskEnded> Ended => _ended.Task;

    /// <inheritdoc/>
    public bool IsLive => !_ended.Task.IsCompleted;

    /// <inheritdoc/>
    public Task Gone => _gone.Task;

    /// <summary>It was found after a restart, and had ended by then.</summary>
    internal bool WasOver { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<int> Survivors() => Gone.IsCompleted ? [] : Pids(_processes.Living());

    /// <inheritdoc/>
    public void DropTimeout() => _timeout.Cancel();

    /// <summary>
    /// Ends everything that belongs to it: politely, then after <see cref="Limits.StopGrace"/> by force. May be called
    /// any number of times, also when only survivors are left; the outcome is that of the first reason. Nobody needs to
    /// wait for it.
    /// </summary>
    /// <param name="by">"user" or "agent".</param>
    public Task StopAsync(string by) => Stop(
        by == "user" ? TaskStates.StoppedByUser : TaskStates.StoppedByAgent,
        () => _processes.EndAsync(Limits.StopGrace));

    internal static ShellTask Start(
        long number, string session, ShellCommand command, (string Path, SafeFileHandle Handle) output, string boot,
        Children children, OutputWatch watch, TimeProvider time)
    {
        var child = children.Start(ShellSpawn.Options(command, output.Path, CurrentProcess.Umask));
        var started = new TaskStarted(
            number, TaskKinds.Shell, command.Call, command.Command, command.Description, child.Pid, child.StartTicks,
            output.Path, command.By, boot);
        var processes = new TaskProcesses(children, child, child.Pid, child.StartTicks, output.Path, time);
        var task = new ShellTask(session, started, time.GetUtcNow(), processes, watch, time);
        watch.Add(number, output.Handle, task.LimitNear, task.LimitReached);
        _ = task.RunAsync(task.TimeOutAsync(command.Timeout), time.GetTimestamp());
        return task;
    }

    /// <summary>
    /// Finds a task again that an earlier daemon started. If it has ended, nobody can tell how; if it runs on, its end is
    /// seen, and how it ended as far as the kernel tells those who are not its parent.
    /// </summary>
    /// <param name="ended">Its outcome, when the log has one.</param>
    internal static ShellTask Attach(
        string session, TaskStarted started, DateTimeOffset at, TaskEnded? ended, string boot, Children children,
        OutputWatch watch, TimeProvider time)
    {
        // After the machine's restart the numbers in the event mean nothing, and nothing of the task lives.
        var (pid, start) = started.Boot == boot ? (started.Pid, started.PidStart) : (0, long.MaxValue);
        var processes = new TaskProcesses(children, null, pid, start, started.OutputFile, time);
        var task = new ShellTask(session, started, at, processes, watch, time);
        task.WasOver = processes.LeaderEnded;
        if (ended is not null)
        {
            task._ended.SetResult(ended);
        }

        try
        {
            watch.Add(started.Task, PrivateFiles.OpenRead(started.OutputFile), task.LimitNear, task.LimitReached);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The file is gone, so nothing that is written can be seen. The task itself is found all the same.
        }

        _ = task.RunAsync(Task.CompletedTask, begun: null);
        return task;
    }

    private async Task RunAsync(Task timingOut, long? begun)
    {
        try
        {
            var status = await _processes.EndOfLeaderAsync();
            await _timeout.CancelAsync();
            await timingOut;
            Task? stopping;
            string? reason;
            lock (_gate)
            {
                (stopping, reason) = (_stopping, _reason);
            }

            if (reason is not null && stopping is not null)
            {
                await stopping;
            }

            var living = await _processes.LivingAsync();
            _ended.TrySetResult(Outcome(status, reason, living, begun));
            while (living.Count > 0)
            {
                _writers = living;
                await _processes.EndOf(living);
                living = await _processes.LivingAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon leaves and lets the task run on; the next one finds it again.
            _ended.TrySetCanceled();
        }
        finally
        {
            _watch.Remove(Number);
            _gone.TrySetResult();
        }
    }

    private TaskEnded Outcome(ExitStatus status, string? reason, List<ProcessEntry> living, long? begun)
    {
        var state = reason ?? status switch
        {
            Exited => TaskStates.Exited,
            Signaled => TaskStates.Signaled,
            _ => TaskStates.Unknown,
        };
        var (bytes, written, lastLine) = Written();
        var lived = begun is { } since ? _time.GetElapsedTime(since)
            : (WasOver ? written ?? StartedAt : _time.GetUtcNow()) - StartedAt;
        return new TaskEnded(
            Number, state, (status as Exited)?.Code, (status as Signaled)?.Name, Pids(living), bytes,
            Math.Round(Math.Max(0, lived.TotalSeconds), 3), lastLine);
    }

    // What the output says. A command can make its own file unreadable; that takes nothing from how it ended.
    private (long Bytes, DateTimeOffset? At, string? LastLine) Written()
    {
        try
        {
            var output = TaskOutput.Of(Started.OutputFile);
            return (output.Bytes, output.LastWritten, output.LastLine());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (0, null, null);
        }
    }

    private IReadOnlyList<int> Pids(List<ProcessEntry> processes) =>
        [.. processes.Where(p => p.Pid != Started.Pid).Select(p => p.Pid).Order()];

    private async Task TimeOutAsync(TimeSpan? timeout)
    {
        try
        {
            await Task.Delay(timeout ?? Timeout.InfiniteTimeSpan, _time, _timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await Stop(TaskStates.TimedOut, () => _processes.EndAsync(Limits.StopGrace));
    }

    // Called on the watch's thread, which must go on looking. For the short rest the writers stand back behind all others,
    // so that on a busy machine they are not faster than the watch. And who they are is looked for before it matters: at
    // the limit nothing is waited for.
    private void LimitNear()
    {
        ProcessPriority.Lower(Started.Pid, Started.PidStart);
        _ = Task.Run(() =>
        {
            _writers = _processes.Living();
            foreach (var writer in _writers)
            {
                ProcessPriority.Lower(writer.Pid, writer.StartTicks);
            }
        });
    }

    // Called on the watch's thread. What writes that fast is not asked first, nor is the end of a grace waited for: in that
    // time it would write more than a disk holds.
    private void LimitReached()
    {
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task? before;
        lock (_gate)
        {
            if (!_processes.LeaderEnded)
            {
                _reason ??= TaskStates.OutputLimit;
            }

            (before, _stopping) = (_stopping, killed.Task);
        }

        _processes.SignalGroup(SignalNumbers.Kill);
        foreach (var writer in _writers)
        {
            ProcessTable.Signal(writer.Pid, writer.StartTicks, SignalNumbers.Kill);
        }

        _ = Task.Run(() => KillAsync(before, killed));
    }

    private async Task KillAsync(Task? before, TaskCompletionSource killed)
    {
        try
        {
            await _processes.KillAsync();
            await (before ?? Task.CompletedTask);
        }
        finally
        {
            killed.SetResult();
        }
    }

    private Task Stop(string reason, Func<Task> end)
    {
        lock (_gate)
        {
            // Once the shell has ended by itself, a stop ends survivors and is no outcome.
            if (!_processes.LeaderEnded)
            {
                _reason ??= reason;
            }

            if (_stopping is not { IsCompleted: false })
            {
                _stopping = Task.Run(end);
            }

            return _stopping;
        }
    }
}
