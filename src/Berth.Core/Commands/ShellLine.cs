using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>!CMD</c> and <c>!CMD &amp;</c>: the person's own shell command, as a task of the session: with the
/// ampersand in the background at once.</summary>
internal static class ShellLine
{
    /// <summary>Starts the command; its end is shown by the session, and the model is told once.</summary>
    public static async Task<Reply> RunAsync(CommandContext context, string line)
    {
        var command = line[1..].Trim();
        var background = command.EndsWith('&') && !command.EndsWith("&&");
        command = background ? command[..^1].TrimEnd() : command;
        if (command.Length == 0)
        {
            return Replies.Wrong("The command behind '!' is missing.", "Right: !CMD or !CMD &");
        }

        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session to run it in.");
        }

        await session.RunShellAsync(command, context.Environment, background).ConfigureAwait(false);
        return new Reply();
    }
}
