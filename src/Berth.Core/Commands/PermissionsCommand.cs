using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/permissions</c>: the rules in force and where each comes from.</summary>
internal static class PermissionsCommand
{
    private const string Prefix = "permissions.";

    public static Command Row { get; } = new(
        "permissions", "the rules in force; allow, ask, deny",
        [
            new("/permissions", "the mode and the rules in force, with their origin"),
            new("/permissions /allow [/global] RULE", "do it without asking"),
            new("/permissions /ask [/global] RULE", "always ask"),
            new("/permissions /deny [/global] RULE", "never do it"),
            new("/permissions /remove [/global] RULE", "take a rule back"),
            new("/permissions /check 'CMD'", "what would happen to a bash line, and why"),
        ],
        RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line) => line.SubCommand switch
    {
        "" when line.Count == 0 => Task.FromResult(List(context)),
        "list" when line.Count == 1 => Task.FromResult(List(context)),
        "allow" or "ask" or "deny" => AddAsync(context, line),
        "remove" => RemoveAsync(context, line),
        "check" when line.Count > 1 => CheckAsync(context, line),
        _ => Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is not understood.", string.Join(", ", Row.Forms.Select(f => f.Usage)))),
    };

    private static Reply List(CommandContext context)
    {
        var config = context.Settings.Config.Get(new Project(context.Project));
        var rows = new (string Effect, IReadOnlyList<ConfigRule> Rules)[] { ("deny", config.Deny), ("ask", config.Ask), ("allow", config.Allow) }
            .SelectMany(group => group.Rules.Select(rule => (group.Effect, rule.Text, Origin: rule.Origin.ToString().ToLowerInvariant())))
            .ToList();
        return new Reply(
            [$"Mode: {PermissionModes.Word(config.PermissionMode)}"],
            rows.Count == 0 ? null : new Table(
                ["", "Rule", "From"],
                [.. rows.Select(r => (IReadOnlyList<Cell>)[new(r.Effect, r.Effect == "deny" ? "error" : null), new(r.Text), new(r.Origin, "dim")])]),
            Data: Replies.JsonRows(rows, (w, r) =>
            {
                w.WriteString("effect", r.Effect);
                w.WriteString("rule", r.Text);
                w.WriteString("origin", r.Origin);
            }));
    }

    private static async Task<Reply> CheckAsync(CommandContext context, CommandLine line)
    {
        var command = line.Count == 2 ? line[1] : line.RestAfter(1);
        var facts = context.Session is { } session
            ? await session.FactsAsync(context.Environment).ConfigureAwait(false)
            : new SessionFacts("", context.Project, context.Environment.Directory, null, null, [], context.Environment);
        var decision = context.Sessions.Policy.Decide(facts, "bash", new Permissions.CommandAction(command));
        var rule = decision.Rule is { } placed ? $" (rule {placed.Rule})" : "";
        return new Reply(
            [$"{decision.Verdict.ToString().ToLowerInvariant()}: {decision.Why}{rule}"],
            Data: System.Text.Json.JsonDocument.Parse(decision.Explain()).RootElement);
    }

    private static async Task<Reply> AddAsync(CommandContext context, CommandLine line)
    {
        var (project, rule) = Target(context, line);
        if (rule.Length == 0)
        {
            return Row.Wrong("The rule is missing.", $"/permissions /{line.SubCommand} [/global] RULE, for example bash(npm test*)");
        }

        if (!Permissions.PermissionRule.TryParse(rule, out _, out var error))
        {
            return Row.Wrong(error);
        }

        var added = await context.Settings.Config
            .AddAsync(project, Prefix + line.SubCommand, rule, CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines(added ? $"{line.SubCommand}: {rule}" : $"{line.SubCommand}: {rule} stands there already.");
    }

    private static async Task<Reply> RemoveAsync(CommandContext context, CommandLine line)
    {
        var (project, rule) = Target(context, line);
        if (rule.Length == 0)
        {
            return Row.Wrong("The rule is missing.", "/permissions /remove [/global] RULE");
        }

        var removed = new List<string>();
        foreach (var effect in new[] { "allow", "ask", "deny" })
        {
            if (await context.Settings.Config.RemoveAsync(project, Prefix + effect, rule, CancellationToken.None).ConfigureAwait(false))
            {
                removed.Add(effect);
            }
        }

        return removed.Count == 0
            ? Replies.Failed($"There is no rule {rule} here.", "/permissions lists them; /global names the ones for all projects.")
            : Replies.Lines($"Removed {rule} from {string.Join(", ", removed)}.");
    }

    private static (Project? Project, string Rule) Target(CommandContext context, CommandLine line)
    {
        var global = line.Is(1, "global");
        return (global ? null : new Project(context.Project), line.RestAfter(global ? 2 : 1).Trim('"'));
    }
}
