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
        "sessions", "all stored sessions: list, resume, rename, search, export, delete, restore",
        [
            new("/sessions [/list] [/all] [/agents] [PAGE]", "the sessions of this project, newest first; /all: of all projects; /agents: with their sub-agents"),
            new("/sessions /current", "the session in front of you"),
            new("/sessions /resume #N|ID|NAME", "look at another session; this one goes on"),
            new("/sessions /rename \"NAME\"", "name this session"),
            new("/sessions /search TEXT [/all]", "where a text stands in this project's sessions, or in all"),
            new("/sessions /export [FILE.md|FILE.json]", "write this session as a document, or as JSON"),
            new("/sessions /delete #N|ID|NAME", "put a session into the trash"),
            new("/sessions /verify", "check all logs and the board"),
            new("/sessions /repair X|/all", "mend a damaged log, or everything; the originals are kept"),
            new("/sessions /restore [ID|NAME]", "bring one back from the trash; alone: what is in it"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" or "list" or "all" or "agents" => ListAsync(context, line),
        "current" when line.Count == 1 => Task.FromResult(Current(context)),
        "resume" => ResumeAsync(context, line),
        "rename" => RenameAsync(context, line),
        "search" => SessionsSearch.RunAsync(context, line),
        "export" => SessionsExport.RunAsync(context, line),
        "verify" when line.Count == 1 => SessionsRepair.VerifyAsync(context),
        "repair" => SessionsRepair.RepairAsync(context, line),
        "delete" => SessionsTrash.DeleteAsync(context, line),
        "restore" => SessionsTrash.RestoreAsync(context, line),
        _ when int.TryParse(line[0], out _) => ListAsync(context, line),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.", string.Join(", ", Row.Forms.Select(f => f.Usage)))),
    };

    /// <summary>The sessions of a project (null: of all) as the list has them: what goes on without a slot stands first.</summary>
    /// <param name="agents">Sub-agents too, each under its parent, the oldest first.</param>
    internal static async Task<IReadOnlyList<SessionRow>> RowsAsync(CommandContext context, string? project, bool agents = false)
    {
        var all = await context.Board.AllAsync(project).ConfigureAwait(false);
        IReadOnlyList<SessionRow> rows =
        [
            .. all.Where(r => r.Kind != SessionKinds.Agent)
                .OrderByDescending(r => r.Slot is null && r.State is SessionStates.Running or SessionStates.Waiting),
        ];
        if (!agents)
        {
            return rows;
        }

        var known = rows.Select(r => r.Id).ToHashSet();
        var below = all.Where(r => r.Kind == SessionKinds.Agent)
            .OrderBy(r => r.Created.ToUnixTimeSeconds()).ThenBy(r => r.Name?.Length).ThenBy(r => r.Name).ToLookup(r => r.Parent ?? "");
        return
        [
            .. rows.SelectMany(r => below[r.Id].Prepend(r)),

            // Their parents are in the trash, or gone.
            .. below.Where(group => !known.Contains(group.Key)).SelectMany(group => group),
        ];
    }

    private static async Task<Reply> ListAsync(CommandContext context, CommandLine line)
    {
        var all = false;
        var agents = false;
        var page = 1;
        for (var i = line.Is(0, "list") ? 1 : 0; i < line.Count; i++)
        {
            if (line.Is(i, "all"))
            {
                all = true;
            }
            else if (line.Is(i, "agents"))
            {
                agents = true;
            }
            else if (!int.TryParse(line[i], out page) || page < 1)
            {
                return Row.Wrong($"'{line[i]}' is neither /all, nor /agents, nor a page.");
            }
        }

        var rows = await RowsAsync(context, all ? null : context.Project, agents).ConfigureAwait(false);
        context.Seen.Rows = [.. rows.Select(r => r.Id)];
        var data = context.WantsData
            ? Replies.JsonRows(rows.Select((row, i) => (Row: row, N: i + 1)), (w, r) => WriteRow(w, r.N, r.Row))
            : default(JsonElement?);
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

        var (coming, error) = await SessionChoice.StoredAsync(context, line.RestAfter(1)).ConfigureAwait(false);
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

        await using var held = await coming.HoldAsync(context.Environment).ConfigureAwait(false);
        await context.LookAsync(coming).ConfigureAwait(false);
        return Replies.Lines(
            [$"Resumed session {coming.Id} (state: {coming.Row!.State})", .. Leaving.Lines(context, leaving), $"Summary: {coming.Row.Summary}"]);
    }

    private static async Task<Reply> RenameAsync(CommandContext context, CommandLine line)
    {
        var asked = line.Count == 2 ? line[1] : line.RestAfter(1);
        if (string.IsNullOrWhiteSpace(asked) || context.Session is not { } session)
        {
            return Row.Wrong("The name is missing.", "/sessions /rename \"NAME\"");
        }

        var (name, wrong) = await SessionNames.GivenAsync(context, session.Project, session.Id, asked).ConfigureAwait(false);
        if (wrong is not null)
        {
            return wrong;
        }

        await session.ChangeAsync(new SessionRenamed(name)).ConfigureAwait(false);
        return Replies.Lines($"Session {session.Id} is now '{name}'.");
    }

    private static IReadOnlyList<Cell> Cells(SessionRow row, int n, TimeProvider time) =>
    [
        new($"{n}"), new(row.Id), new(row.Kind == SessionKinds.Agent ? $"└ {row.Name}" : row.Name ?? "", "bold"), Replies.State(row),
        new(Replies.Local(row.Updated, time), "dim"), new($"{row.Turns}"),
        new($"{(row.Slot is { } slot ? $"[#{slot}] " : "")}{(row is { Parent: { } parent, Kind: not SessionKinds.Agent } ? $"(from {parent}) " : "")}{row.Summary}"),
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
