namespace Berth.Protocol.Messages;

/// <summary>The methods a client may call. Each is answered once, in the order of the stream.</summary>
public static class ClientMethods
{
    /// <summary><see cref="Messages.Hello"/> → <see cref="Welcome"/>. The first message of a connection.</summary>
    public const string Hello = "hello";

    /// <summary><see cref="OpenView"/> → <see cref="Opened"/>. Look at a session: a look and its events follow.</summary>
    public const string Open = "open";

    /// <summary><see cref="SendLine"/> → <see cref="Reply"/>. What a person typed.</summary>
    public const string Line = "line";

    /// <summary><see cref="StartRun"/> → <see cref="RunStarted"/>. A turn without a terminal.</summary>
    public const string Run = "run";

    /// <summary><see cref="CompleteLine"/> → <see cref="Completions"/>.</summary>
    public const string Complete = "complete";

    /// <summary><see cref="Resized"/>, no answer.</summary>
    public const string Resize = "resize";

    /// <summary><see cref="DaemonVerb"/> → <see cref="DaemonStatus"/>.</summary>
    public const string Daemon = "daemon";
}

/// <summary>Who connects, and what its tools and models may use.</summary>
/// <param name="Protocol">See <see cref="Wire.ProtocolVersion"/>.</param>
/// <param name="Version">The client's Berth version.</param>
/// <param name="Build">The folder the client was started from.</param>
/// <param name="Directory">Its working directory.</param>
/// <param name="Environment">Its environment variables.</param>
/// <param name="Umask">Its file mode mask.</param>
/// <param name="Terminal">True for a terminal, false for one command.</param>
public sealed record Hello(
    int Protocol, string Version, string Build, string Directory, IReadOnlyDictionary<string, string> Environment,
    int Umask, bool Terminal, int Columns = 80, int Rows = 24);

/// <summary>The daemon's answer to <see cref="Hello"/>.</summary>
/// <param name="Warnings">Lines every client shows: a broken configuration, a newer build.</param>
/// <param name="Board">What runs in the background of this project, for the greeting.</param>
/// <param name="Model">The model a new session would use.</param>
/// <param name="Settings">What the configuration says to a terminal.</param>
public sealed record Welcome(
    int Protocol, string Version, string Build, int Pid, string Project, string Model,
    IReadOnlyList<string> Warnings, BoardNews Board, TerminalSettings? Settings = null);

/// <summary>Look at a session.</summary>
/// <param name="How">"new", "continue" (the newest here), "resume" (row, id, name) or "attach" (slot, id, name).</param>
/// <param name="Which">The session, where <paramref name="How"/> needs one.</param>
/// <param name="After">Send events after this sequence number only (a terminal that comes back); 0 for all.</param>
/// <param name="Model">A model for a new session.</param>
/// <param name="PermissionMode">A permission mode for a new session.</param>
/// <param name="Name">A name for a new session.</param>
/// <param name="Watch">Counts as somebody looking at it: clears its unread mark.</param>
/// <param name="Again">A terminal comes back: a session that had no event yet begins again under its id.</param>
public sealed record OpenView(
    string How, string? Which = null, long After = 0, string? Model = null, string? PermissionMode = null,
    string? Name = null, bool Watch = true, bool Again = false);

/// <summary>The session a client now looks at.</summary>
/// <param name="Last">The sequence number of its last event now.</param>
public sealed record Opened(string Session, long Last);

/// <summary>A line as a person typed it: a message, a command, a shell command.</summary>
/// <param name="Session">The session it is for (<c>--session X</c>); null: the one this client looks at.</param>
/// <param name="Message">The text is a message whatever it begins with.</param>
/// <param name="Data">The client shows the reply's JSON; else a long list need not be made into any.</param>
public sealed record SendLine(string Text, string? Session = null, bool Message = false, bool Data = true);

/// <summary>A turn without a terminal.</summary>
/// <param name="Typed">
/// How many characters (UTF-16) at the prompt's beginning a person typed; what was piped in stands behind them, and its
/// <c>@</c>s name no files. Null: all.
/// </param>
public sealed record StartRun(
    string Prompt, bool Background = false, string? Model = null, string? Resume = null, string? Name = null,
    string? PermissionMode = null, IReadOnlyList<string>? Allow = null, int? Typed = null);

/// <summary>The run's session; its events follow from <paramref name="After"/> on, unless it is in the background.</summary>
public sealed record RunStarted(string Session, int? Slot, long After);

/// <summary>What could stand at the caret.</summary>
public sealed record CompleteLine(string Text, int Caret);

/// <summary>The candidates, and the part of the line they replace.</summary>
public sealed record Completions(int Start, int Length, IReadOnlyList<Completion> Items);

/// <summary>One candidate.</summary>
/// <param name="Note">What it is, in a few words.</param>
public sealed record Completion(string Text, string? Note = null);

/// <summary>The terminal has another size.</summary>
public sealed record Resized(int Columns, int Rows);

/// <summary>
/// What the daemon shall do. Together with its answer the one call that needs no hello, so that a client of any version
/// can make it: its shape is never changed, fields are only added.
/// </summary>
/// <param name="Verb">"status", "stop" or "restart".</param>
/// <param name="Now">A restart does not wait for the turns that run.</param>
public sealed record DaemonVerb(string Verb, bool Now = false);

/// <summary>How the daemon is.</summary>
/// <param name="Ended">What a stop ended, a line each.</param>
/// <param name="Busy">The turns that a restart waits for, a line each: nothing was done.</param>
public sealed record DaemonStatus(
    bool Running, int Pid, string Version, long UptimeS, int Sessions, long MemoryMb, string Build,
    IReadOnlyList<string>? Ended = null, IReadOnlyList<string>? Busy = null);
