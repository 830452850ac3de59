using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary>What a call of <c>RunSubagents</c> asks for.</summary>
/// <param name="IsSerial">One after the other, each with the results of those before it; else side by side.</param>
internal sealed record SubagentsAsked(bool IsSerial, IReadOnlyList<SubagentAsked> Subagents);

/// <summary>One of them.</summary>
/// <param name="Name">The definition's name; null: the general one.</param>
/// <param name="Task">What it shall do.</param>
/// <param name="Model">A model of its own; null: as its definition or the configuration says.</param>
/// <param name="Timeout">After this time it is ended; null: never.</param>
internal sealed record SubagentAsked(string? Name, string Task, string? Model, TimeSpan? Timeout);

/// <summary>What a group brought: as the model gets it, and in one line.</summary>
/// <param name="Ok">At least one of them is done.</param>
/// <param name="Unasked">A call of one was denied only because nobody could be asked.</param>
internal sealed record SubagentsResult(bool Ok, string Output, string Summary, bool Unasked);

/// <summary>A group of sub-agents that a call waits for.</summary>
/// <param name="started">The task it is.</param>
/// <param name="outcome">
/// Completes once: with the end, after it is in the log, or with null when the group went to the background first.
/// </param>
/// <param name="sendToBackground">Sends it there ("flag"), unless it has ended; see the outcome for which.</param>
/// <param name="stop">Ends all of them ("user" or "agent").</param>
/// <param name="result">What they brought, once the group has ended.</param>
internal sealed class RunningSubagents(
    TaskStarted started, Task<TaskEnded?> outcome, Func<string, Task> sendToBackground, Func<string, Task> stop,
    Func<SubagentsResult> result)
{
    /// <summary>The task it is.</summary>
    public TaskStarted Started { get; } = started;

    /// <summary>The end, or null when it went to the background first.</summary>
    public Task<TaskEnded?> Outcome { get; } = outcome;

    /// <summary>Stops the waiting; the group works on.</summary>
    public Task SendToBackgroundAsync(string by) => sendToBackground(by);

    /// <summary>Ends all of them.</summary>
    public Task StopAsync(string by) => stop(by);

    /// <summary>What they brought.</summary>
    public SubagentsResult Result() => result();
}
