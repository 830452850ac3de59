using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/skills</c>: what sessions that begin now are told of, and what is broken.</summary>
internal static class SkillsCommand
{
    public static Command Row { get; } = new(
        "skills", "the skills that the model knows of, and where each is",
        [new("/skills", "the skills that a new session's model knows of, with their origin and with what is broken")], RunAsync);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 0)
        {
            return Task.FromResult(Row.Wrong($"'{line.RestAfter(0)}' is too much."));
        }

        var project = new Project(context.Session?.Project ?? context.Project);
        var scope = context.Settings.Scope(project, context.Environment.Variables);
        var set = Skills.Of(scope);
        var rows = set.Found.Select(s => (IReadOnlyList<Cell>)[new(s.Name), new(s.Place.Origin, "dim"), new(s.Description, "dim")]);
        return Task.FromResult(new Reply(
            Lines: set.Found.Count > 0 ? null : [$"No skills. They are folders with a SKILL.md in {string.Join(", ", scope.Skills.Select(p => p.Origin))}."],
            Table: set.Found.Count > 0 ? new Table(["Name", "Origin", "Description"], [.. rows]) : null,
            After: [.. set.Problems.Select(p => p.ToString()), .. Untrusted(scope)],
            Data: Replies.Json(w => Write(w, set))));
    }

    private static IEnumerable<string> Untrusted(DefinitionScope scope) => scope.IsTrusted
        ? []
        : (scope with { IsTrusted = true }).Skills.Where(p => p.Within is not null && Directory.Exists(p.Directory))
            .Select(p => $"{p.Origin} is not used before this project is trusted: /trust");

    private static void Write(System.Text.Json.Utf8JsonWriter w, SkillSet set)
    {
        w.WriteStartArray();
        foreach (var skill in set.Found)
        {
            w.WriteStartObject();
            w.WriteString("name", skill.Name);
            w.WriteString("description", skill.Description);
            w.WriteString("origin", skill.Place.Origin);
            w.WriteString("file", skill.File);
            w.WriteEndObject();
        }

        w.WriteEndArray();
    }
}
