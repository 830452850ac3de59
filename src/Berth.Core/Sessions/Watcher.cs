namespace Berth.Core.Sessions;

/// <summary>Somebody who follows a session or the board: it is woken, and then looks for itself.</summary>
/// <param name="Wake">Something is new. Called often, from any thread; must return at once.</param>
/// <param name="Tell">One line for the person, with a style.</param>
/// <param name="Person">Counts as somebody looking at the session.</param>
internal sealed record Watcher(Action Wake, Action<string, string?> Tell, bool Person = true);

/// <summary>What a session's tools and models may use, as a terminal had it.</summary>
/// <param name="Directory">The terminal's working directory.</param>
internal sealed record TerminalEnvironment(
    string Directory, IReadOnlyDictionary<string, string> Variables, int Umask);
