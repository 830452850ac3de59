using System.Threading.Channels;
using Berth.Core.Tasks;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Sessions;

/// <summary>
/// A group of sub-agents as a task of their parent: it gives each a place to work, gathers what they do in its output,
/// brings their requests to the parent, and ends when all of them have.
/// </summary>
/// <param name="work">What all of them need.</param>
/// <param name="isSerial">One after the other, each with the results of those before it.</param>
internal sealed class AgentGroup(
    AgentGroupNeeds work, TaskStarted started, SafeFileHandle file, IReadOnlyList<AgentRun> runs, bool isSerial) : ITask
{
    private readonly Channel<(AgentRun Run, SessionEvent Event)> events =
        Channel.CreateUnbounded<(AgentRun, SessionEvent)>(new() { SingleReader = true });

    private readonly TaskCompletionSource<TaskEnded> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource stop = new();
    private readonly AgentOutput output = new(file);
    private readonly long began = work.Time.GetTimestamp();
    private string? reason;
    private volatile bool isAbandoned;

    /// <inheritdoc/>
    public string Session => work.Parent.Id;

    /// <inheritdoc/>
    public TaskStarted Started => started;

    /// <inheritdoc/>
    public DateTimeOffset StartedAt { get; } = work.Time.GetUtcNow();

    /// <inheritdoc/>
    public Task<TaskEnded> Ended => ended.Task;

    /// <inheritdoc/>
    public Task Gone => ended.Task;

    /// <summary>The event that names its sub-agents.</summary>
    public AgentsChosen Chosen => new(started.Task, isSerial ? "serial" : "parallel", [.. runs.Select(r => r.Chosen)]);

    /// <summary>The sub-agents, in the order of the call.</summary>
    public IReadOnlyList<AgentRun> Runs => runs;

    /// <summary>Those that have begun, as lists show them.</summary>
    public IEnumerable<SessionRow> Rows => runs.Select(r => r.Session.Row).OfType<SessionRow>();

    /// <inheritdoc/>
    public IReadOnlyList<int> Survivors() => [];

    /// <inheritdoc/>
    public void DropTimeout()
    {
    }

    /// <inheritdoc/>
    public Task StopAsync(string by) => EndAllAsync(by == "user" ? TaskStates.StoppedByUser : TaskStates.StoppedByAgent);

    /// <summary>Begins. Its start is in the parent's log.</summary>
    public void Begin() => _ = Task.Run(RunAsync);

    /// <summary>The daemon leaves: nothing more is told, and the next one finds the group without an end.</summary>
    public void Abandon()
    {
        isAbandoned = true;
        ended.TrySetCanceled();
    }

    private async Task EndAllAsync(string why)
    {
        Interlocked.CompareExchange(ref reason, why, null);
        await stop.CancelAsync().ConfigureAwait(false);
        await Gone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task RunAsync()
    {
        try
        {
            var reading = ReadAsync();
            await WorkAsync().ConfigureAwait(false);
            events.Writer.Complete();
            await reading.ConfigureAwait(false);
        }
        finally
        {
            // A fault of ours must not leave somebody waiting for ever.
            output.Dispose();
            work.Over(this);
            ended.TrySetResult(Outcome());
        }
    }

    private async Task WorkAsync()
    {
        if (!isSerial)
        {
            await Task.WhenAll(runs.Select(run => RunAsync(run, null))).ConfigureAwait(false);
            return;
        }

        for (var i = 0; i < runs.Count; i++)
        {
            await RunAsync(runs[i], i == 0 ? null : AgentResults.Earlier([.. runs.Take(i)])).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(AgentRun run, string? earlier)
    {
        try
        {
            await work.Places.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                await run.WorkAsync(
                    new AgentWork(work.Parent, e => events.Writer.TryWrite((run, e))), earlier, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                work.Places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            run.Skip();
        }

        await TellAsync(run.Ended).ConfigureAwait(false);
    }

    // The one reader of what all of them do.
    private async Task ReadAsync()
    {
        await foreach (var (run, happened) in events.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            if (run.IsConcluded)
            {
                // It was ended and took longer to end than anybody waited; how it ended stands already.
                continue;
            }

            var lines = run.Report.Take(happened, output.Lines);
            try
            {
                output.Write(run.Name, lines);
            }
            catch (IOException)
            {
                // The output is for looking at; the results come from the report.
            }

            if (output.IsFull)
            {
                _ = EndAllAsync(TaskStates.OutputLimit);
            }

            foreach (var told in run.Report.ForParent(happened))
            {
                await TellAsync(told).ConfigureAwait(false);
            }

            if (happened is TurnEnded or TaskEnded)
            {
                run.Paused();
            }
            else if (happened is AgentReleased)
            {
                run.FoldedAll();
            }
        }
    }

    private async Task TellAsync(SessionEvent told)
    {
        while (!isAbandoned)
        {
            try
            {
                await work.TellAsync(told).ConfigureAwait(false);
                return;
            }
            catch (IOException)
            {
                // The parent's log cannot take it now. A request that it lacks could not be answered: again.
                await Task.Delay(Limits.StopGrace, work.Time).ConfigureAwait(false);
            }
            catch (ChannelClosedException)
            {
                return;
            }
        }
    }

    private TaskEnded Outcome()
    {
        var isWhole = runs.All(r => r.Status is AgentStatus.Done);
        var state = reason ?? TaskStates.Exited;
        return new TaskEnded(
            started.Task, state, state == TaskStates.Exited ? isWhole ? 0 : 1 : null, null, [], output.Bytes,
            Math.Round(work.Time.GetElapsedTime(began).TotalSeconds, 3), AgentResults.Counts(runs));
    }
}

/// <summary>What a group needs from its parent.</summary>
/// <param name="Places">How many of the parent's sub-agents may still begin.</param>
/// <param name="TellAsync">Stores an event in the parent's log.</param>
/// <param name="Over">All have ended.</param>
internal sealed record AgentGroupNeeds(
    Session Parent, SemaphoreSlim Places, Func<SessionEvent, Task> TellAsync, Action<AgentGroup> Over, TimeProvider Time);
