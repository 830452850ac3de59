using Berth.Core.Tasks;

namespace Berth.Core.Tools;

/// <summary>Waits of tool calls for tasks: they end with the task, with the time, or with the turn.</summary>
internal static class TaskWait
{
    /// <summary>How often an output is looked at while somebody waits for what it says.</summary>
    public static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits for a task's end, and no longer than this.</summary>
    /// <exception cref="OperationCanceledException">The turn was stopped.</exception>
    public static async Task EndsWithinAsync(
        ITask task, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(task.Ended, Task.Delay(longest, time, stopWaiting.Token)).ConfigureAwait(false);
        await stopWaiting.CancelAsync().ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Waits while the model asks about tasks so soon again that none of them has news.</summary>
    /// <exception cref="OperationCanceledException">The turn was stopped.</exception>
    public static async Task NewsAsync(IReadOnlyList<ITask> tasks, ToolContext context, CancellationToken cancellation)
    {
        while (tasks.Count > 0 && tasks.All(t => context.Reading(t.Number).IsTooSoon(t, context.Time)))
        {
            await EndsWithinAsync(tasks[0], Look, context.Time, cancellation).ConfigureAwait(false);
        }
    }
}
