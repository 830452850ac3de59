using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>The sub-commands of <c>/bg</c> that reach a background session without looking at it.</summary>
internal static class BgRemote
{
    /// <summary><c>/bg /run PROMPT</c>.</summary>
    public static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var prompt = line.RestAfter(1);
        if (prompt.Length == 0)
        {
            return BgCommand.Row.Wrong("The prompt is missing.", "/bg /run PROMPT");
        }

        var session = context.Begin();
        if (await context.Board.TakeSlotAsync(context.Project, session.Id).ConfigureAwait(false) is not { } slot)
        {
            context.Sessions.ForgetUnborn(session);
            return BgCommand.Full();
        }

        try
        {
            await CustomLine.Of(context, session.Project, prompt).SubmitAsync(session, context.Environment).ConfigureAwait(false);
        }
        catch (IOException)
        {
            await context.Board.FreeAsync(context.Project, session.Id).ConfigureAwait(false);
            throw;
        }

        return new Reply([$"Background: {Replies.Called(session.Row!, slot)}"], Data: Replies.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("session", session.Id);
            w.WriteNumber("slot", slot);
            w.WriteEndObject();
        }));
    }

    /// <summary><c>/bg /send N TEXT</c>.</summary>
    public static async Task<Reply> SendAsync(CommandContext context, CommandLine line)
    {
        const string form = "/bg /send N TEXT";
        var (slot, session, error) = await BgSlot.FindAsync(context, line, form).ConfigureAwait(false);
        if (session is null)
        {
            return error!;
        }

        var text = line.RestAfter(2);
        if (text.Length == 0)
        {
            return BgCommand.Row.Wrong("The text is missing.", form);
        }

        await CustomLine.Of(context, session.Project, text).SubmitAsync(session, context.Environment).ConfigureAwait(false);
        return Replies.Lines($"Sent to {Replies.Called(session.Row!, slot)}");
    }

    /// <summary><c>/bg /peek N</c>.</summary>
    public static async Task<Reply> PeekAsync(CommandContext context, CommandLine line)
    {
        const string form = "/bg /peek N";
        var (slot, session, error) = await BgSlot.FindAsync(context, line, form).ConfigureAwait(false);
        if (session is null)
        {
            return error!;
        }

        return line.Count > 2
            ? BgCommand.Row.Wrong($"'{line[2]}' is not understood here.", form)
            : await Peek.AtAsync(session, slot, context.Time).ConfigureAwait(false);
    }

    /// <summary><c>/bg /answer N y|n|a [TEXT]</c>.</summary>
    public static async Task<Reply> AnswerAsync(CommandContext context, CommandLine line)
    {
        const string form = "/bg /answer N y|n|a [TEXT]";
        var (slot, session, error) = await BgSlot.FindAsync(context, line, form).ConfigureAwait(false);
        if (session is null)
        {
            return error!;
        }

        if (AnswerCommand.Parse(line[2]) is not { } answer)
        {
            return BgCommand.Row.Wrong(
                line.Count < 3 ? "The answer is missing." : $"'{line[2]}' is no answer: y, n or a (yes for this session).", form);
        }

        var answered = await session.AnswerAsync(null, answer, Text(line, 3), context.Environment).ConfigureAwait(false);
        return answered is null
            ? Replies.Failed($"Session [#{slot}] {session.Id} waits for no answer.")
            : Replies.Lines($"Answered {AnswerCommand.Words(answer)}: {answered.Title}");
    }

    /// <summary><c>/bg /drop N</c>.</summary>
    public static async Task<Reply> DropAsync(CommandContext context, CommandLine line)
    {
        const string form = "/bg /drop N";
        if (line.Count > 2)
        {
            return BgCommand.Row.Wrong($"'{line.RestAfter(2)}' is too much.", form);
        }

        var (slot, session, error) = await BgSlot.FindAsync(context, line, form).ConfigureAwait(false);
        if (session is null)
        {
            if (context.Board.SlotsOf(context.Project).TryGetValue(slot, out var gone))
            {
                await context.Board.FreeAsync(context.Project, gone).ConfigureAwait(false);
                return Replies.Lines($"Freed slot #{slot}: session {gone} is not stored any more.");
            }

            return error!;
        }

        var ended = await session.DropAsync().ConfigureAwait(false);
        var what = ended.Count == 0 ? "" : $" ({string.Join(", ", ended)})";
        return Replies.Lines($"Dropped [#{slot}] {session.Id}{what}. It is kept under /sessions.");
    }

    private static string? Text(CommandLine line, int after) =>
        line.RestAfter(after) is { Length: > 0 } text ? text : null;
}
