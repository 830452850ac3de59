using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>What definitions are held against: the tools there are, and the models.</summary>
/// <param name="Tools">The names of all tools that a sub-agent may have.</param>
/// <param name="ModelProblem">Why there is no model of a name; null when there is.</param>
public sealed record AgentBounds(IReadOnlyList<string> Tools, Func<string, string?> ModelProblem);

/// <summary>
/// Reads the definitions of sub-agents: our own front matter (<c>name</c>, <c>description</c>, <c>tools</c>,
/// <c>model</c>), and that of other programs (https://code.claude.com/docs/en/sub-agents), whose words for tools, models
/// and modes are taken as ours where there is one of the kind. What is not known narrows: it never gives more.
/// </summary>
public static class AgentDefinitions
{
    private const int LongestName = 64;
    private const int LongestDescription = 1_000;
    private static readonly string[] BuiltIn = ["explore", "general", "verify"];

    /// <summary>All that can be called in a scope: of two with one name the nearer one.</summary>
    public static AgentCatalog Of(DefinitionScope scope, AgentBounds bounds)
    {
        var set = Definitions.Files(scope.Agents);
        var all = new List<AgentDefinition>();
        var problems = new List<SettingsWarning>(set.Problems);
        foreach (var definition in set.Found)
        {
            if (Read(definition, bounds, problems) is not { } agent)
            {
                continue;
            }

            if (all.Find(a => Same(a.Name, agent.Name)) is { } nearer)
            {
                problems.Add(definition.Problem($"'{agent.Name}' is defined in {nearer.File} already, which counts", "name"));
                continue;
            }

            all.Add(agent);
        }

        all.AddRange(BuiltIn.Select(name => BuiltInAgent(name, bounds)).Where(b => !all.Exists(a => Same(a.Name, b.Name))));
        return new AgentCatalog(all, problems);
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static AgentDefinition? Read(Definition definition, AgentBounds bounds, List<SettingsWarning> problems)
    {
        var text = definition.Text;
        var name = text.Text("name") ?? definition.Name;
        if (name.Length > LongestName || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or ':' or '.'))
        {
            problems.Add(definition.Problem(
                $"'{Shown.Line(name, LongestName)}' is no name of a sub-agent: letters, digits, '-', '_', '.' and ':', at most {LongestName}", "name"));
            return null;
        }

        var description = text.Text("description");
        if (description is null)
        {
            problems.Add(definition.Problem("has no 'description': the model cannot tell when to use it"));
        }

        var tools = new AgentTools(definition, bounds.Tools, problems).Read();
        return new AgentDefinition(
            name, CleanText.Line(Cut(description ?? "")), tools, ModelOf(definition, bounds, problems),
            ModeOf(definition, problems), text.Body, definition.Place.Origin, definition.Path);
    }

    private static string Cut(string description) =>
        description.Length <= LongestDescription ? description : description[..LongestDescription] + "…";

    // Other programs have names for models that say nothing here; a model that our own file asks for must be there.
    private static string? ModelOf(Definition definition, AgentBounds bounds, List<SettingsWarning> problems)
    {
        var model = definition.Text.Text("model");
        if (model is null or "inherit" || bounds.ModelProblem(model) is not { } problem)
        {
            return model is "inherit" ? null : model;
        }

        if (IsForeign(definition))
        {
            problems.Add(definition.Problem($"the model '{Shown.Line(model, LongestName)}' is not known here: the configured one is used", "model"));
            return null;
        }

        problems.Add(definition.Problem(problem, "model"));
        return model;
    }

    private static string? ModeOf(Definition definition, List<SettingsWarning> problems)
    {
        var field = definition.Text.Field("permission_mode") ?? definition.Text.Field("permissionmode");
        if (field is null || field.Text.Length == 0)
        {
            return null;
        }

        var word = field.Text switch
        {
            "default" => "ask",
            "acceptEdits" => "accept_edits",
            "bypassPermissions" or "dontAsk" => "bypass",
            var other => other,
        };
        if (PermissionModes.Parse(word) is not null)
        {
            return word;
        }

        problems.Add(definition.Problem($"'{Shown.Line(word, LongestName)}' is no permission mode: it only reads", field.Name));
        return PermissionModes.Word(PermissionMode.Plan);
    }

    private static bool IsForeign(Definition definition) =>
        definition.Place.Origin.Contains(".claude/") || definition.Place.Origin.Contains(".autocoderagents");

    private static AgentDefinition BuiltInAgent(string name, AgentBounds bounds)
    {
        var resource = $"Berth.Core.Instructions.Agents.{name}.md";
        using var stream = typeof(AgentDefinitions).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{resource} is not in the assembly");
        using var reader = new StreamReader(stream);
        var text = FrontMatter.Parse(reader.ReadToEnd().ReplaceLineEndings("\n"), resource, out var problem)
            ?? throw new InvalidOperationException($"{resource}: {problem}");
        var tools = text.List("tools")?.Where(bounds.Tools.Contains).ToArray();
        return new AgentDefinition(
            name, text.Text("description")!, tools, null, text.Text("permission_mode"), text.Body, "built in", null);
    }
}
