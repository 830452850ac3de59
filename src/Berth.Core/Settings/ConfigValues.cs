using System.Globalization;
using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>Checks values against their keys: what people type, and what stands in a file.</summary>
public static class ConfigValues
{
    private const int LongestText = 200;
    private const int LongestRule = 2_000;
    private const int MostItems = 1_000;
    private const string None = "none";
    private static readonly TimeSpan LongestDuration = TimeSpan.FromHours(24);

    /// <summary>
    /// Checks a typed value. A list is given as JSON (<c>["a","b"]</c>), as one item, or, for variables, with commas.
    /// </summary>
    /// <exception cref="SettingsFailure">It is no value of this key; says what would be.</exception>
    public static ConfigValue Parse(ConfigKey key, string text)
    {
        text = text.Trim();
        if (text.Length == 0)
        {
            throw new SettingsFailure(
                $"'{key.Name}' needs a value: {Wanted(key)}", $"/conf /drop {key.Name} takes it out");
        }

        return key.IsList ? List(key, Split(key, text)) : new ConfigValue(Checked(key, text), []);
    }

    /// <summary>Checks one item of a list.</summary>
    /// <exception cref="SettingsFailure">The key has no lists, or it is no item of its.</exception>
    public static string ParseItem(ConfigKey key, string item) =>
        key.IsList ? Item(key, item.Trim()) : throw NoList(key);

