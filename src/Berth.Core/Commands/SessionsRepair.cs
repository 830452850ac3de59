using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/sessions /verify</c> and <c>/repair</c>: is everything whole, and what can be mended.</summary>
internal static class SessionsRepair
{
    /// <summary><c>/sessions /verify</c>; the exit code is 1 when something is wrong.</summary>
    public static async Task<Reply> VerifyAsync(CommandContext context)
    {
        var (sessions, problems) = await context.Sessions.VerifyAsync().ConfigureAwait(false);
        IReadOnlyList<string> lines = problems.Count == 0
            ? [$"{sessions} {(sessions == 1 ? "session" : "sessions")} and the board are whole."]
            :
            [
                $"{(problems.Count == 1 ? "1 problem" : $"{problems.Count} problems")} in {sessions} {(sessions == 1 ? "session" : "sessions")} and the board:",
                .. problems,
                "What is whole can be used. To mend: /sessions /repair ID, or /all; the originals are kept.",
            ];
        return new Reply(lines, Failed: problems.Count > 0, Data: Replies.Json(w =>
        {
            w.WriteStartObject();
            w.WriteNumber("sessions", sessions);
            w.WriteStartArray("problems");
            foreach (var problem in problems)
            {
                w.WriteStringValue(problem);
            }

            w.WriteEndArray();
            w.WriteEndObject();
        }));
    }

    /// <summary><c>/sessions /repair X</c>, or <c>/all</c>.</summary>
    public static async Task<Reply> RepairAsync(CommandContext context, CommandLine line)
    {
        var which = line.RestAfter(1);
        if (which.Length == 0)
        {
            return SessionsCommand.Row.Wrong("Which session is missing.", "/sessions /repair X|/all");
        }

        if (which is "--all" or "/all" or "all")
        {
            return Done(await context.Sessions.RepairAllAsync().ConfigureAwait(false));
        }

        // A log whose beginning is damaged has no row: then only its id names it.
        if (context.Sessions.StoredIds().Contains(which))
        {
            return Done(await context.Sessions.RepairAsync(which).ConfigureAwait(false));
        }

        var (session, error) = await SessionChoice.StoredAsync(context, which).ConfigureAwait(false);
        return session is null ? error! : Done(await context.Sessions.RepairAsync(session.Id).ConfigureAwait(false));
    }

    private static Reply Done(IReadOnlyList<string> lines) =>
        Replies.Lines(lines.Count == 0 ? ["Everything is whole: nothing was changed."] : lines);
}
