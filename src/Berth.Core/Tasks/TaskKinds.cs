namespace Berth.Core.Tasks;

/// <summary>What a task can be.</summary>
public static class TaskKinds
{
    /// <summary>A shell command.</summary>
    public const string Shell = "shell";

    /// <summary>A group of sub-agents.</summary>
    public const string Agents = "agents";
}
