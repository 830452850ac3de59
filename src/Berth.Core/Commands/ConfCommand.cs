using Berth.Core.Settings;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/conf</c>: the settings in force and where each comes from.</summary>
internal static class ConfCommand
{
    public static Command Row { get; } = new(
        "conf", "the settings in force; set and drop them",
        [
            new("/conf", "all settings with their origin"),
            new("/conf key:value", "set one for this project"),
            new("/conf /global key:value", "set one for all projects"),
            new("/conf [/global] /drop key", "take one back"),
        ],
        RunAsync);

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        var global = line.Is(0, "global");
        var at = global ? 1 : 0;
        var project = new Project(context.Project);
        if (line.Count == 0)
        {
            return List(context, project);
        }

        if (line.Is(at, "drop"))
        {
            if (line.Count != at + 2)
            {
                return Row.Wrong(line.Count < at + 2 ? "The key is missing." : "One key at a time.", "/conf [/global] /drop key");
            }

            var was = await context.Settings.Config
                .DropAsync(global ? null : project, line[at + 1], CancellationToken.None).ConfigureAwait(false);
            return Replies.Lines(was
                ? $"{line[at + 1]} is not set {Where(global)} any more."
                : $"{line[at + 1]} was not set {Where(global)}.");
        }

        var assignment = line.RestAfter(at);
        if (assignment.Length == 0)
        {
            return Row.Wrong("key:value is missing.", "/conf /global key:value");
        }

        var (key, value) = ConfigKeys.ParseAssignment(assignment.Trim('"'));
        if (key.Type is ConfigType.Model && value.Text.Length > 0)
        {
            context.Settings.RequireModel(value.Text, context.Environment.Variables);
        }

        await context.Settings.Config
            .SetAsync(global ? null : project, key.Name, value.Text, CancellationToken.None).ConfigureAwait(false);
        return Replies.Lines($"{key.Name}: {value.Text} ({Where(global)}). In force from the next turn on.");
    }

    private static string Where(bool global) => global ? "for all projects" : "for this project";

    private static Reply List(CommandContext context, Project project)
    {
        var config = context.Settings.Config.Get(project);
        var after = new List<string>(config.Warnings.Select(w => w.ToString()));
        if (config.Untrusted is { } untrusted)
        {
            after.Add(untrusted);
        }

        return new Reply(
            Table: new Table(
                ["Key", "Value", "From"],
                [.. config.Rows.Select(r => (IReadOnlyList<Cell>)
                    [new(r.Key, "bold"), new(r.Value), new(Origin(r.Origin), "dim")])]),
            After: after.Count == 0 ? null : after,
            Data: Replies.JsonRows(config.Rows, (w, r) =>
            {
                w.WriteString("key", r.Key);
                w.WriteString("value", r.Value);
                w.WriteString("origin", Origin(r.Origin));
                w.WriteString("file", r.File);
            }));
    }

    private static string Origin(ConfigOrigin origin) => origin switch
    {
        ConfigOrigin.User => "this project, yours",
        ConfigOrigin.Project => "the project",
        ConfigOrigin.Global => "global",
        _ => "default",
    };
}
