using Berth.Protocol.Rows;

namespace Berth.Protocol.Messages;

/// <summary>What the daemon says by itself, in one ordered stream with its answers.</summary>
public static class DaemonMethods
{
    /// <summary><see cref="Messages.Look"/>: the client now looks at this session; its history follows.</summary>
    public const string Look = "look";

    /// <summary>
    /// <c>{"session":"…","events":[…]}</c>: stored events as their log has them, in order and without a hole.
    /// </summary>
    public const string Events = "events";

    /// <summary><see cref="BoardNews"/>: the project's background changed.</summary>
    public const string Board = "board";

    /// <summary><see cref="TerminalSettings"/>: what the configuration says to a terminal has changed.</summary>
    public const string Settings = "settings";

    /// <summary><see cref="Messages.Notice"/>: one line for the person.</summary>
    public const string Notice = "notice";
}

/// <summary>The view moved to a session.</summary>
/// <param name="After">The events that follow begin after this sequence number.</param>
/// <param name="Last">History ends here; what comes later is live.</param>
/// <param name="Clean">Erase the screen first (false: a terminal that comes back to what it shows).</param>
/// <param name="Fresh">The session has no history.</param>
/// <param name="Model">The name of the model its next turn uses.</param>
/// <param name="PermissionMode">The mode in force.</param>
public sealed record Look(
    string Session, string? Name, string Directory, string Model, string PermissionMode, long After, long Last,
    bool Clean, bool Fresh);

/// <summary>The project's background sessions, and counts over all of them.</summary>
/// <param name="Session">The session this client looks at, as the board sees it; null when it is not stored yet.</param>
/// <param name="Model">The name of the model its next turn uses; null before it looks at one.</param>
/// <param name="PermissionMode">The mode in force in it.</param>
/// <param name="Error">Those whose last turn failed.</param>
/// <param name="Interrupted">Those whose daemon died under them.</param>
/// <param name="Agents">The sub-agents that work for the session looked at.</param>
/// <param name="Orchestration">The session looked at leads sub-agents: its setting is on.</param>
public sealed record BoardNews(
    int Running, int Waiting, int Done, IReadOnlyList<SessionRow> Slots, SessionRow? Session = null,
    string? Model = null, string? PermissionMode = null, int Error = 0, int Interrupted = 0,
    IReadOnlyList<SessionRow>? Agents = null, bool Orchestration = false);

/// <summary>One line for the person: a background session ended or needs an answer, a newer build attached.</summary>
/// <param name="Style">A state's name, "dim", "error", or null.</param>
/// <param name="Rings">The person is called, as <see cref="TerminalSettings.Notify"/> says.</param>
public sealed record Notice(string Text, string? Style = null, bool? Rings = null);

/// <summary>What the configuration says to a terminal.</summary>
/// <param name="Notify">How it calls its person: "bell", "osc9" or "off".</param>
/// <param name="Keys">Actions with keys of their own.</param>
public sealed record TerminalSettings(string Notify, IReadOnlyList<BoundKeys> Keys);

/// <summary>An action's keys.</summary>
/// <param name="Action">For example "background".</param>
/// <param name="Keys">Bindings parted by ", ", each a key or two with a blank between; "none" for no key.</param>
public sealed record BoundKeys(string Action, string Keys);
