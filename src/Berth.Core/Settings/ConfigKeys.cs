using Berth.Protocol;

namespace Berth.Core.Settings;

/// <summary>Every key of a config file, in the order people see them.</summary>
public static class ConfigKeys
{
    private const string Bindings = "keys.";
    private const int LongestShown = 80;

    /// <summary>The table. Help, completion, checks and the documentation come from it.</summary>
    public static IReadOnlyList<ConfigKey> All { get; } =
    [
        new("model", ConfigType.Model, "", "The model of every session and sub-agent that has none of its own.", []),
        new("code_model", ConfigType.Model, "",
            "The main agent's model while orchestration is on; without it, model.", []),
        new("enable_subagent_orchestration", ConfigType.Flag, "false",
            "The main agent splits the work and hands the parts to sub-agents.", ["true", "false"]),
        new("permission_mode", ConfigType.Word, "ask",
            "What happens without a rule: plan only reads, ask asks, accept_edits edits the project, bypass asks nothing.",
            PermissionModes.Words),
        new("permissions.allow", ConfigType.Rules, "[]", "What may be done without asking, as bash(npm test*).", []),
        new("permissions.ask", ConfigType.Rules, "[]", "What is asked about even where it would be allowed.", []),
        new("permissions.deny", ConfigType.Rules, "[]", "What is never done, in every mode.", []),
        new("auto_background_after", ConfigType.Duration, $"{Limits.AutoBackgroundAfter.TotalSeconds}s",
            "A command that runs this long goes to the background by itself.", []),
        new("compact_at", ConfigType.Share, $"{Limits.CompactAt * 100:0}%",
            "From this share of the model's context on, a session is compacted by itself; none: only by /compact.", ["none"]),
        new("pass_env", ConfigType.Variables, "[]",
            "Variables behind model keys that tools may see all the same.", []),
        new("private_hosts", ConfigType.Hosts, "[]",
            "Hosts of this machine or a private network that web_fetch may reach, as localhost or *.corp.example.", []),
        new("max_turn_steps", ConfigType.Count, "none", "A turn ends after this many answers of the model.", ["none"]),
        new("max_turn_tokens", ConfigType.Count, "none", "A turn ends after this many tokens, in and out.", ["none"]),
        new("max_turn_cost", ConfigType.Amount, "none",
            "A turn ends at this many dollars, where prices are set.", ["none"]),
        new("max_steps", ConfigType.Count, "none", "A session ends its turn after this many answers of the model.", ["none"]),
        new("max_tokens", ConfigType.Count, "none", "A session ends its turn after this many tokens, in and out.", ["none"]),
        new("max_cost", ConfigType.Amount, "none",
            "A session ends its turn at this many dollars, where prices are set.", ["none"]),
        new("notify", ConfigType.Word, "bell",
            "How the terminal says that a background session ended or needs an answer.", NotifyModes.Words),
        new("keys.*", ConfigType.Binding, "", "The keys of an action, as keys.background:ctrl+x b; none: no key.", ["none"]),
    ];

    /// <summary>The row for a name, with the name itself in place of <c>*</c>; null when there is none.</summary>
    public static ConfigKey? Find(string name)
    {
        foreach (var key in All)
        {
            if (key.Name == name && key.Type != ConfigType.Binding)
            {
                return key;
            }
        }

        return name.StartsWith(Bindings) && KeyActions.Find(name[Bindings.Length..]) is { } action
            ? All[^1] with { Name = name, Default = action.Keys, About = $"Keys to {action.About}; without it {action.Keys}." }
            : null;
    }

    /// <summary>Every name that a value can be given to: the table, with a row for each action in place of <c>keys.*</c>.</summary>
    public static IEnumerable<ConfigKey> Named =>
        All.Where(key => key.Type != ConfigType.Binding).Concat(KeyActions.All.Select(action => Find(Bindings + action.Name)!));

    /// <summary>The row for a name.</summary>
    /// <exception cref="SettingsFailure">There is none; names the nearest.</exception>
    public static ConfigKey Require(string name) => Find(name) ?? throw Unknown(name);

    /// <summary>Reads <c>key:value</c>.</summary>
    /// <exception cref="SettingsFailure">It is not of this form, the key is unknown or the value is none of its.</exception>
    public static (ConfigKey Key, ConfigValue Value) ParseAssignment(string text)
    {
        var colon = text.IndexOf(':');
        if (colon < 0)
        {
            var key = Require(text.Trim());
            throw new SettingsFailure($"'{key.Name}' needs a value", $"/conf {key.Name}:{ConfigValues.Example(key)}");
        }

        var found = Require(text[..colon].Trim());
        return (found, ConfigValues.Parse(found, text[(colon + 1)..]));
    }

    /// <summary>What is said about a name that is no key.</summary>
    internal static SettingsFailure Unknown(string name)
    {
        var shown = Shown.Line(name, LongestShown);
        var names = name.StartsWith(Bindings) ? Named.Select(key => key.Name) : All.Select(key => key.Name);
        return new SettingsFailure($"unknown key '{shown}'{Nearest.Question(name, names)}", "/conf lists the keys");
    }
}
