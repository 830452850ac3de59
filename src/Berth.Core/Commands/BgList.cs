using System.Text.Json;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/bg /list</c>: the background sessions, by slot.</summary>
internal static class BgList
{
    private const string Form = "/bg /list [/all]";
    private const string SharesFiles = "≠";
    private const int NamedPaths = 3;

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

        var conflicts = context.Sessions.ConflictsOf(rows);
        var data = Replies.JsonRows(rows, (writer, row) => WriteRow(writer, row, conflicts[row.Id]));
        if (rows.Count == 0)
        {
            return new Reply([all ? "No session is in the background." : "No session of this project is in the background."], Data: data);
        }

        IReadOnlyList<string> columns = ["#", "ID", "State", "Created", "Summary"];
        var after = rows.Where(row => conflicts[row.Id].Count > 0).Select(row => Shares(row, conflicts[row.Id], context)).ToList();
        if (all)
        {
            var sum = UsageWords.Sum(rows);
            after.Add($"Together: {UsageWords.Tokens(sum)}, {UsageWords.Cost(sum)}");
        }

        return new Reply(
            Table: new Table(
                all ? [.. columns, "Tokens", "Cost", "Project"] : columns,
                [.. rows.Select(row => Cells(row, all, conflicts[row.Id].Count > 0, context.Time))]),
            After: after.Count == 0 ? null : after,
            Data: data);
    }

    private static IReadOnlyList<Cell> Cells(SessionRow row, bool all, bool sharesFiles, TimeProvider time)
    {
        var state = Replies.State(row);
        List<Cell> cells =
        [
            new($"{row.Slot}"), new(row.Id), sharesFiles ? state with { Text = $"{state.Text} {SharesFiles}" } : state,
            new(Replies.Local(row.Created, time), "dim"), new(row.Summary),
        ];
        if (all)
        {
            cells.AddRange([new(UsageWords.Tokens(row.Usage)), new(UsageWords.Cost(row.Usage)), new(row.Project, "dim")]);
        }

        return cells;
    }

    // "≠ #1 touches files that 6b63bf5c touches too: src/a.cs, src/b.cs and 4 more".
    private static string Shares(SessionRow row, IReadOnlyList<FileConflict> conflicts, CommandContext context)
    {
        var others = conflicts.Select(conflict => conflict.Session).Distinct()
            .Select(id => context.Board.SlotOf(row.Project, id) is { } slot ? $"#{slot}" : id);
        var paths = conflicts.Select(conflict => Shown(row, conflict.Path)).Distinct().ToList();
        var more = paths.Count > NamedPaths ? $" and {paths.Count - NamedPaths} more" : "";
        return $"{SharesFiles} #{row.Slot} touches the same files as {string.Join(", ", others)}: {string.Join(", ", paths.Take(NamedPaths))}{more}";
    }

    private static string Shown(SessionRow row, string path) =>
        path.StartsWith(row.Project + "/", StringComparison.Ordinal) ? path[(row.Project.Length + 1)..] : path;

    private static void WriteRow(Utf8JsonWriter writer, SessionRow row, IReadOnlyList<FileConflict> conflicts)
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
        UsageWords.Write(writer, "usage", row.Usage);
        writer.WriteStartArray("conflicts");
        foreach (var conflict in conflicts)
        {
            writer.WriteStartObject();
            writer.WriteString("session", conflict.Session);
            writer.WriteString("path", Shown(row, conflict.Path));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
