namespace Berth.Core.Settings;

/// <summary>Where a value in force comes from, in the order in which they count.</summary>
public enum ConfigOrigin
{
    /// <summary>The user's own settings for this project.</summary>
    User,

    /// <summary>The project's own file, once trusted.</summary>
    Project,

    /// <summary>The user's settings for all projects.</summary>
    Global,

    /// <summary>Nobody set it.</summary>
    Default,
}

/// <summary>One line of <c>/conf</c>.</summary>
/// <param name="Value">As people write it; a list as JSON; empty when there is none.</param>
/// <param name="File">The file it stands in; null for a default.</param>
public sealed record ConfigRow(string Key, string Value, ConfigOrigin Origin, string? File);

/// <summary>A permission rule as it stands in a file.</summary>
/// <param name="Text"><c>tool</c> or <c>tool(pattern)</c>; not checked here.</param>
public sealed record ConfigRule(string Text, ConfigOrigin Origin, string File);

/// <summary>All settings in force for a project at one moment.</summary>
public sealed record Config
{
    /// <summary>The default model's name; null when none is set.</summary>
    public string? Model { get; init; }

    /// <summary>The main agent's model while orchestration is on; null: <see cref="Model"/>.</summary>
    public string? CodeModel { get; init; }

    /// <summary>Whether the main agent hands work to sub-agents.</summary>
    public bool EnableSubagentOrchestration { get; init; }

    /// <summary>The mode of sessions that have none of their own. Never freer than ask when rules are lost.</summary>
    public PermissionMode PermissionMode { get; init; } = PermissionMode.Ask;

    /// <summary>Rules of all files, in their order.</summary>
    public IReadOnlyList<ConfigRule> Allow { get; init; } = [];

    /// <summary>Rules of all files, in their order.</summary>
    public IReadOnlyList<ConfigRule> Ask { get; init; } = [];

    /// <summary>Rules of all files, in their order.</summary>
    public IReadOnlyList<ConfigRule> Deny { get; init; } = [];

    /// <summary>
    /// A file that may hold rules was never seen whole, or holds a rule or mode that cannot be understood: nothing
    /// may be allowed that a lost deny rule might forbid.
    /// </summary>
    public bool RulesLost { get; init; }

    /// <summary>How long a command keeps the foreground.</summary>
    public TimeSpan AutoBackgroundAfter { get; init; } = Protocol.Limits.AutoBackgroundAfter;

    /// <summary>The share of a model's limit from which on a context is compacted by itself; null: never.</summary>
    public double? CompactAt { get; init; } = Protocol.Limits.CompactAt;

    /// <summary>Key variables that tools may see.</summary>
    public IReadOnlyList<string> PassEnv { get; init; } = [];

    /// <summary>Hosts in private networks that may be fetched from.</summary>
    public IReadOnlyList<string> PrivateHosts { get; init; } = [];

    /// <summary>What turns and sessions may use.</summary>
    public Budgets Budgets { get; init; } = Budgets.None;

    /// <summary>How the terminal calls its person.</summary>
    public NotifyMode Notify { get; init; }

    /// <summary>Keys by action, without the <c>keys.</c>.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>Every key with its value and where it comes from; a list has a row for each file that adds to it.</summary>
    public IReadOnlyList<ConfigRow> Rows { get; init; } = [];

    /// <summary>What is wrong in the files.</summary>
    public IReadOnlyList<SettingsWarning> Warnings { get; init; } = [];

    /// <summary>One line for people where the project has a file of its own and is not trusted; null else.</summary>
    public string? Untrusted { get; init; }
}
