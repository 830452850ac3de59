using System.Globalization;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary><c>/status</c>: where this session stands.</summary>
internal static class StatusCommand
{
    public static Command Row { get; } = new(
        "status", "model, directory, context, tokens, cost, time, tasks of this session, and the daemon", [new("/status", "where this session stands")], RunAsync);

    // Off is as if it did not exist.
    private static (string Name, string Value)[] Orchestration(Sessions.SessionView view) =>
        view.Orchestrates ? [("orchestration", "on")] : [];

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
        var tokens = await session.ContextTokensAsync().ConfigureAwait(false);
        var row = session.Row;
        var usage = row?.Usage ?? new();
        var project = (await context.Board.AllAsync(session.Project).ConfigureAwait(false)).ToList();
        var together = UsageWords.Sum(project);
        (string Name, string Value)[] facts =
        [
            ("session", row?.Name is { } name ? $"{session.Id} {name}" : session.Id),
            ("state", row?.State ?? "idle"),
            ("model", view.Model),
            ("context", ContextOf(tokens, view.ContextLimit)),
            ("permissions", view.PermissionMode),
            .. Orchestration(view),
            ("directory", session.Directory),
            ("turns", $"{row?.Turns ?? 0}"),
            ("tokens", UsageWords.Tokens(usage)),
            ("cost", usage.Cost is null ? "no prices are set for its models" : UsageWords.Cost(usage)),
            ("limits", Limits(context, session)),
            ("together", $"{project.Count:N0} session{(project.Count == 1 ? "" : "s")} of this project: {UsageWords.Tokens(together)}, {UsageWords.Cost(together)}"),
            ("time", TimeOf(view, row, context.Time)),
            ("tasks", $"{row?.Tasks ?? 0} running"),
            ("daemon", DaemonOf(context.Daemon?.Invoke())),
        ];
        return new Reply(
            Table: new Table(["", ""], [.. facts.Select(f => (IReadOnlyList<Cell>)[new(f.Name, "dim"), new(f.Value)])]),
            Data: Replies.Json(w =>
            {
                w.WriteStartObject();
                foreach (var (key, value) in facts)
                {
                    w.WriteString(key, value);
                }

                w.WriteNumber("context_tokens", tokens);
                if (view.ContextLimit is { } limit)
                {
                    w.WriteNumber("context_limit", limit);
                }
                else
                {
                    w.WriteNull("context_limit");
                }

                UsageWords.Write(w, "usage", usage);
                UsageWords.Write(w, "project_usage", together);

                w.WriteEndObject();
            }));
    }

    private static string ContextOf(long tokens, long? most) => most is { } limit
        ? string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} of {limit:N0} tokens ({100.0 * tokens / limit:0}%)")
        : string.Create(CultureInfo.InvariantCulture, $"{tokens:N0} tokens; how many the model takes is not known");

    private static string TimeOf(SessionView view, SessionRow? row, TimeProvider time) => row is null
        ? "nothing was said yet"
        : $"begun {Replies.Local(row.Created, time)}, last changed {Replies.Local(row.Updated, time)}"
            + (view.TurnBegan is { } began ? $"; a turn runs for {Math.Max(0, (time.GetUtcNow() - began).TotalSeconds):0} s" : "");

    private static string DaemonOf(DaemonStatus? daemon) => daemon is null
        ? $"pid {Environment.ProcessId}"
        : $"pid {daemon.Pid}, Berth {daemon.Version}, up {daemon.UptimeS / 3600}h {daemon.UptimeS / 60 % 60:00}m, {daemon.MemoryMb} MB, "
            + $"{daemon.Sessions} running or waiting";

    private static string Limits(CommandContext context, Session session)
    {
        var set = context.Settings.Config.Get(new Project(session.Project)).Rows
            .Where(row => row.Key.StartsWith("max_", StringComparison.Ordinal) && row.Value != "none")
            .Select(row => $"{row.Key}:{row.Value}")
            .ToList();
        return set.Count == 0 ? "none" : string.Join(", ", set);
    }
}
