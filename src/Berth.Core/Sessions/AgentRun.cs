using Berth.Core.Agent;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>One sub-agent at work: its session from its first message until its result is there.</summary>
internal sealed class AgentRun(AgentPlan plan, Session child, long group, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim pauses = new(0);
    private readonly TaskCompletionSource folded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? problem;

    /// <summary>What people see.</summary>
    public string Name => plan.Name;

    /// <summary>Its session.</summary>
    public Session Session => child;

    /// <summary>What is known of it before it begins.</summary>
    public ChosenAgent Chosen => new(child.Id, plan.Name, Tasks.OneLine.Of(plan.Task, 160), plan.Model);

    /// <summary>What it has brought so far.</summary>
    public AgentReport Report { get; } = new(child.Id, plan.Name, group);

    /// <summary>How it ended; null while it has not.</summary>
    public string? Status { get; private set; }

    /// <summary>How long it worked.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Why it brought nothing; null when it is done.</summary>
    public string? Problem => Status is null or AgentStatus.Done ? null : problem ?? Report.End?.Error;

    /// <summary>What else is to be known of its end; null when nothing is.</summary>
    public string? Note { get; private set; }

    /// <summary>The event that tells its parent of its end.</summary>
    public AgentEnded Ended => new(
        group, child.Id, Status!, Math.Round(Time.TotalSeconds, 3), Report.Steps, Report.Usage, Problem ?? Report.Summary);

    /// <summary>It ends without having begun.</summary>
    public void Skip()
    {
        Status = AgentStatus.Cancelled;
        problem = "It had not begun.";
    }

    /// <summary>A turn or a task of it ended, and all that came before is folded.</summary>
    public void Paused() => pauses.Release();

    /// <summary>All that counts of it is folded into the report.</summary>
    public bool IsConcluded => folded.Task.IsCompleted;

    /// <summary>Nothing more will come of it.</summary>
    public void FoldedAll() => folded.TrySetResult();

    /// <summary>Works until the result is there. Never throws: whatever happens is the result.</summary>
    /// <param name="earlier">The results of those before it; null when it gets none.</param>
    public async Task WorkAsync(AgentWork work, string? earlier, CancellationToken stop)
    {
        var began = time.GetTimestamp();
        using var timer = new CancellationTokenSource(plan.Timeout ?? Timeout.InfiniteTimeSpan, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            var prompt = earlier is null ? plan.Task : $"{plan.Task}\n\n{earlier}";
            await child.BeginWorkAsync(work, plan.Begins, prompt, plan.AsksNobody).ConfigureAwait(false);
            await SettleAsync(ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            Status = stop.IsCancellationRequested ? AgentStatus.Cancelled : AgentStatus.TimedOut;
            await DropAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // A disk that is full, a daemon that leaves: one sub-agent that cannot work hurts no other.
            Status = AgentStatus.Failed;
            problem = e is System.Threading.Channels.ChannelClosedException ? "The daemon is leaving." : e.Message;
        }

        Time = time.GetElapsedTime(began);
        await ConcludeAsync(work).ConfigureAwait(false);
    }

    public void Dispose() => pauses.Dispose();

    // Its log may say more than has been read: how it ended is decided when all of it has.
    private async Task ConcludeAsync(AgentWork work)
    {
        work.Happened(new AgentReleased(""));
        await folded.Task.ConfigureAwait(false);
        Status ??= Report.End?.Reason switch
        {
            TurnClose.Completed => AgentStatus.Done,
            TurnClose.Cancelled => AgentStatus.Cancelled,
            _ => AgentStatus.Failed,
        };
        await child.EndWorkAsync(Status).ConfigureAwait(false);
    }

    // Its result is there when no turn runs and no task of it can begin one. A task that never ends is not waited for.
    private async Task SettleAsync(CancellationToken ending)
    {
        var patience = Timeout.InfiniteTimeSpan;
        while (true)
        {
            await PauseAsync(patience, ending).ConfigureAwait(false);
            await child.WhenQuietAsync().WaitAsync(ending).ConfigureAwait(false);
            var (hasTurn, isSettled) = await child.StandsAsync().ConfigureAwait(false);
            if (isSettled)
            {
                return;
            }

            patience = hasTurn ? Timeout.InfiniteTimeSpan : Limits.SubagentTaskWait;
        }
    }

    private async Task PauseAsync(TimeSpan patience, CancellationToken ending)
    {
        using var over = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ending, over.Token);
        try
        {
            await pauses.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            var stopped = await child.DropAsync().ConfigureAwait(false);
            Note = $"It left background tasks, which were ended after {Tasks.Notices.Duration(patience.TotalSeconds)}: "
                + string.Join(", ", stopped);
        }
    }

    private async Task DropAsync()
    {
        try
        {
            await child.DropAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Threading.Channels.ChannelClosedException)
        {
            // Its log cannot take the end now, or it ends with the daemon; its turn is over all the same.
            problem = e.Message;
        }
    }
}
