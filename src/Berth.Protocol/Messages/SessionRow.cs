using System.Text.Json.Serialization;

namespace Berth.Protocol.Messages;

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
public sealed record SessionRow(
    string Id, string? Name, string State, DateTimeOffset Created, DateTimeOffset Updated, int Turns, string Summary,
    int? Slot, bool Unread, string? WaitingFor, string? Parent, string Kind, string Project, string Directory,
    int Tasks, Events.Usage Usage);

/// <summary>A table for people: columns, rows, and for each cell the style it is drawn in.</summary>
public sealed record Table(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<Cell>> Rows);

/// <summary>One cell of a table or one piece of a reply's line.</summary>
/// <param name="Style">A state's name, "dim", "bold", "error", or null.</param>
public sealed record Cell(string Text, string? Style = null);

/// <summary>
/// What a line answers to its terminal. Shown, never logged, never told to the model.
/// </summary>
/// <param name="Lines">Text for people, a line each.</param>
/// <param name="Table">Rows for people, below the lines.</param>
/// <param name="After">Lines below the table.</param>
/// <param name="Data">The same as JSON, for <c>--json</c>.</param>
/// <param name="Error">Set when nothing was done.</param>
/// <param name="Leave">The terminal leaves (<c>/exit</c>).</param>
/// <param name="Hidden">The terminal asks for a hidden line and sends it as the end of this line (a key).</param>
public sealed record Reply(
    IReadOnlyList<string>? Lines = null, Table? Table = null, IReadOnlyList<string>? After = null,
    System.Text.Json.JsonElement? Data = null, ErrorInfo? Error = null, bool Leave = false, string? Hidden = null);

/// <summary>What went wrong and what to do.</summary>
/// <param name="Usage">The line itself was wrong: exit code 2.</param>
public sealed record ErrorInfo(string What, string? Hint = null, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Usage = false);
