namespace Berth.Core.Tasks;

/// <summary>A shell command that is to become a task.</summary>
/// <param name="Command">As the model or the person wrote it; any number of lines.</param>
/// <param name="Description">A few words about it, when the caller gave some.</param>
/// <param name="Directory">Absolute path it starts in.</param>
/// <param name="Environment">The variables of the terminal it belongs to, without the ones behind model keys.</param>
/// <param name="Umask">Of the same terminal.</param>
/// <param name="Timeout">It is ended after this time; null: never.</param>
/// <param name="By">"model" or "user".</param>
/// <param name="Call">The tool call that asks for it; null for a person's own command.</param>
public sealed record ShellCommand(
    string Command, string? Description, string Directory, IReadOnlyDictionary<string, string> Environment, int Umask,
    TimeSpan? Timeout, string By, string? Call);
