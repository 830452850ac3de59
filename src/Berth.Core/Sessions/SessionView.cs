using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>What a view of a session needs besides its events.</summary>
/// <param name="Model">The name of the model the next step uses.</param>
/// <param name="LastSeq">The sequence number of the last event.</param>
/// <param name="Requests">Open requests.</param>
/// <param name="Orchestrates">The session leads sub-agents: its setting is on.</param>
internal sealed record SessionView(
    string Id, string? Name, string Directory, string Model, string PermissionMode, long LastSeq,
    IReadOnlyList<RequestOpened> Requests, bool Orchestrates)
{
    /// <summary>Tokens that the model takes; null when nobody knows.</summary>
    public long? ContextLimit { get; init; }

    /// <summary>When the open turn began; null when none is open.</summary>
    public DateTimeOffset? TurnBegan { get; init; }
}