    /// <summary>A time as config files have it: numbers with ms, s, m or h; a number alone is seconds.</summary>
    /// <returns>Null when it is none, or longer than TimeSpan can say.</returns>
    public static TimeSpan? Duration(string text)
    {
        var total = 0m;
        var rest = text.AsSpan().Trim();
        if (rest.Length is 0 or > 32)
        {
            return null;
        }

        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            digits = digits < 0 ? rest.Length : digits;
            if (!decimal.TryParse(
                rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            rest = rest[digits..];
            var letters = rest.IndexOfAnyInRange('0', '9');
            letters = letters < 0 ? rest.Length : letters;
            decimal? milliseconds = rest[..letters] switch
            {
                "" when digits == text.Trim().Length => 1_000,
                "ms" => 1,
                "s" => 1_000,
                "m" => 60_000,
                "h" => 3_600_000,
                _ => null,
            };
            if (milliseconds is null || number > 1_000_000_000)
            {
                return null;
            }

            total += number * milliseconds.Value;
            rest = rest[letters..];
        }

        return TimeSpan.FromTicks((long)Math.Min(total * TimeSpan.TicksPerMillisecond, long.MaxValue));
    }

    /// <summary>Checks a value that stands in a file.</summary>
    /// <exception cref="SettingsFailure">It is no value of this key.</exception>
    internal static ConfigValue Read(ConfigKey key, PlacedValue value)
    {
        if (key.IsList && value.IsArray)
        {
            if (value.Items.FirstOrDefault(item => item.Kind != JsonTokenType.String) is not null)
            {
                throw Wrong(key);
            }

            return List(key, value.Items.Select(item => item.Text));
        }

        var fits = value.Kind switch
        {
            JsonTokenType.String => true,
            JsonTokenType.True or JsonTokenType.False => key.Type == ConfigType.Flag,
            JsonTokenType.Number => key.Type is ConfigType.Count or ConfigType.Amount or ConfigType.Duration,
            _ => false,
        };
        return fits ? Parse(key, value.Text) : throw Wrong(key);
    }

    /// <summary>What is said when an item is wanted of a key that has none.</summary>
    internal static SettingsFailure NoList(ConfigKey key) =>
        new($"'{key.Name}' holds one value, not a list", $"/conf {key.Name}:{Example(key)}");

    /// <summary>The value as it stands in a file.</summary>
    internal static string Json(ConfigKey key, ConfigValue value) => key.Type switch
    {
        ConfigType.Rules or ConfigType.Variables or ConfigType.Hosts => JsonEdit.Array(value.Items),
        ConfigType.Flag => value.Text,
        ConfigType.Count when Count(value.Text) is { } count => count.ToString(CultureInfo.InvariantCulture),
        ConfigType.Amount when Amount(value.Text) is { } amount => amount.ToString(CultureInfo.InvariantCulture),
        _ => JsonEdit.Quote(value.Text),
    };

    /// <summary>A value that would do, for the right form of a line.</summary>
    internal static string Example(ConfigKey key) => key.Type switch
    {
        ConfigType.Duration => "120s",
        ConfigType.Count => "50",
        ConfigType.Share => "80%",
        ConfigType.Amount => "2.50",
        ConfigType.Variables => "NAME",
        ConfigType.Hosts => "localhost",
        ConfigType.Rules => "[\"bash(npm test*)\"]",
        ConfigType.Binding => "ctrl+x b",
        _ => key.Values.Count > 0 ? key.Values[0] : "NAME",
    };

    private static string Wanted(ConfigKey key) => key.Type switch
    {
        ConfigType.Model => "a model's name",
        ConfigType.Duration => "a time from 1s to 24h, as 120s or 2m",
        ConfigType.Count => "a whole number from 1, or none",
        ConfigType.Share => "a share from 20% to 95%, or none",
        ConfigType.Amount => "dollars, as 2.50, or none",
        ConfigType.Variables => "names of environment variables, as [\"GITHUB_TOKEN\"]",
        ConfigType.Hosts => "names of hosts, as [\"localhost\"]",
        ConfigType.Rules => "rules, as [\"bash(npm test*)\"]",
        ConfigType.Binding => "keys, as ctrl+x b, or none",
        _ => string.Join(", ", key.Values),
    };

    private static string Checked(ConfigKey key, string text) => key.Type switch
    {
        ConfigType.Model when IsPlain(text, LongestText) => text,
        ConfigType.Binding when IsPlain(text, LongestText) => Bound(key, text),
        ConfigType.Flag or ConfigType.Word when key.Values.Contains(text) => text,
        ConfigType.Duration when Duration(text) is { } time && time >= TimeSpan.FromSeconds(1)
            && time <= LongestDuration => text,
        ConfigType.Count when text == None || Count(text) is not null => text,
        ConfigType.Share when text == None || Share(text) is not null => text,
        ConfigType.Amount when text == None || Amount(text) is not null => text,
        _ => throw Wrong(key, text),
    };

    private static string Bound(ConfigKey key, string text)
    {
        try
        {
            return KeyBinding.Normal(text);
        }
        catch (SettingsFailure failure)
        {
            throw new SettingsFailure($"'{key.Name}': {failure.Message}", failure.Hint);
        }
    }

    /// <summary>A count as it is written; null for <c>none</c>.</summary>
    internal static int? Count(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null;

    /// <summary>A share as it is written; null for <c>none</c>.</summary>
    internal static double? Share(string text) =>
        text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var share)
        && share is >= 20 and <= 95 ? share / 100.0 : null;

    /// <summary>An amount as it is written; null for <c>none</c>.</summary>
    internal static decimal? Amount(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
        && amount > 0 && amount < 1_000_000_000 && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[^1])
            ? amount
            : null;

    private static IEnumerable<string> Split(ConfigKey key, string text)
    {
        if (text[0] != '[')
        {
            return key.Type is ConfigType.Variables or ConfigType.Hosts ? text.Split(',', StringSplitOptions.TrimEntries) : [text];
        }

        try
        {
            var root = PlacedJson.Parse(System.Text.Encoding.UTF8.GetBytes(text)).Root;
            return root.Items.Select(item => item.Kind == JsonTokenType.String ? item.Text : throw Wrong(key));
        }
        catch (PlacedJsonException)
        {
            throw Wrong(key);
        }
    }

    private static ConfigValue List(ConfigKey key, IEnumerable<string> items)
    {
        var all = items.Select(item => Item(key, item.Trim())).Distinct().ToArray();
        return all.Length <= MostItems
            ? new ConfigValue(JsonEdit.Array(all), all)
            : throw new SettingsFailure($"'{key.Name}' has more than {MostItems} items");
    }

    private static string Item(ConfigKey key, string item)
    {
        var good = key.Type switch
        {
            ConfigType.Rules => IsPlain(item, LongestRule),
            ConfigType.Hosts => IsHost(item),
            _ => IsVariable(item),
        };
        return good ? item : throw Wrong(key, item);
    }

    /// <summary>Whether a name can be an environment variable's (POSIX: letters, digits, underscore).</summary>
    internal static bool IsVariable(string name) =>
        name.Length is > 0 and <= LongestText && !char.IsAsciiDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_');

    // A name or an address, without scheme and port.
    private static bool IsHost(string name) => name.Length is > 0 and <= LongestText
        && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '*' or ':')
        && (!name.Contains(':') || System.Net.IPAddress.TryParse(name, out _));

    private static bool IsPlain(string text, int longest) =>
        text.Length > 0 && text.Length <= longest && !text.Any(char.IsControl);

    private static SettingsFailure Wrong(ConfigKey key, string? given = null)
    {
        var what = given is null ? "that value" : $"'{Shown.Line(given, 60)}'";
        var near = given is null ? "" : Nearest.Question(given, key.Values);
        return new SettingsFailure($"'{key.Name}' cannot be {what}: it takes {Wanted(key)}{near}");
    }
}
