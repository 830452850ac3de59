using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>What was used so far, for the bounds of a turn and a session.</summary>
/// <param name="Steps">Requests to the model.</param>
/// <param name="Usage">Their tokens and cost, and those of the sub-agents that ended.</param>
internal sealed record Spent(int Steps, Usage Usage)
{
    /// <summary>Nothing yet.</summary>
    public static Spent Nothing { get; } = new(0, new Usage());

    /// <summary>Input and output.</summary>
    public long Tokens => Usage.InputTokens + Usage.OutputTokens;

    /// <summary>After one more event.</summary>
    public Spent Apply(SessionEvent happened) => happened switch
    {
        StepStarted => this with { Steps = Steps + 1 },
        StepEnded e => this with { Usage = Usage + e.Usage },
        ContextCompacted e => this with { Usage = Usage + e.Usage },
        AgentEnded e => this with { Usage = Usage + e.Usage },
        _ => this,
    };
}
