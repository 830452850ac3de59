using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/sessions</c>: all stored sessions, wherever they are looked at.</summary>
internal static class SessionsCommand
{
    private const int Page = 20;

    public static Command Row { get; } = new(
        "sessions", "all stored sessions: list, resume, rename",
        [
            new("/sessions [/list] [/all] [PAGE]", "the sessions of this project, newest first; /all: of all projects"),
            new("/sessions /current", "the session in front of you"),
            new("/sessions /resume #N|ID|NAME", "look at another session; this one goes on"),
            new("/sessions /rename \"NAME\"", "name this session"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" or "list" or "all" => ListAsync(context, line),
        "current" when line.Count == 1 => Task.FromResult(Current(context)),
        "resume" => ResumeAsync(context, line),
        "rename" => RenameAsync(context, line),
        _ when int.TryParse(line[0], out _) => ListAsync(context, line),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.",
            "/sessions [/list] [/all] [PAGE], /sessions /current, /sessions /resume X, /sessions /rename \"NAME\"")),
    };

    /// <summary>The sessions of a project (null: of all) as the list has them: what goes on without a slot stands first.</summary>
    internal static async Task<IReadOnlyList<SessionRow>> RowsAsync(CommandContext context, string? project) =>
    [
        .. (await context.Board.AllAsync(project).ConfigureAwait(false))
            .Where(r => r.Kind == "session")
            .OrderByDescending(r => r.Slot is null && r.State is SessionStates.Running or SessionStates.Waiting),
    ];

    private static async Task<Reply> ListAsync(CommandContext context, CommandLine line)
    {
        var all = false;
        var page = 1;
        for (var i = line.Is(0, "list") ? 1 : 0; i < line.Count; i++)
        {
            if (line.Is(i, "all"))
            {
                all = true;
            }
            else if (!int.TryParse(line[i], out page) || page < 1)
            {
                return Row.Wrong($"'{line[i]}' is neither /all nor a page.");
            }
        }

        var rows = await RowsAsync(context, all ? null : context.Project).ConfigureAwait(false);
        context.Seen.Rows = [.. rows.Select(r => r.Id)];
        var data = Replies.JsonRows(rows.Select((row, i) => (Row: row, N: i + 1)), (w, r) => WriteRow(w, r.N, r.Row));
        var pages = Math.Max(1, (rows.Count + Page - 1) / Page);
        if (page > pages)
        {
            return Row.Wrong($"There are {pages} pages.");
        }

        if (rows.Count == 0)
        {
            return new Reply(["No session is stored yet."], Data: data);
        }

        var shown = rows.Select((row, i) => Cells(row, i + 1, context.Time)).Skip((page - 1) * Page).Take(Page);
        return new Reply(
            Table: new Table(["#", "ID", "Name", "State", "Updated", "Turns", "Summary"], [.. shown]),
            After: pages == 1 ? null : [$"Page {page} of {pages}. /sessions {(page < pages ? page + 1 : 1)} shows more."],
            Data: data);
    }

    private static Reply Current(CommandContext context)
    {
        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session here yet.");
        }

        return session.Row is { } row
            ? new Reply(
                [$"{row.Id} {row.Name ?? "(no name)"} (state: {row.State}), {row.Turns} turns, in {row.Directory}"],
                Data: Replies.JsonRows([row], (w, r) => WriteRow(w, 1, r with { Slot = context.Board.SlotOf(r.Project, r.Id) })))
            : Replies.Lines($"{session.Id} (empty), in {session.Directory}");
    }

    private static async Task<Reply> ResumeAsync(CommandContext context, CommandLine line)
    {
        if (line.Count < 2)
        {
            return Row.Wrong("Which session is missing.", "/sessions /resume #N|ID|NAME");
        }

        if (context.LookAsync is null || context.Session is not { } leaving)
        {
            return Replies.Failed("There is no terminal to show it in.", $"berth -r {line[1]}");
        }

        var (coming, error) = await SessionChoice.StoredAsync(context, line.RestAfter(1).Trim('"')).ConfigureAwait(false);
        if (coming is null)
        {
            return error!;
        }

        if (coming.Id == leaving.Id)
        {
            return Replies.Failed($"{coming.Id} is the session in front of you.");
        }

        if (coming.Project == leaving.Project && context.Board.SlotOf(coming.Project, coming.Id) is { } slot)
        {
            return await BgCommand.SwapAsync(context, slot, leaving, coming).ConfigureAwait(false);
        }

        await coming.ViewAsync(context.Environment).ConfigureAwait(false);
        await context.LookAsync(coming).ConfigureAwait(false);
        return Replies.Lines(
            [$"Resumed session {coming.Id} (state: {coming.Row!.State})", .. Leaving.Lines(context, leaving), $"Summary: {coming.Row.Summary}"]);
    }

    private static async Task<Reply> RenameAsync(CommandContext context, CommandLine line)
    {
        var name = line.Count == 2 ? line[1] : line.RestAfter(1);
        if (string.IsNullOrWhiteSpace(name) || context.Session is not { } session)
        {
            return Row.Wrong("The name is missing.", "/sessions /rename \"NAME\"");
        }

        var taken = (await context.Sessions.MatchAsync(context.Project, name).ConfigureAwait(false))
            .FirstOrDefault(r => r.Id != session.Id && string.Equals(r.Name, name, StringComparison.OrdinalIgnoreCase));
        if (taken is not null)
        {
            return Replies.Failed($"The name '{name}' is taken by session {taken.Id}.", "Choose another one.");
        }

        await session.ChangeAsync(new SessionRenamed(name)).ConfigureAwait(false);
        return Replies.Lines($"Session {session.Id} is now '{name}'.");
    }

    private static IReadOnlyList<Cell> Cells(SessionRow row, int n, TimeProvider time) =>
    [
        new($"{n}"), new(row.Id), new(row.Name ?? "", "bold"), Replies.State(row),
        new(Replies.Local(row.Updated, time), "dim"), new($"{row.Turns}"),
        new(row.Slot is { } slot ? $"[#{slot}] {row.Summary}" : row.Summary),
    ];

    private static void WriteRow(Utf8JsonWriter writer, int n, SessionRow row)
    {
        writer.WriteNumber("n", n);
        writer.WriteString("id", row.Id);
        writer.WriteString("name", row.Name);
        writer.WriteString("state", row.State);
        writer.WriteString("updated", Replies.Moment(row.Updated));
        writer.WriteNumber("turns", row.Turns);
        writer.WriteString("summary", row.Summary);
        if (row.Slot is { } slot)
        {
            writer.WriteNumber("slot", slot);
        }
        else
        {
            writer.WriteNull("slot");
        }

        writer.WriteString("parent", row.Parent);
        writer.WriteString("kind", row.Kind);
        writer.WriteString("created", Replies.Moment(row.Created));
        writer.WriteString("directory", row.Directory);
    }
}
