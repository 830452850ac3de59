using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>Whose definitions are looked for: sub-agents, skills and custom commands.</summary>
/// <param name="Project">The session's project.</param>
/// <param name="IsTrusted">Whether the person trusts it; else nothing of it is looked at.</param>
/// <param name="Config">The user's directory of settings.</param>
/// <param name="Home">The user's home; null: only <paramref name="Config"/> is the user's.</param>
public sealed record DefinitionScope(Project Project, bool IsTrusted, string Config, string? Home)
{
    /// <summary>Where sub-agents are defined.</summary>
    public IReadOnlyList<DefinitionPlace> Agents => Places(
        "agents", [".berth/agents", ".claude/agents", ".autocoderagents"], [".claude/agents"]);

    /// <summary>Where skills are.</summary>
    public IReadOnlyList<DefinitionPlace> Skills => Places(
        "skills", [".berth/skills", ".agents/skills", ".claude/skills"], [".agents/skills", ".claude/skills"]);

    /// <summary>Where custom commands are.</summary>
    public IReadOnlyList<DefinitionPlace> Commands => Places(
        "commands", [".berth/commands", ".claude/commands"], [".claude/commands"]);

    /// <summary>The nearest first: of two definitions with one name, the one in the earlier place counts.</summary>
    private List<DefinitionPlace> Places(string own, string[] ofProject, string[] ofHome)
    {
        var places = new List<DefinitionPlace>();
        if (IsTrusted)
        {
            places.AddRange(ofProject.Select(
                path => new DefinitionPlace(Path.Combine(Project.Root, path), path, Project.Root)));
        }

        places.Add(new DefinitionPlace(Path.Combine(Config, own), Short(Path.Combine(Config, own))));

        // Where the home itself is the project, its folders are the project's.
        if (Home is not null && (!IsTrusted || Home != Project.Root))
        {
            places.AddRange(ofHome.Select(path => new DefinitionPlace(Path.Combine(Home, path), $"~/{path}")));
        }

        return places;
    }

    private string Short(string path) =>
        Home is { Length: > 1 } && RealPath.IsWithin(path, Home) ? $"~{path[Home.Length..]}" : path;
}

/// <summary>A folder that may hold definitions.</summary>
/// <param name="Directory">Absolute; it need not exist.</param>
/// <param name="Origin">How people are told of it: <c>.berth/agents</c> is the project's, <c>~/…</c> the user's.</param>
/// <param name="Within">A project's root, which links must not lead out of; null: the user's own.</param>
public sealed record DefinitionPlace(string Directory, string Origin, string? Within = null)
{
    /// <summary>What is wrong with a path of a project's place that a link leads out of it; null: nothing.</summary>
    internal SettingsWarning? LeavesIt(string path) => Within is { } root && !RealPath.IsWithin(RealPath.Of(path), root)
        ? new SettingsWarning(path, null, null, "left out: a link that leads out of the project")
        : null;
}
