using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/status</c>: where this session stands.</summary>
internal static class StatusCommand
{
    public static Command Row { get; } = new(
        "status", "model, directory, tokens, tasks of this session", [new("/status", "where this session stands")], RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 0)
        {
            return Row.Wrong($"'{line.RestAfter(0)}' is too much.");
        }

        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session here yet.");
        }

        var view = await session.ViewAsync(context.Environment).ConfigureAwait(false);
        var row = session.Row;
        var usage = row?.Usage ?? new();
        var project = (await context.Board.AllAsync(session.Project).ConfigureAwait(false)).ToList();
        var together = UsageWords.Sum(project);
        var facts = new (string Name, string Value)[]
        {
            ("session", row?.Name is { } name ? $"{session.Id} {name}" : session.Id),
            ("state", row?.State ?? "idle"),
            ("model", view.Model),
            ("permissions", view.PermissionMode),
            ("directory", session.Directory),
            ("turns", $"{row?.Turns ?? 0}"),
            ("tokens", UsageWords.Tokens(usage)),
            ("cost", usage.Cost is null ? "no prices are set for its models" : UsageWords.Cost(usage)),
            ("limits", Limits(context, session)),
            ("together", $"{project.Count:N0} sessions of this project: {UsageWords.Tokens(together)}, {UsageWords.Cost(together)}"),
            ("tasks", $"{row?.Tasks ?? 0} running"),
            ("daemon", $"pid {Environment.ProcessId}"),
        };
        return new Reply(
            Table: new Table(["", ""], [.. facts.Select(f => (IReadOnlyList<Cell>)[new(f.Name, "dim"), new(f.Value)])]),
            Data: Replies.Json(w =>
            {
                w.WriteStartObject();
                foreach (var (key, value) in facts)
                {
                    w.WriteString(key, value);
                }

                UsageWords.Write(w, "usage", usage);
                UsageWords.Write(w, "project_usage", together);

                w.WriteEndObject();
            }));
    }

    private static string Limits(CommandContext context, Session session)
    {
        var set = context.Settings.Config.Get(new Project(session.Project)).Rows
            .Where(row => row.Key.StartsWith("max_", StringComparison.Ordinal) && row.Value != "none")
            .Select(row => $"{row.Key}:{row.Value}")
            .ToList();
        return set.Count == 0 ? "none" : string.Join(", ", set);
    }
}
