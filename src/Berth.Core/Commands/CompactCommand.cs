using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/compact</c>: makes room in the model's context; the history stays as it is.</summary>
internal static class CompactCommand
{
    public static Command Row { get; } = new(
        "compact", "sum up the older part of this session for the model; the history stays",
        [
            new("/compact", "sum up the older part of this session for the model; the history stays"),
            new("/compact INSTRUCTIONS", "the same, and say what the summary shall keep above all"),
        ],
        RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session to compact.", "Name one: berth compact --session X");
        }

        var before = await session.CompactionAsync().ConfigureAwait(false);
        var instructions = line.RestAfter(0);
        if (await session.CompactAsync(instructions.Length == 0 ? null : instructions, context.Environment).ConfigureAwait(false) is { } why)
        {
            return Replies.Failed(why);
        }

        // A terminal sees how it goes, and its other lines must not wait for it. The shell has nothing else to do.
        return context.LookAsync is null ? await EndAsync(session, before.Tries).ConfigureAwait(false) : new Reply();
    }

    private static async Task<Reply> EndAsync(Session session, int before)
    {
        await session.WhenQuietAsync().ConfigureAwait(false);
        var ended = await session.CompactionAsync().ConfigureAwait(false);
        if (ended.Tries == before)
        {
            return Replies.Failed("The context was not compacted: the turn was interrupted.");
        }

        if (ended.Failed is { } failed)
        {
            return Replies.Failed($"The context was not compacted: {failed.Why}", failed.Hint);
        }

        var last = ended.Done!;
        return new Reply([TokenFigures.Line(last)], Data: Replies.Json(w =>
        {
            w.WriteStartObject();
            w.WriteString("session", session.Id);
            w.WriteNumber("tokens_before", last.TokensBefore);
            w.WriteNumber("tokens_after", last.TokensAfter);
            w.WriteEndObject();
        }));
    }
}
