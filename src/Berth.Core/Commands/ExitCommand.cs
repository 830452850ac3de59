using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/exit</c>: the terminal leaves; what runs goes on.</summary>
internal static class ExitCommand
{
    public static Command Row { get; } = new(
        "exit", "leave; what runs goes on", [new("/exit", "leave; what runs goes on")], RunAsync)
    {
        Aliases = ["quit"],
    };

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 0)
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is too much.");
        }

        var lines = new List<string>();
        if (context.Session?.Row is { State: SessionStates.Running or SessionStates.Waiting } row)
        {
            lines.Add($"Session {row.Id} goes on (state: {row.State}). Look at it again: berth attach {row.Id}");
        }

        var others = await context.Board.BackgroundAsync(context.Project).ConfigureAwait(false);
        var busy = others.Count(r => r.State is SessionStates.Running or SessionStates.Waiting && r.Id != context.Session?.Id);
        if (busy > 0)
        {
            lines.Add(busy == 1 ? "1 background session goes on." : $"{busy} background sessions go on.");
        }

        return new Reply(lines, Leave: true);
    }
}
