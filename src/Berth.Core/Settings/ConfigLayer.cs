namespace Berth.Core.Settings;

/// <summary>What one config file sets.</summary>
/// <param name="Values">By key; only what is a value of its key.</param>
/// <param name="Warnings">What does not hold, each with its place.</param>
/// <param name="RulesDamaged">Something that restricts could not be understood: a rule, a mode, a name near theirs.</param>
internal sealed record ConfigLayer(
    IReadOnlyDictionary<string, ConfigValue> Values, IReadOnlyList<SettingsWarning> Warnings, bool RulesDamaged)
{
    private const string Rules = "permissions";

    /// <summary>Sections whose members are keys. The key may also stand at the top with its whole name.</summary>
    private static readonly string[] Sections = [Rules, "keys"];

    /// <summary>Fields that say something to people or editors only.</summary>
    private static readonly string[] Remarks = ["project", "$schema"];

    /// <summary>A file that is not there.</summary>
    public static ConfigLayer Empty { get; } = new(new Dictionary<string, ConfigValue>(), [], RulesDamaged: false);

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="PlacedJsonException">The text is no object.</exception>
    public static ConfigLayer Read(PlacedJson text, string path)
    {
        var reader = new Reader(text, path);
        reader.All();
        return new ConfigLayer(reader.Values, reader.Warnings, reader.Damaged);
    }

    private sealed class Reader(PlacedJson text, string path)
    {
        public Dictionary<string, ConfigValue> Values { get; } = [];

        public List<SettingsWarning> Warnings { get; } = [];

        public bool Damaged { get; private set; }

        public void All()
        {
            text.RequireObject();
            foreach (var member in text.Root.Members)
            {
                if (Sections.Contains(member.Name))
                {
                    Section(member);
                }
                else if (!Remarks.Contains(member.Name))
                {
                    One(member.Name, member.Start, member.Value);
                }
            }
        }

        private void Section(PlacedMember section)
        {
            if (!section.Value.IsObject)
            {
                Warn(section.Value.Start, $"'{section.Name}' must be an object {{…}}", section.Name == Rules);
                return;
            }

            foreach (var member in section.Value.Members)
            {
                One($"{section.Name}.{member.Name}", member.Start, member.Value);
            }
        }

        private void One(string name, int start, PlacedValue value)
        {
            if (ConfigKeys.Find(name) is not { } key)
            {
                var near = Nearest.Of(name, [.. ConfigKeys.All.Select(one => one.Name), .. Sections]);
                Warn(start, ConfigKeys.Unknown(name).Message,
                    name.StartsWith(Rules) || near.Any(one => one.StartsWith("permission")));
                return;
            }

            if (value.Kind == System.Text.Json.JsonTokenType.Null)
            {
                return;
            }

            try
            {
                Values[name] = key.Type == ConfigType.Rules && value.IsArray
                    ? EachRule(key, value)
                    : ConfigValues.Read(key, value);
            }
            catch (SettingsFailure failure)
            {
                Warn(value.Start, failure.Message, Restricts(name));
            }
        }

        /// <summary>A rule that is none does not take the others with it.</summary>
        private ConfigValue EachRule(ConfigKey key, PlacedValue list)
        {
            var rules = new List<string>();
            foreach (var item in list.Items)
            {
                try
                {
                    rules.Add(ConfigValues.Read(key, item).Items[0]);
                }
                catch (SettingsFailure failure)
                {
                    Warn(item.Start, failure.Message, Restricts(key.Name));
                }
            }

            return new ConfigValue(JsonEdit.Array(rules), rules);
        }

        /// <summary>Whether forgetting this key could allow something.</summary>
        private static bool Restricts(string name) =>
            name is "permission_mode" or "permissions.ask" or "permissions.deny";

        private void Warn(int offset, string what, bool damaged)
        {
            var (line, column) = text.Place(offset);
            Warnings.Add(new SettingsWarning(path, line, column, what));
            Damaged |= damaged;
        }
    }
}
