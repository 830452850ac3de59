namespace Berth.Core.Settings;

/// <summary>One config file on its place in the order.</summary>
internal sealed record ConfigSource(ConfigOrigin Origin, string File, SettingsReading<ConfigLayer> Reading);

/// <summary>
/// Several files become what is in force: for a single value the first file that sets it counts; permission rules of
/// all files hold together, since deny beats ask beats allow wherever each stands.
/// </summary>
internal static class ConfigMerge
{
    /// <summary>Merges.</summary>
    /// <param name="sources">The files, the one that counts first at the beginning.</param>
    public static Config Of(IReadOnlyList<ConfigSource> sources, string? untrusted)
    {
        var rows = new List<ConfigRow>();
        foreach (var key in ConfigKeys.All)
        {
            rows.AddRange(key.Type switch
            {
                ConfigType.Rules => AllOf(key, sources),
                ConfigType.Binding => Bound(sources).Select(name => FirstOf(key with { Name = name }, sources)),
                _ => [FirstOf(key, sources)],
            });
        }

        var lost = sources.Any(source => source.Reading.Lost || source.Reading.Value.RulesDamaged);
        var mode = PermissionModes.Parse(Value(rows, "permission_mode"))!.Value;
        if (lost && mode > PermissionMode.Ask)
        {
            mode = PermissionMode.Ask;
            rows[rows.FindIndex(row => row.Key == "permission_mode")] =
                new ConfigRow("permission_mode", PermissionModes.Word(mode), ConfigOrigin.Default, null);
        }

        return new Config
        {
            Model = NullIfEmpty(Value(rows, "model")),
            CodeModel = NullIfEmpty(Value(rows, "code_model")),
            EnableSubagentOrchestration = Value(rows, "enable_subagent_orchestration") == "true",
            PermissionMode = mode,
            Allow = Rules("permissions.allow", sources),
            Ask = Rules("permissions.ask", sources),
            Deny = Rules("permissions.deny", sources),
            RulesLost = lost,
            AutoBackgroundAfter = ConfigValues.Duration(Value(rows, "auto_background_after"))!.Value,
            CompactAt = ConfigValues.Share(Value(rows, "compact_at")),
            PassEnv = Items("pass_env", sources),
            PrivateHosts = Items("private_hosts", sources),
            Budgets = new Budgets
            {
                TurnSteps = ConfigValues.Count(Value(rows, "max_turn_steps")),
                TurnTokens = ConfigValues.Count(Value(rows, "max_turn_tokens")),
                TurnCost = ConfigValues.Amount(Value(rows, "max_turn_cost")),
                Steps = ConfigValues.Count(Value(rows, "max_steps")),
                Tokens = ConfigValues.Count(Value(rows, "max_tokens")),
                Cost = ConfigValues.Amount(Value(rows, "max_cost")),
            },
            Notify = (NotifyMode)NotifyModes.Words.ToList().IndexOf(Value(rows, "notify")),
            Keys = rows.Where(row => row.Key.StartsWith("keys.")).ToDictionary(row => row.Key[5..], row => row.Value),
            Rows = rows,
            Warnings = [.. sources.SelectMany(Warnings), .. Twice(rows)],
            Untrusted = untrusted,
        };
    }

    private static IReadOnlyList<string> Items(string key, IReadOnlyList<ConfigSource> sources) => sources
        .Select(source => source.Reading.Value.Values.GetValueOrDefault(key))
        .FirstOrDefault(value => value is not null)?.Items ?? [];

    private static ConfigRow FirstOf(ConfigKey key, IReadOnlyList<ConfigSource> sources)
    {
        foreach (var source in sources)
        {
            if (source.Reading.Value.Values.TryGetValue(key.Name, out var value))
            {
                return new ConfigRow(key.Name, value.Text, source.Origin, source.File);
            }
        }

        return new ConfigRow(key.Name, key.Default, ConfigOrigin.Default, null);
    }

    private static IEnumerable<ConfigRow> AllOf(ConfigKey key, IReadOnlyList<ConfigSource> sources)
    {
        var rows = new List<ConfigRow>();
        foreach (var source in sources)
        {
            if (source.Reading.Value.Values.TryGetValue(key.Name, out var value))
            {
                rows.Add(new ConfigRow(key.Name, value.Text, source.Origin, source.File));
            }
        }

        return rows.Count > 0 ? rows : [new ConfigRow(key.Name, key.Default, ConfigOrigin.Default, null)];
    }

    private static IReadOnlyList<ConfigRule> Rules(string key, IReadOnlyList<ConfigSource> sources) =>
    [
        .. sources.SelectMany(source =>
            source.Reading.Value.Values.TryGetValue(key, out var value)
                ? value.Items.Select(rule => new ConfigRule(rule, source.Origin, source.File))
                : []),
    ];

    private static IEnumerable<string> Bound(IReadOnlyList<ConfigSource> sources) => sources
        .SelectMany(source => source.Reading.Value.Values.Keys)
        .Where(name => name.StartsWith("keys."))
        .Distinct()
        .Order();

    private static IEnumerable<SettingsWarning> Warnings(ConfigSource source) => source.Reading.Broken is { } broken
        ? [broken]
        : source.Reading.Value.Warnings;

    // Two actions on one key: the first in the alphabet has it, and the person is told.
    private static IEnumerable<SettingsWarning> Twice(List<ConfigRow> rows) => rows
        .Where(row => row is { File: not null } && row.Key.StartsWith("keys.", StringComparison.Ordinal) && row.Value != KeyBinding.None)
        .SelectMany(row => row.Value.Split(", ").Select(keys => (Keys: keys, Row: row)))
        .GroupBy(bound => bound.Keys)
        .Where(group => group.Count() > 1)
        .Select(group => new SettingsWarning(
            group.Last().Row.File!, null, null,
            $"{group.Key} is bound to {string.Join(" and ", group.Select(bound => bound.Row.Key))}; {group.First().Row.Key} has it"));

    private static string Value(List<ConfigRow> rows, string key) => rows.First(row => row.Key == key).Value;

    private static string? NullIfEmpty(string value) => value.Length == 0 ? null : value;
}
