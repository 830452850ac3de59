using System.Text.Json;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/bg /list</c>: the background sessions, by slot.</summary>
internal static class BgList
{
    private const string Form = "/bg /list [/all]";

    public static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var all = line.Is(1, "all");
        if (line.Count > (all ? 2 : 1))
        {
            return BgCommand.Row.Wrong($"'{line[all ? 2 : 1]}' is not understood here.", Form);
        }

        var rows = new List<SessionRow>();
        foreach (var project in all ? context.Board.Projects : [context.Project])
        {
            rows.AddRange(await context.Board.BackgroundAsync(project).ConfigureAwait(false));
        }

        var data = Replies.JsonRows(rows, WriteRow);
        if (rows.Count == 0)
        {
            return new Reply([all ? "No session is in the background." : "No session of this project is in the background."], Data: data);
        }

        IReadOnlyList<string> columns = ["#", "ID", "State", "Created", "Summary"];
        return new Reply(
            Table: new Table(all ? [.. columns, "Project"] : columns, [.. rows.Select(r => Cells(r, all, context.Time))]), Data: data);
    }

    private static IReadOnlyList<Cell> Cells(SessionRow row, bool all, TimeProvider time)
    {
        List<Cell> cells =
        [
            new($"{row.Slot}"), new(row.Id), Replies.State(row), new(Replies.Local(row.Created, time), "dim"), new(row.Summary),
        ];
        if (all)
        {
            cells.Add(new(row.Project, "dim"));
        }

        return cells;
    }

    private static void WriteRow(Utf8JsonWriter writer, SessionRow row)
    {
        writer.WriteNumber("slot", row.Slot ?? 0);
        writer.WriteString("id", row.Id);
        writer.WriteString("name", row.Name);
        writer.WriteString("state", row.State);
        writer.WriteString("created", Replies.Moment(row.Created));
        writer.WriteString("summary", row.Summary);
        writer.WriteBoolean("unread", row.Unread);
        writer.WriteString("waiting_for", row.WaitingFor);
        writer.WriteString("project", row.Project);
        writer.WriteStartArray("conflicts");
        writer.WriteEndArray();
    }
}
