using Berth.Core.Agent;
using Berth.Core.Instructions;
using Berth.Core.Log;
using Berth.Core.Permissions;
using Berth.Core.Settings;
using Berth.Core.Tasks;
using Berth.Core.Tools;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>What all sessions share; handed in, so that a test can hold each part.</summary>
/// <param name="StateDirectory">Where sessions, board and task numbers live.</param>
/// <param name="Version">The running Berth version.</param>
/// <param name="Writer">Names this process in the logs it writes: pid and start time.</param>
/// <param name="Tasks">All running commands, by session.</param>
/// <param name="Policy">What is asked of configuration, models and rules.</param>
internal sealed record SessionHost(
    string StateDirectory, string Version, string Writer, TimeProvider Time, Board Board, TaskTable Tasks,
    ISessionPolicy Policy)
{
    /// <summary>What the logs are written to.</summary>
    public IDisk Disk { get; init; } = LocalDisk.Shared;

    /// <summary>What sessions know of each other's files.</summary>
    public SharedFiles Files { get; } = new();

    /// <summary>Makes the session of a sub-agent, which reaches the disk with its first event. Set by the table.</summary>
    public Func<Session, TerminalEnvironment, Session> BeginAgent { get; init; } =
        (_, _) => throw new InvalidOperationException("No table holds the sessions.");

    /// <summary>Forgets a session that never got an event. Set by the table.</summary>
    public Action<Session> ForgetUnborn { get; init; } = _ => { };

    /// <summary>The directory of a session.</summary>
    public string DirectoryOf(string session) => Path.Combine(StateDirectory, "sessions", session);

    /// <summary>Where a session's directory is built before it takes its place, all at once.</summary>
    public string FormingOf(string session) => Path.Combine(StateDirectory, "forming", session);

    /// <summary>Where a deleted session's directory waits to be restored.</summary>
    public string TrashOf(string session) => Path.Combine(StateDirectory, "trash", session);

    /// <summary>The marker that says a session is busy: a start reads the logs of these only.</summary>
    public string BusyMarker(string session) => Path.Combine(StateDirectory, "busy", session);
}

/// <summary>The facts about a session that configuration is asked with.</summary>
/// <param name="Model">The session's own model; null: the configured one.</param>
/// <param name="PermissionMode">The session's own mode; null: the configured one.</param>
/// <param name="Agent">What it is as a sub-agent's; null for any other.</param>
internal sealed record SessionFacts(
    string Session, string Project, string Directory, string? Model, string? PermissionMode,
    IReadOnlyList<(string Rule, bool Exact)> Rules, TerminalEnvironment Environment, AgentDefined? Agent = null)
{
    /// <summary>Whether a person looks at the session, asked at any time and from any thread.</summary>
    public Func<bool> IsForeground { get; init; } = static () => false;
}

/// <summary>What the engine decides from configuration; the daemon answers from files, a simulation from a script.</summary>
internal interface ISessionPolicy
{
    /// <summary>The name of the model the next step uses.</summary>
    string ModelName(SessionFacts facts);

    /// <summary>The model for the next step.</summary>
    /// <exception cref="Models.ModelFailure">It is not configured any more, or has no key.</exception>
    NamedModel Model(SessionFacts facts);

    /// <summary>The permission mode in force, in the words of the configuration.</summary>
    string PermissionMode(SessionFacts facts);

    /// <summary>Judges one action.</summary>
    Decision Decide(SessionFacts facts, string tool, ToolAction action);

    /// <summary>For a tool that walks through directories: whether it may look into a file (an absolute path).</summary>
    Func<string, bool> WalkFilter(SessionFacts facts, string tool);

    /// <summary>
    /// Why a file that a person names with <c>@</c> must not be shown to the model, the end of a sentence; null: it may be.
    /// The person has said so: only a rule that forbids it counts, and that rules cannot be read.
    /// </summary>
    string? WhyNotShown(SessionFacts facts, string path);

    /// <summary>The sub-agents that can be called.</summary>
    AgentCatalog Agents(SessionFacts facts);

    /// <summary>Why there is no model of this name, with the nearest ones; null when there is.</summary>
    string? ModelProblem(SessionFacts facts, string name);

    /// <summary>Whether the main agent hands work to sub-agents now.</summary>
    bool Orchestrates(SessionFacts facts);

    /// <summary>Whether a host may lie in a private network and be fetched from all the same.</summary>
    bool IsPrivateHost(SessionFacts facts, string host);

    /// <summary>The system text of a session that begins.</summary>
    Task<string> InstructionsAsync(SessionFacts facts);

    /// <summary>The variables that tools may see: all but those behind model keys.</summary>
    IReadOnlyDictionary<string, string> ToolEnvironment(SessionFacts facts);

    /// <summary>What a turn and the session may use.</summary>
    Budgets Budgets(SessionFacts facts);

    /// <summary>How long a command is waited for.</summary>
    TimeSpan AutoBackgroundAfter(SessionFacts facts);

    /// <summary>Tokens that the session's model takes; null when nobody knows.</summary>
    long? ContextLimit(SessionFacts facts);

    /// <summary>The share of its model's limit from which on the session's context is compacted; null: never by itself.</summary>
    double? CompactAt(SessionFacts facts);
}
