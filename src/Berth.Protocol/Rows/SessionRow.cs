using Berth.Protocol.Events;

namespace Berth.Protocol.Rows;

/// <summary>The states a session can show. One word each, the same in the UI, the files and JSON.</summary>
public static class SessionStates
{
    /// <summary>A request is open: a person must answer.</summary>
    public const string Waiting = "waiting";

    /// <summary>A turn runs.</summary>
    public const string Running = "running";

    /// <summary>No turn yet.</summary>
    public const string Idle = "idle";

    /// <summary>The last turn completed.</summary>
    public const string Done = "done";

    /// <summary>The last turn was ended by a person.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The last turn failed.</summary>
    public const string Error = "error";

    /// <summary>The daemon died under the last turn.</summary>
    public const string Interrupted = "interrupted";
}

/// <summary>One session as lists and status lines show it.</summary>
/// <param name="Id">Eight hex digits.</param>
/// <param name="Name">Given by a person or made from the first message; null before that.</param>
/// <param name="State">One of <see cref="SessionStates"/>.</param>
/// <param name="Created">When the session was created.</param>
/// <param name="Updated">When its log last grew by something a person would look at.</param>
/// <param name="Turns">Turns begun.</param>
/// <param name="Summary">The latest user input, one line.</param>
/// <param name="Slot">Its background slot; null without one.</param>
/// <param name="Unread">Something new that nobody has looked at.</param>
/// <param name="WaitingFor">The title of the open request, when one is open.</param>
/// <param name="Parent">The session it was forked from or started by.</param>
/// <param name="Kind">"session" or "agent".</param>
/// <param name="Project">Root of its project.</param>
/// <param name="Directory">The directory it works in.</param>
/// <param name="Tasks">Live tasks.</param>
/// <param name="Usage">Tokens of all its turns.</param>
/// <param name="Step">Of a sub-agent: the step its turn is at.</param>
/// <param name="Doing">Of a sub-agent: the title of its last call; null while it thinks or answers.</param>
public sealed record SessionRow(
    string Id, string? Name, string State, DateTimeOffset Created, DateTimeOffset Updated, int Turns, string Summary,
    int? Slot, bool Unread, string? WaitingFor, string? Parent, string Kind, string Project, string Directory,
    int Tasks, Usage Usage, int? Step = null, string? Doing = null);

/// <summary>The kinds of sessions.</summary>
public static class SessionKinds
{
    /// <summary>A person's.</summary>
    public const string Session = "session";

    /// <summary>A sub-agent's.</summary>
    public const string Agent = "agent";
}
