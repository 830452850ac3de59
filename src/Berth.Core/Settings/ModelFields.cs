using System.Globalization;
using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>
/// The fields of a model in <c>models.json</c>: how each is read, and how <c>field:value</c> is typed. One table for
/// reading, <c>/models /add</c> and <c>/models /set</c>.
/// </summary>
internal static class ModelFields
{
    /// <summary>The word for a key that lies in the key file.</summary>
    public const string Stored = "stored";

    /// <summary>What a variable's name has in front.</summary>
    public const string FromEnvironment = "env:";

    private const int LongestText = 500;
    private static readonly TimeSpan LongestIdle = TimeSpan.FromHours(1);

    /// <summary>One field.</summary>
    /// <param name="Parse">A typed value as the JSON that is stored; throws <see cref="SettingsFailure"/>.</param>
    /// <param name="Read">Puts a stored value into the settings; throws <see cref="SettingsFailure"/>.</param>
    public sealed record Field(
        string Name, Func<string, string> Parse, Func<ModelSettings, JsonElement, ModelSettings> Read);

    /// <summary>The table. <c>prices.*</c> stand in an object of that name.</summary>
    public static IReadOnlyList<Field> All { get; } =
    [
        new("provider", text => JsonEdit.Quote(Provider(text)), (model, value) => model with { Provider = Provider(Text(value)) }),
        new("model", text => JsonEdit.Quote(Plain("model", text)),
            (model, value) => model with { Model = Plain("model", Text(value)) }),
        new("base_url", text => JsonEdit.Quote(Url(text).OriginalString),
            (model, value) => model with { BaseUrl = Url(Text(value)) }),
        new("key", text => JsonEdit.Quote(KeyReference(text)),
            (model, value) => model with { Key = KeyReference(Text(value)) }),
        new("context", text => Whole("context", text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { Context = Whole("context", value.ToString()) }),
        new("idle_timeout", text => JsonEdit.Quote($"{Idle(text).TotalSeconds}s"),
            (model, value) => model with { IdleTimeout = Idle(value.ToString()) }),
        new("max_concurrent", text => Whole("max_concurrent", text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { MaxConcurrent = (int)Whole("max_concurrent", value.ToString()) }),
        new("requests_per_minute", text => Whole("requests_per_minute", text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { RequestsPerMinute = (int)Whole("requests_per_minute", value.ToString()) }),
        new("tokens_per_minute", text => Whole("tokens_per_minute", text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { TokensPerMinute = Whole("tokens_per_minute", value.ToString()) }),
        new("images", text => Flag("images", text) ? "true" : "false",
            (model, value) => model with { Images = Flag("images", value.ToString().ToLowerInvariant()) }),
        new("prices.input", text => Price(text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { Prices = Prices(model) with { Input = Price(value.ToString()) } }),
        new("prices.output", text => Price(text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { Prices = Prices(model) with { Output = Price(value.ToString()) } }),
        new("prices.cached", text => Price(text).ToString(CultureInfo.InvariantCulture),
            (model, value) => model with { Prices = Prices(model) with { Cached = Price(value.ToString()) } }),
    ];

    /// <summary>The field of a name; null when it is a parameter's.</summary>
    public static Field? Find(string name) => All.FirstOrDefault(field => field.Name == name);

    /// <summary>A base URL.</summary>
    /// <exception cref="SettingsFailure">It is none that a request could go to.</exception>
    public static Uri Url(string text)
    {
        var good = Uri.TryCreate(text.Trim(), UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https" && url.Host.Length > 0 && text.Length <= LongestText
            && !text.Any(char.IsControl);
        if (!good)
        {
            throw new SettingsFailure("'base_url' must be a whole http or https address, as https://host/v1");
        }

        return url!.UserInfo.Length > 0
            ? throw new SettingsFailure("'base_url' must not hold a user or password", "Give the key with key:")
            : url;
    }

    /// <summary>A key as it may stand in <c>models.json</c>: where it is, never what it is.</summary>
    /// <exception cref="SettingsFailure">It looks like a key itself; the message does not quote it.</exception>
    public static string KeyReference(string text)
    {
        text = text.Trim();
        return text == Stored
            || (text.StartsWith(FromEnvironment) && ConfigValues.IsVariable(text[FromEnvironment.Length..]))
            ? text
            : throw new SettingsFailure(
                "'key' must be env:NAME; a key itself does not belong into this file", "/models /key NAME stores one");
    }

    /// <summary>The value of a header of each request.</summary>
    /// <exception cref="SettingsFailure">Name or value cannot stand in a request.</exception>
    public static string Header(string name, string value) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') && value.All(c => c is >= ' ' and <= '~')
            ? value
            : throw new SettingsFailure("a header is a name and a string on one line");

    /// <summary>A parameter's value: JSON where it is JSON, else a string.</summary>
    public static string Parameter(string text)
    {
        try
        {
            var value = PlacedJson.Parse(System.Text.Encoding.UTF8.GetBytes(text));
            return value.Element(value.Root).GetRawText();
        }
        catch (PlacedJsonException)
        {
            return JsonEdit.Quote(text);
        }
    }

    /// <summary>A provider's name: a wire, or a known provider that speaks one.</summary>
    /// <exception cref="SettingsFailure">It is unknown; names the nearest.</exception>
    public static string Provider(string text)
    {
        var name = text.Trim();
        if (name == "demo" || KnownProviders.Find(name) is not null)
        {
            return name;
        }

        var known = KnownProviders.All.Select(provider => provider.Name).Append("demo").ToArray();
        throw new SettingsFailure(
            $"unknown provider '{Shown.Line(name, 60)}'{Nearest.Question(name, known)}",
            $"openai (any Chat Completions server), anthropic, or one of {string.Join(", ", known[2..])}");
    }

    private static string Plain(string field, string text)
    {
        text = text.Trim();
        return text.Length is > 0 and <= LongestText && !text.Any(char.IsControl)
            ? text
            : throw new SettingsFailure($"'{field}' needs a value of one line");
    }

    private static long Whole(string field, string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= 1_000_000_000
            ? number
            : throw new SettingsFailure($"'{field}' must be a whole number from 1, as 200000");

    private static bool Flag(string field, string text) => text.Trim() switch
    {
        "true" => true,
        "false" => false,
        _ => throw new SettingsFailure($"'{field}' must be true or false"),
    };

    private static TimeSpan Idle(string text) =>
        ConfigValues.Duration(text) is { } time && time >= TimeSpan.FromSeconds(1) && time <= LongestIdle
            ? time
            : throw new SettingsFailure("'idle_timeout' must be a time from 1s to 1h, as 90s");

    private static decimal Price(string text) =>
        decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var price)
        && price < 1_000_000
            ? price
            : throw new SettingsFailure("a price must be dollars per million tokens, as 1.25");

    private static ModelPrices Prices(ModelSettings model) => model.Prices ?? new ModelPrices(0, 0);

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new SettingsFailure("must be a string");
}
