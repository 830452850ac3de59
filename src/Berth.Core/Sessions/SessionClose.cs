using Berth.Core.Agent;
using Berth.Core.Tasks;
using Berth.Protocol;

namespace Berth.Core.Sessions;

// The part of a session that ends its work: for good, or because the daemon leaves.
internal sealed partial class Session
{
    /// <summary>Ends the turn and all tasks of the session, and gives its slot free. Nothing begins after it.</summary>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> DropAsync()
    {
        var ended = new List<string>();
        var tasks = await WithOpenAsync(() => ValueTask.FromResult(Stoppable())).ConfigureAwait(false);
        if (await WithOpenAsync(() => StopTurnAsync(TurnClose.Cancelled, isLast: true)).ConfigureAwait(false))
        {
            ended.Add("turn cancelled");
            await Task.WhenAny(WhenQuietAsync(), Task.Delay(Limits.StopGrace, host.Time)).ConfigureAwait(false);
        }

        ended.AddRange(await StopAsync(tasks).ConfigureAwait(false));
        await host.Board.FreeAsync(Project, Id).ConfigureAwait(false);
        return ended;
    }

    /// <summary>
    /// Ends this session's work in this process: a turn that runs is interrupted, one that waits for a person stays
    /// open, and the log is closed.
    /// </summary>
    /// <param name="stopTasks">Ends the tasks too; else they run on, the foreground's as well.</param>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(bool stopTasks)
    {
        var ended = new List<string>();
        var tasks = Stoppable();
        await mailbox.AskAsync(async () =>
        {
            closing = true;
            if (turn is null)
            {
                return;
            }

            if (!stopTasks)
            {
                AbandonGroups();
                await LetGoAsync().ConfigureAwait(false);
            }

            turn.StopReason = TurnClose.Interrupted;
            turn.Abandoned = state.Waits;
            if (!turn.Abandoned && state.TurnOpen)
            {
                ended.Add($"interrupted: {state.Summary}");
            }

            await turn.Stop.CancelAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
        await WhenQuietAsync().ConfigureAwait(false);
        if (stopTasks)
        {
            ended.AddRange(await StopAsync(tasks).ConfigureAwait(false));
        }

        await mailbox.DisposeAsync().ConfigureAwait(false);
        log?.Dispose();
        return ended;
    }

    // The session's tasks that live, and those that ended and left something behind. Asked before a turn is ended, so
    // that the command which ends with it is named too.
    private List<ITask> Stoppable() => [.. host.Tasks.Of(Id).Where(t => !t.Gone.IsCompleted)];

    // A line for each.
    private async Task<IReadOnlyList<string>> StopAsync(List<ITask> stopping)
    {
        var stored = await mailbox.AskAsync(() =>
        {
            quietEnds.UnionWith(stopping.Select(t => t.Number));
            return new ValueTask<Task[]>([.. stopping.Select(t => endings.GetValueOrDefault(t.Number, Task.CompletedTask))]);
        }).ConfigureAwait(false);
        await Task.WhenAll(stopping.Select(t => t.StopAsync("user"))).ConfigureAwait(false);

        // A full disk may keep the ends out of the log for longer than anybody wants to wait.
        await Task.WhenAny(Task.WhenAll(stored), Task.Delay(Limits.StopGrace, host.Time)).ConfigureAwait(false);
        return [.. stopping.Select(t => $"task #{t.Started.Task} stopped ({t.Started.Description ?? t.Started.Command})")];
    }

    // What the turn waits for runs on when the daemon leaves without stopping tasks; the next one tells of its end.
    private async ValueTask LetGoAsync()
    {
        try
        {
            foreach (var number in waits.Keys.Where(n => state.LiveTasks[n].Kind == TaskKinds.Shell).ToList())
            {
                await ToBackgroundAsync(number, "restart").ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The next daemon finds it all the same, as a task without an end.
        }
    }
}
