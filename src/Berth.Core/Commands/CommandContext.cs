using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>What a line's command may use: the terminal it came from, and the engine.</summary>
internal sealed record CommandContext
{
    /// <summary>The engine's sessions and board.</summary>
    public required SessionTable Sessions { get; init; }

    /// <summary>Configuration, models and trust.</summary>
    public required SettingsStores Settings { get; init; }

    /// <summary>Makes models from their settings.</summary>
    public required ModelTable Models { get; init; }

    /// <summary>The project of the terminal.</summary>
    public required string Project { get; init; }

    /// <summary>What the terminal brings.</summary>
    public required TerminalEnvironment Environment { get; init; }

    /// <summary>The session the line is about: the one looked at, or the one that was named. Null: none.</summary>
    public required Session? Session { get; init; }

    /// <summary>Moves the view to a session; null for a client without a view (the shell).</summary>
    public required Func<Session, Task>? LookAsync { get; init; }

    /// <summary>The rows of the list of sessions that this client saw last.</summary>
    public required SeenList Seen { get; init; }

    /// <summary>The client shows the reply's JSON; else a long list need not be made into any.</summary>
    public bool WantsData { get; init; } = true;

    /// <summary>Finds what <c>@path</c> may mean.</summary>
    public required PathCompletion Paths { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>How the daemon is.</summary>
    public Func<DaemonStatus>? Daemon { get; init; }

    /// <summary>The board.</summary>
    public Board Board => Sessions.Board;

    /// <summary>Begins a session in the terminal's directory.</summary>
    public Session Begin() => Sessions.Begin(Environment.Directory, Project, Environment);
}

/// <summary>The list of sessions that a client saw last: what <c>#n</c> means in <c>/sessions</c>.</summary>
public sealed class SeenList
{
    /// <summary>Session ids, the first row first; null before any list was shown.</summary>
    public IReadOnlyList<string>? Rows { get; set; }
}
