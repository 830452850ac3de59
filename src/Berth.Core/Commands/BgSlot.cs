using Berth.Core.Sessions;
using Berth.Protocol;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>Slot numbers in lines, and the session behind one.</summary>
internal static class BgSlot
{
    /// <summary>A slot number as people write it (<c>3</c> or <c>#3</c>, ASCII digits only); null when it is none.</summary>
    public static int? Parse(CommandLine line, int index)
    {
        var word = line[index].AsSpan();
        word = word.StartsWith("#") ? word[1..] : word;
        if (word.Length is 0 or > 2 || word.ContainsAnyExceptInRange('0', '9') || word[0] == '0')
        {
            return null;
        }

        var slot = int.Parse(word);
        return slot <= Limits.Slots ? slot : null;
    }

    /// <summary>The session in the slot that a sub-command names as its first word, or what is wrong.</summary>
    public static async Task<(int Slot, Session? Session, Reply? Error)> FindAsync(
        CommandContext context, CommandLine line, string form)
    {
        if (Parse(line, 1) is not { } slot)
        {
            return (0, null, BgCommand.Row.Wrong(
                line.Count < 2 ? "The slot's number is missing." : $"'{line[1]}' is no slot from 1 to {Limits.Slots}.", form));
        }

        if (!context.Board.SlotsOf(context.Project).TryGetValue(slot, out var id))
        {
            return (slot, null, Empty(slot));
        }

        return await context.Sessions.FindAsync(id).ConfigureAwait(false) is { } session
            ? (slot, session, null)
            : (slot, null, Replies.Failed($"The session {id} of slot #{slot} is not stored any more."));
    }

    /// <summary>The answer when nothing is in a slot.</summary>
    public static Reply Empty(int slot) => Replies.Failed($"There is no background session #{slot}.", "/bg /list shows them.");
}
