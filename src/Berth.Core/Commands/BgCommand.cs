using Berth.Core.Sessions;
using Berth.Protocol;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>
/// <c>/bg</c>: the background of a project. A session runs in the daemon wherever it is looked at, so all of this moves
/// views and slot numbers; no session notices.
/// </summary>
internal static class BgCommand
{
    public static Command Row { get; } = new(
        "bg", "send this session to the background, list and swap background sessions",
        [
            new("/bg", "send this session to the background; a clean one comes up"),
            new("/bg N", "swap with the session in slot N"),
            new("/bg /list [/all]", "the background sessions of this project, or of all"),
            new("/bg /run PROMPT", "start a session in the background"),
            new("/bg /send N TEXT", "send a message to a background session"),
            new("/bg /peek N", "its last lines, open request and tasks"),
            new("/bg /answer N y|n|a [TEXT]", "answer its open request: yes, no, or yes for this session"),
            new("/bg /drop N", "free the slot; what runs is cancelled, the session is kept"),
            new("/bg /help", "this"),
        ],
        RunAsync);

    private static string SubForms => string.Join(", ", Row.SubCommands.Select(s => $"/bg /{s}"));

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" when line.Count == 0 => BackgroundAsync(context),
        "list" => BgList.RunAsync(context, line),
        "run" => BgRemote.RunAsync(context, line),
        "send" => BgRemote.SendAsync(context, line),
        "peek" => BgRemote.PeekAsync(context, line),
        "answer" => BgRemote.AnswerAsync(context, line),
        "drop" => BgRemote.DropAsync(context, line),
        _ => SwapAsync(context, line),
    };

    private static async Task<Reply> BackgroundAsync(CommandContext context)
    {
        if (context.LookAsync is null || context.Session is not { } leaving)
        {
            return Replies.Failed("There is no terminal whose session could go to the background.",
                "Start one there: berth run --bg \"PROMPT\". List them: berth bg list.");
        }

        if (leaving.IsEmpty || leaving.Row is null)
        {
            return Replies.Lines("This session is empty: there is nothing to send to the background.");
        }

        if (leaving.IsAgent)
        {
            return Replies.Failed(
                "A sub-agent's session takes no background slot: it goes on by itself.",
                "/new leaves it, /sessions /agents lists it.");
        }

        if (await context.Board.TakeSlotAsync(leaving.Project, leaving.Id).ConfigureAwait(false) is not { } slot)
        {
            return Full();
        }

        var fresh = context.Begin();
        await context.LookAsync(fresh).ConfigureAwait(false);
        return Replies.Lines(
            $"New foreground session [{fresh.Id}]", $"Background: {Replies.Called(leaving.Row, slot)}");
    }

    private static async Task<Reply> SwapAsync(CommandContext context, CommandLine line)
    {
        if (BgSlot.Parse(line, 0) is not { } slot)
        {
            return line[0].TrimStart('#').All(char.IsAsciiDigit)
                ? Row.Wrong($"There is no slot {line[0]}: they are numbered from 1 to {Limits.Slots}.", "/bg N")
                : Row.Wrong($"'{line[0]}' is neither a slot nor a sub-command of /bg.", $"/bg, /bg N, {SubForms}");
        }

        if (line.Count > 1)
        {
            return Row.Wrong($"'/bg {slot}' takes nothing more, and '{line.RestAfter(1)}' follows.", "/bg N");
        }

        if (context.LookAsync is null || context.Session is not { } leaving)
        {
            return Replies.Failed("There is no terminal to swap with.", $"Look at the session: berth attach '#{slot}'.");
        }

        if (!context.Board.SlotsOf(context.Project).TryGetValue(slot, out var id))
        {
            return BgSlot.Empty(slot);
        }

        if (id == leaving.Id)
        {
            return Replies.Failed($"[#{slot}] {id} is the session in front of you.");
        }

        if (await context.Sessions.FindAsync(id).ConfigureAwait(false) is not { } coming)
        {
            return Replies.Failed($"The session {id} of slot #{slot} is not stored any more.", $"Free the slot: /bg /drop {slot}");
        }

        return await SwapAsync(context, slot, leaving, coming).ConfigureAwait(false);
    }

    /// <summary>Swaps the session in front with one that has a slot; also what resuming such a session does.</summary>
    internal static async Task<Reply> SwapAsync(CommandContext context, int slot, Session leaving, Session coming)
    {
        // Everything that can fail comes before the first change: a swap that fails changes nothing.
        await using var held = await coming.HoldAsync(context.Environment).ConfigureAwait(false);
        await leaving.BearAsync().ConfigureAwait(false);
        var successor = leaving.Project == coming.Project && !leaving.IsAgent ? leaving.Id : null;
        if (!await context.Board.SwapAsync(coming.Project, slot, coming.Id, successor).ConfigureAwait(false))
        {
            return Replies.Failed($"Slot #{slot} has changed meanwhile; nothing was swapped.", "/bg /list");
        }

        await context.LookAsync!(coming).ConfigureAwait(false);
        return Replies.Lines(
            $"Resumed session [#{slot}] {coming.Id} (state: {coming.Row!.State})",
            leaving.IsAgent
                ? $"Left sub-agent {Replies.Called(leaving.Row!, slot: null)}"
                : $"Previous active sent to bg {Replies.Called(leaving.Row!, context.Board.SlotOf(leaving.Project, leaving.Id))}",
            $"Summary: {coming.Row.Summary}");
    }

    /// <summary>The refusal when all slots are taken.</summary>
    internal static Reply Full() => Replies.Failed(
        $"All {Limits.Slots} background slots are in use.",
        "Free one with /bg /drop N, or take one to the front with /bg N; /bg /list shows them.");
}
