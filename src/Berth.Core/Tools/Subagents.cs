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
/// <param name="Task">The task it is.</param>
/// <param name="Result">What they brought, once it has ended.</param>
internal sealed record RunningSubagents(RunningTask Task, Func<SubagentsResult> Result);
