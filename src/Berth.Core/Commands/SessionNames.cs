using Berth.Core.Sessions;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary>Names that people give to sessions.</summary>
internal static class SessionNames
{
    /// <summary>A name as a person gave it, if it can be one and no other session of the project has it.</summary>
    public static async Task<(string Name, Reply? Wrong)> GivenAsync(
        CommandContext context, string project, string session, string asked)
    {
        var name = asked.Trim();
        if (name.Any(char.IsControl) || SessionName.LengthOf(name) > SessionName.Longest)
        {
            return (name, Replies.Failed(
                $"A name is one line of at most {SessionName.Longest} characters, without control characters.", "Choose a shorter one."));
        }

        if (name.Length == 0 || name.StartsWith('#'))
        {
            return (name, Replies.Failed("A name is not empty and does not begin with '#', which is a row's or a slot's.", "Choose another one."));
        }

        var holder = await context.Board.HolderOfAsync(project, name).ConfigureAwait(false);
        return holder is null || holder == session
            ? (name, null)
            : (name, Replies.Failed($"The name '{name}' is taken by session {holder}.", "Choose another one."));
    }

    /// <summary>The name of a copy: the one that was asked for, else the original's with a number.</summary>
    public static async Task<(string Name, Reply? Wrong)> ForForkAsync(
        CommandContext context, SessionRow original, string fork, string? asked)
    {
        if (asked is not null)
        {
            return await GivenAsync(context, original.Project, fork, asked).ConfigureAwait(false);
        }

        var wanted = original.Name ?? SessionName.From(original.Summary);
        return (await context.Board.ClaimNameAsync(original.Project, fork, wanted.Length == 0 ? "fork" : wanted)
            .ConfigureAwait(false), null);
    }
}
