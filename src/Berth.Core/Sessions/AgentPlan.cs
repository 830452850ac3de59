using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>A sub-agent that is to work: everything about it that is decided before it begins.</summary>
/// <param name="Name">What people see: its definition's name, with a number when several of the group have the same.</param>
/// <param name="Task">What it shall do.</param>
/// <param name="Begins">What its log begins with: its definition, its name, and what it has from its parent.</param>
/// <param name="Model">The model it was given; null: the configured one.</param>
/// <param name="Timeout">After this time it is ended; null: never.</param>
/// <param name="AsksNobody">Nobody can be asked for it: what would be asked is denied.</param>
internal sealed record AgentPlan(
    string Name, string Task, IReadOnlyList<SessionEvent> Begins, string? Model, TimeSpan? Timeout, bool AsksNobody);

/// <summary>For whom a sub-agent's session works, as long as it does.</summary>
/// <param name="Parent">Its rules and its mode hold for the sub-agent too.</param>
/// <param name="Happened">Told of every event once it is stored; must return at once.</param>
internal sealed record AgentWork(Session Parent, Action<SessionEvent> Happened);

/// <summary>How a sub-agent ended.</summary>
internal static class AgentStatus
{
    /// <summary>It answered.</summary>
    public const string Done = "done";

    /// <summary>It could not go on.</summary>
    public const string Failed = "failed";

    /// <summary>A person or its parent ended it.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>Its own time-out ended it.</summary>
    public const string TimedOut = "timed_out";
}
