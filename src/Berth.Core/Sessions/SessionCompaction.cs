using Berth.Core.Agent;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that makes room in its context when a person asks for it.
internal sealed partial class Session
{
    /// <summary>
    /// Has the context compacted: now, or before the next step of the turn that runs. It is on disk when this returns.
    /// </summary>
    /// <param name="instructions">What the summary shall keep above all.</param>
    /// <returns>Why nothing happens; null when it does.</returns>
    /// <exception cref="IOException">It could not be stored; nothing happened.</exception>
    public Task<string?> CompactAsync(string? instructions, TerminalEnvironment brings) => WithOpenAsync(async () =>
    {
        environment ??= brings;
        if (state.Context.Compaction is { Asked: not null } or { Running: not null })
        {
            return "The context is being compacted already.";
        }

        if (!state.Context.TurnOpen && CompactionPlan.Of(state.Context, limit: null) is null)
        {
            return "There is nothing to compact.";
        }

        await BeginAsync([new CompactionAsked(instructions)], CompactionState.Cause, asksNobody: false).ConfigureAwait(false);
        return (string?)null;
    });

    /// <summary>How the last compaction ended.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<CompactionOutcome> CompactionAsync() => WithOpenAsync(() =>
    {
        var known = state.Context.Compaction;
        return ValueTask.FromResult(new CompactionOutcome(known.Tries, known.Failed is null ? known.Last : null, known.Failed));
    });

    // Why the turn begins that follows one.
    private string NextCause() =>
        state.Context.HasMessage ? "message" : state.Context.HasNews ? "notice" : CompactionState.Cause;

    // What the model must still know of after its context was compacted.
    private IReadOnlyList<string> RunningTasks() =>
        [.. Volatile.Read(ref state).LiveTasks.Values.Select(t => $"task #{t.Task}: {t.Description ?? t.Command}")];
}

/// <summary>How a session's last compaction ended.</summary>
/// <param name="Tries">How many there were, whatever came of them.</param>
/// <param name="Done">What the last one did; null when it failed.</param>
/// <param name="Failed">Why it failed; null when it did not.</param>
internal sealed record CompactionOutcome(int Tries, ContextCompacted? Done, CompactionFailed? Failed);
