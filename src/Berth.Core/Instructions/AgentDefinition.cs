using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>A kind of sub-agent. It only narrows what its parent may do.</summary>
/// <param name="Name">What the model calls it by.</param>
/// <param name="Description">When to use it, for the model that chooses.</param>
/// <param name="Tools">The tools it is left; null: all that a sub-agent may have.</param>
/// <param name="Model">Its model's name; null: as configured.</param>
/// <param name="Mode">The permission mode that it never exceeds; null: its parent's.</param>
/// <param name="Text">What it is told.</param>
/// <param name="Origin">Where it is defined, for people.</param>
/// <param name="File">The file; null for a built-in one.</param>
public sealed record AgentDefinition(
    string Name, string Description, IReadOnlyList<string>? Tools, string? Model, string? Mode, string Text,
    string Origin, string? File)
{
    /// <summary>The one that is meant where no name is given.</summary>
    public const string General = "general";
}

/// <summary>The sub-agents that can be called.</summary>
/// <param name="All">In the order of their places; no two have the same name.</param>
/// <param name="Problems">What does not hold in their files.</param>
public sealed record AgentCatalog(IReadOnlyList<AgentDefinition> All, IReadOnlyList<SettingsWarning> Problems)
{
    /// <summary>The definition of a name; null when there is none.</summary>
    public AgentDefinition? Find(string name) =>
        All.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.OrdinalIgnoreCase));
}
