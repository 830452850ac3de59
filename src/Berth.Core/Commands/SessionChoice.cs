using System.Globalization;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>Finds the session that words name. Ambiguous words list the candidates; nothing is guessed.</summary>
internal static class SessionChoice
{
    /// <summary><c>#n</c> is a row of the list this client saw last; else an id, the beginning of one, or a name.</summary>
    public static async Task<(Session? Session, Reply? Error)> StoredAsync(CommandContext context, string words)
    {
        if (words.StartsWith('#'))
        {
            var seen = context.Seen.Rows
                ?? [.. (await SessionsCommand.RowsAsync(context, context.Project).ConfigureAwait(false)).Select(r => r.Id)];
            return int.TryParse(words.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= seen.Count
                ? await ByIdAsync(context, seen[n - 1]).ConfigureAwait(false)
                : (null, Replies.Failed($"The list has no row {words}.", "/sessions shows it."));
        }

        return await ByWordsAsync(context, words).ConfigureAwait(false);
    }

    /// <summary><c>#n</c>, or the number alone, is a background slot; else an id, the beginning of one, or a name.</summary>
    public static async Task<(Session? Session, Reply? Error)> SlotOrStoredAsync(CommandContext context, string words)
    {
        var digits = words.AsSpan().TrimStart('#');
        if (digits.Length is 0 or > 2 || digits.ContainsAnyExceptInRange('0', '9'))
        {
            return await ByWordsAsync(context, words).ConfigureAwait(false);
        }

        return int.TryParse(digits, out var slot)
            && context.Board.SlotsOf(context.Project).TryGetValue(slot, out var id)
            ? await ByIdAsync(context, id).ConfigureAwait(false)
            : (null, Replies.Failed($"There is no background session {words}.", "berth bg list shows them."));
    }

    private static async Task<(Session? Session, Reply? Error)> ByWordsAsync(CommandContext context, string words)
    {
        var matches = await context.Sessions.MatchAsync(context.Project, words).ConfigureAwait(false);
        if (matches.Count == 0)
        {
            matches = await context.Sessions.MatchAsync(null, words).ConfigureAwait(false);
        }

        return matches.Count switch
        {
            0 => (null, Replies.Failed($"There is no session '{words}'.", "/sessions lists them.")),
            1 => await ByIdAsync(context, matches[0].Id).ConfigureAwait(false),
            _ => (null, Replies.Failed(
                $"'{words}' could be {string.Join(", ", matches.Take(5).Select(r => $"{r.Id} {r.Name}".TrimEnd()))}"
                + (matches.Count > 5 ? $" and {matches.Count - 5} more." : "."), "Give more of the id.")),
        };
    }

    private static async Task<(Session? Session, Reply? Error)> ByIdAsync(CommandContext context, string id) =>
        await context.Sessions.FindAsync(id).ConfigureAwait(false) is { } session
            ? (session, null)
            : (null, Replies.Failed($"The session {id} is not stored any more."));
}
