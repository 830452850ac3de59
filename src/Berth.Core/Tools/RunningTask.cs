using Berth.Core.Tasks;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>A task that a call waits for.</summary>
/// <param name="task">The task it is.</param>
/// <param name="outcome">
/// Completes once: with the end, after it is in the log, or with null when the task went to the background first.
/// </param>
/// <param name="sendToBackground">Sends it there ("flag" or "time"); false when it has ended or is there already.</param>
internal sealed class RunningTask(ITask task, Task<TaskEnded?> outcome, Func<string, Task<bool>> sendToBackground)
{
    private bool moved;

    /// <summary>The task it is.</summary>
    public ITask Task { get; } = task;

    /// <summary>A person sent it to the background, and not the call that waited for it.</summary>
    public bool WasSentAway => !moved;

    /// <summary>
    /// Waits for the end, and after some time no longer. When the turn is stopped while it waits, the task is too.
    /// </summary>
    /// <param name="patience">After this time it goes to the background.</param>
    /// <param name="by">Why it goes there: "flag" or "time".</param>
    /// <returns>The end; null when it went to the background, by itself or by a person's key.</returns>
    /// <exception cref="OperationCanceledException">The turn was stopped.</exception>
    public async Task<TaskEnded?> EndAsync(TimeSpan patience, string by, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            using var stopWaiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await System.Threading.Tasks.Task.WhenAny(
                outcome, System.Threading.Tasks.Task.Delay(patience, time, stopWaiting.Token)).ConfigureAwait(false);
            await stopWaiting.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (!outcome.IsCompleted)
            {
                moved = await sendToBackground(by).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The person stopped the turn: what it waits for goes with it, unless it is in the background already, but
            // nobody waits for its last breath.
            if (!outcome.IsCompleted)
            {
                _ = Task.StopAsync("user");
            }

            throw;
        }

        return await outcome.ConfigureAwait(false);
    }
}
