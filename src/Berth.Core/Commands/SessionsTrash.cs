using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/sessions /delete</c> and <c>/restore</c>: to the trash and back. Nothing is deleted for good.</summary>
internal static class SessionsTrash
{
    /// <summary><c>/sessions /delete X</c>.</summary>
    public static async Task<Reply> DeleteAsync(CommandContext context, CommandLine line)
    {
        var which = line.RestAfter(1);
        if (which.Length == 0)
        {
            return SessionsCommand.Row.Wrong("Which session is missing.", "/sessions /delete #N|ID|NAME");
        }

        var (session, error) = await SessionChoice.StoredAsync(context, which).ConfigureAwait(false);
        if (session is null)
        {
            return error!;
        }

        var name = session.Row?.Name;
        if (session.Row is null)
        {
            return Replies.Failed($"Session {session.Id} is empty: there is nothing to delete.");
        }

        if (await context.Sessions.TrashAsync(session).ConfigureAwait(false) is { } why)
        {
            return Replies.Failed(
                $"Session {session.Id} was not deleted: {why}.",
                "Leave it, or end what runs in it (/interrupt, /tasks /stop, /bg /drop), then try again.");
        }

        return Replies.Lines($"Session {session.Id}{Called(name)} is in the trash. /sessions /restore {session.Id} brings it back.");
    }

    /// <summary><c>/sessions /restore [X]</c>; without X what is in the trash.</summary>
    public static async Task<Reply> RestoreAsync(CommandContext context, CommandLine line)
    {
        var all = context.Sessions.Trashed();

        // A sub-agent comes back with its parent; alone only where that is not in the trash.
        var trashed = all.Where(r => r.Kind != SessionKinds.Agent || !all.Any(p => p.Id == r.Parent)).ToList();
        var which = line.RestAfter(1);
        if (which.Length == 0)
        {
            return List(context, trashed);
        }

        var matches = trashed.Where(r => r.Id == which).ToList();
        if (matches.Count == 0)
        {
            matches = [.. trashed.Where(r => string.Equals(r.Name, which, StringComparison.OrdinalIgnoreCase))];
        }

        if (matches.Count == 0 && which.Length >= 4)
        {
            matches = [.. trashed.Where(r => r.Id.StartsWith(which, StringComparison.Ordinal))];
        }

        switch (matches)
        {
            case []:
                return Replies.Failed($"There is no session '{which}' in the trash.", "/sessions /restore lists what is there.");
            case [var row]:
                await context.Sessions.RestoreAsync(row).ConfigureAwait(false);
                return Replies.Lines($"Restored session {row.Id}{Called(row.Name)}. /sessions /resume {row.Id} shows it.");
            default:
                return Replies.Failed(
                    $"'{which}' could be {string.Join(", ", matches.Select(r => $"{r.Id} {r.Name}".TrimEnd()))}.", "Give more of the id.");
        }
    }

    private static Reply List(CommandContext context, IReadOnlyList<SessionRow> trashed)
    {
        var data = Replies.JsonRows(trashed, (w, row) =>
        {
            w.WriteString("id", row.Id);
            w.WriteString("name", row.Name);
            w.WriteString("updated", Replies.Moment(row.Updated));
            w.WriteNumber("turns", row.Turns);
            w.WriteString("summary", row.Summary);
            w.WriteString("project", row.Project);
        });
        return trashed.Count == 0
            ? new Reply(["The trash is empty."], Data: data)
            : new Reply(
                Table: new Table(["ID", "Name", "Updated", "Turns", "Summary"], [.. trashed.Select(Cells)]),
                After: ["/sessions /restore ID brings one back."], Data: data);

        IReadOnlyList<Cell> Cells(SessionRow row) =>
            [new(row.Id), new(row.Name ?? "", "bold"), new(Replies.Local(row.Updated, context.Time), "dim"), new($"{row.Turns}"), new(row.Summary)];
    }

    private static string Called(string? name) => name is null ? "" : $" '{name}'";
}
