using Berth.Core.Settings;

namespace Berth.Core.Instructions;

/// <summary>The tools that a definition leaves its sub-agent.</summary>
/// <param name="known">The names of all tools that a sub-agent may have.</param>
internal sealed class AgentTools(Definition definition, IReadOnlyList<string> known, List<SettingsWarning> problems)
{
    // Other programs' names (https://code.claude.com/docs/en/tools-reference). An empty one is passed over: what it stands
    // for is nothing that a sub-agent may have, or it comes with another.
    private static readonly Dictionary<string, string[]> Foreign = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Read"] = ["read"],
        ["NotebookRead"] = ["read"],
        ["Write"] = ["write"],
        ["Edit"] = ["edit"],
        ["MultiEdit"] = ["edit"],
        ["Grep"] = ["grep"],
        ["Glob"] = ["glob"],
        ["LS"] = ["glob", "read"],
        ["Bash"] = ["bash"],
        ["BashOutput"] = ["task_output", "task_status"],
        ["TaskOutput"] = ["task_output", "task_status"],
        ["KillShell"] = ["task_stop"],
        ["KillBash"] = ["task_stop"],
        ["TaskStop"] = ["task_stop"],
        ["WebFetch"] = ["web_fetch"],
        ["TodoWrite"] = ["todo"],
        ["TodoRead"] = ["todo"],
        ["Task"] = [],
        ["Agent"] = [],
        ["RunSubagents"] = [],
    };

    // Who may start a command may see to it.
    private static readonly string[] WithBash = ["task_status", "task_output", "task_stop"];

    /// <summary>The names; null: all that a sub-agent may have.</summary>
    public IReadOnlyList<string>? Read()
    {
        var allowed = Names("tools");
        var denied = Names("disallowedtools") ?? [];
        if (allowed is null && denied.Count == 0)
        {
            return null;
        }

        return [.. known.Where(name => (allowed is null || allowed.Contains(name)) && !denied.Contains(name))];
    }

    private HashSet<string>? Names(string field)
    {
        if (definition.Text.List(field) is not { } words || words is ["*"] or ["all"])
        {
            return null;
        }

        var names = new HashSet<string>();
        foreach (var word in words)
        {
            names.UnionWith(Of(word, field));
        }

        if (names.Contains("bash") && field == "tools")
        {
            names.UnionWith(WithBash);
        }

        return names;
    }

    private IEnumerable<string> Of(string word, string field)
    {
        var own = known.FirstOrDefault(name => string.Equals(name, word, StringComparison.OrdinalIgnoreCase));
        var names = own is not null ? [own] : Foreign.GetValueOrDefault(word);
        if (names is null)
        {
            problems.Add(definition.Problem(
                $"there is no tool '{Shown.Line(word, 64)}' here{Nearest.Question(word, known)}{(field == "tools" ? "; it is left out" : "")}", field));
        }

        return names ?? [];
    }
}
