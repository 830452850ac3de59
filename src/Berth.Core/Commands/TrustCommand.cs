using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/trust</c>: the project's own settings, agents and rules count from now on.</summary>
internal static class TrustCommand
{
    public static Command Row { get; } = new(
        "trust", "trust this project: its own settings, rules, skills and commands count",
        [new("/trust [DIR]", "trust the project of this directory, or of another")], RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var directory = line.Count == 0
            ? context.Environment.Directory
            : Path.GetFullPath(line.Count == 1 ? line[0] : line.RestAfter(0), context.Environment.Directory);
        var (project, isNew) = await context.Settings.Trust
            .TrustAsync(directory, CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines(isNew
            ? $"{project.Root} is trusted: its settings, rules, sub-agents, skills and commands count from now on."
            : $"{project.Root} was trusted already.");
    }
}
