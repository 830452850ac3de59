using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/interrupt</c>: what Esc sends.</summary>
internal static class InterruptCommand
{
    public static Command Row { get; } = new(
        "interrupt", "end the running turn", [new("/interrupt", "end the running turn; background tasks go on")], RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 0)
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is too much.");
        }

        return context.Session is { } session && await session.InterruptAsync().ConfigureAwait(false)
            ? new Reply()
            : Replies.Lines("Nothing runs here.");
    }
}
