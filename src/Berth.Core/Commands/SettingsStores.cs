using Berth.Core.Instructions;
using Berth.Core.Settings;
using Berth.Platform;

namespace Berth.Core.Commands;

/// <summary>Configuration, trust and models: what commands read and change.</summary>
internal sealed record SettingsStores(ConfigStore Config, TrustStore Trust, ModelStore Models, ModelEdit Edit, BerthPaths Paths)
{
    /// <summary>Whose sub-agents, skills and custom commands count for a project and a terminal's variables.</summary>
    public DefinitionScope Scope(Project project, IReadOnlyDictionary<string, string> environment) =>
        new(project, Trust.IsTrusted(project), Paths.Config, environment.GetValueOrDefault("HOME") is ['/', ..] home ? home : null);

    /// <summary>Where the user's own instructions may be, the first that exists counts.</summary>
    public IReadOnlyList<string> UserInstructions(IReadOnlyDictionary<string, string> environment) =>
    [
        Path.Combine(Paths.Config, "AGENTS.md"), Path.Combine(Paths.Config, "CLAUDE.md"),
        .. environment.GetValueOrDefault("HOME") is ['/', ..] home ? [Path.Combine(home, ".claude", "CLAUDE.md")] : Array.Empty<string>(),
    ];

    /// <summary>The custom commands of a project and a terminal's variables.</summary>
    public CustomCommandSet CustomCommands(Project project, IReadOnlyDictionary<string, string> environment) =>
        Instructions.CustomCommands.Of(Scope(project, environment), name => CommandTable.Find(name) is not null);

    /// <summary>The names that can stand where a model is asked for.</summary>
    public IEnumerable<string> ModelNames(IReadOnlyDictionary<string, string> environment) =>
        Models.List().Select(m => m.Name)
            .Append(ModelStore.Demo.Name)
            .Concat(KnownProviders.All
                .Where(p => p.DefaultModel is not null && p.Variables.Any(environment.ContainsKey))
                .Select(p => $"{p.Name}/{p.DefaultModel}"));

    /// <summary>The model of a name.</summary>
    /// <exception cref="SettingsFailure">There is none; names the nearest.</exception>
    public ModelSettings RequireModel(string name, IReadOnlyDictionary<string, string> environment) =>
        Models.Find(name, environment) ?? throw Models.Unknown(name);
}
