using System.Text;
using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>
/// Changes <c>models.json</c> and the key file. Every method throws <see cref="SettingsFailure"/>, with nothing
/// changed, when the wish is wrong or a file cannot be written.
/// </summary>
public sealed class ModelEdit(BerthPaths paths, ModelStore store, TimeProvider time)
{
    private const int LongestName = 80;
    private static readonly string[] Typed = ["provider", "model", "base_url", "key"];

    private readonly SettingsWriter writer = new(paths.Config, time);
    private readonly string path = ModelStore.FileOf(paths);

    /// <summary>Adds a model.</summary>
    /// <param name="words"><c>NAME provider:P model:M base_url:URL key:K</c>, quotes already resolved.</param>
    /// <returns>What the person should know all the same; empty when all is well.</returns>
    public async Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<string> words, CancellationToken cancellation)
    {
        const string Form = "/models /add NAME provider:P model:M base_url:URL key:K";
        if (words.Count == 0)
        {
            throw new SettingsFailure("a name is missing", Form);
        }

        var name = FreeName(words[0]);
        var given = Fields(words, Form);
        var provider = given.TryGetValue("provider", out var typed)
            ? ModelFields.Provider(typed)
            : throw new SettingsFailure("'provider' is missing", Form);
        var url = given.TryGetValue("base_url", out var address) ? ModelFields.Url(address) : null;
        var model = given.GetValueOrDefault("model", provider == "demo" ? "demo" : "");
        if (model.Length == 0)
        {
            throw new SettingsFailure("'model' is missing: the provider's own name of the model", Form);
        }

        given.TryGetValue("key", out var key);
        var secret = key is null || IsReference(key) ? null : KeyFile.Checked(key);
        var reference = secret is not null ? ModelFields.Stored : key is null ? null : ModelFields.KeyReference(key);
        var settings = ModelFile.Completed(new ModelSettings(name, provider, model, url, reference));
        await PutAsync(settings, cancellation);
        await store.Keys.SetModelAsync(name, secret, cancellation);
        return settings is { BaseUrl: { Scheme: "http", IsLoopback: false }, Key: not null }
            ? [$"{settings.BaseUrl.Host} is reached without encryption: the key goes over the network in the clear"]
            : [];
    }

    /// <summary>Removes a model and its stored key.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellation)
    {
        await ChangeAsync(name, text => JsonEdit.Remove(text, [ModelFile.Section, name]), cancellation);
        await store.Keys.SetModelAsync(name, key: null, cancellation);
    }

    /// <summary>Copies a model under a new name; key and parameters are the copy's own from then on.</summary>
    /// <param name="existing">A configured model, or a known provider's.</param>
    public async Task ForkAsync(string existing, string name, CancellationToken cancellation)
    {
        var source = store.Find(existing) ?? throw store.Unknown(existing);
        var copy = source with { Name = FreeName(name) };
        if (store.List().Any(model => model.Name == existing))
        {
            await writer.ChangeAsync(
                path,
                text =>
                {
                    var placed = PlacedJson.Parse(text);
                    var entry = placed.Root.Find(ModelFile.Section)?.Value.Find(existing) ?? throw store.Unknown(existing);
                    Refuse(placed, copy.Name);
                    var json = Encoding.UTF8.GetString(
                        text, entry.Value.Start, entry.Value.End - entry.Value.Start);
                    return JsonEdit.Set(text, [ModelFile.Section, copy.Name], json);
                },
                cancellation);
            await store.Keys.SetModelAsync(copy.Name, store.Keys.OfModel(existing), cancellation);
            return;
        }

        await PutAsync(copy, cancellation);
    }

    /// <summary>Gives a model a key.</summary>
    /// <param name="name">A configured model, a known provider's model, or a known provider.</param>
    /// <param name="key">The key, which goes to the key file; or <c>env:NAME</c>.</param>
    public async Task SetKeyAsync(string name, string key, CancellationToken cancellation)
    {
        var secret = IsReference(key) ? null : KeyFile.Checked(key);
        if (store.List().Any(model => model.Name == name))
        {
            var reference = secret is null ? ModelFields.KeyReference(key) : ModelFields.Stored;
            await store.Keys.SetModelAsync(name, secret, cancellation);
            await ChangeAsync(
                name, text => JsonEdit.Set(text, [ModelFile.Section, name, "key"], JsonEdit.Quote(reference)), cancellation);
            return;
        }

        var provider = KnownProviders.Find(name) ?? KnownProviders.Split(name)?.Provider ?? throw store.Unknown(name);
        if (!provider.NeedsKey || secret is null)
        {
            throw new SettingsFailure(
                provider.NeedsKey
                    ? $"the key of {provider.Name} comes from {string.Join(" or ", provider.Variables)}"
                    : $"{provider.Name} takes no key",
                $"/models /fork {name} NAME makes a model with a key of its own");
        }

        await store.Keys.SetProviderAsync(provider.Name, secret, cancellation);
    }

    /// <summary>
    /// Sets a field of a model (<c>headers.NAME</c> is one, too), or a parameter of its requests where there is no such field.
    /// </summary>
    /// <param name="assignment"><c>field:value</c>; an empty value takes the field out.</param>
    public Task SetAsync(string name, string assignment, CancellationToken cancellation)
    {
        var colon = assignment.IndexOf(':');
        if (colon <= 0)
        {
            throw new SettingsFailure($"not of the form k:v: '{Shown.Line(assignment, 60)}'", $"/models /set {name} k:v");
        }

        var (field, value) = (assignment[..colon].Trim(), assignment[(colon + 1)..].Trim());
        if (field == "key" && value.Length > 0)
        {
            return SetKeyAsync(name, value, cancellation);
        }

        var header = field.StartsWith($"{ModelFile.Headers}.") ? field[(ModelFile.Headers.Length + 1)..] : null;
        string[] at = ModelFields.Find(field) is not null ? field.Split('.')
            : header is not null ? [ModelFile.Headers, header]
            : [ModelFile.Parameters, field.StartsWith($"{ModelFile.Parameters}.") ? field[7..] : field];
        if (value.Length > 0)
        {
            var json = ModelFields.Find(field)?.Parse(value)
                ?? (header is not null ? JsonEdit.Quote(ModelFields.Header(header, value)) : ModelFields.Parameter(value));
            return ChangeAsync(name, text => JsonEdit.Set(text, [ModelFile.Section, name, .. at], json), cancellation);
        }

        return field is "provider" or "model"
            ? throw new SettingsFailure($"'{field}' needs a value", $"/models /set {name} {field}:VALUE")
            : ChangeAsync(name, text => JsonEdit.Remove(text, [ModelFile.Section, name, .. at]), cancellation);
    }

    /// <summary>A key that says where the key is: what begins with "env:" is never taken for a key itself.</summary>
    private static bool IsReference(string key) => key.Trim().StartsWith(ModelFields.FromEnvironment);

    private static Dictionary<string, string> Fields(IReadOnlyList<string> words, string form)
    {
        var given = new Dictionary<string, string>();
        foreach (var word in words.Skip(1))
        {
            var colon = word.IndexOf(':');
            var field = colon < 0 ? word : word[..colon];
            if (!Typed.Contains(field))
            {
                throw new SettingsFailure(
                    $"unknown field '{Shown.Line(field, 40)}'{Nearest.Question(field, Typed)}", form);
            }

            if (colon < 0 || colon == word.Length - 1 || !given.TryAdd(field, word[(colon + 1)..]))
            {
                throw new SettingsFailure($"'{field}' needs one value", form);
            }
        }

        return given;
    }

    /// <summary>A name that people can type in every place where a model is named.</summary>
    private static string FreeName(string name)
    {
        var good = name.Length is > 0 and <= LongestName && char.IsLetterOrDigit(name[0])
            && name.All(character => char.IsLetterOrDigit(character) || character is '.' or '_' or '-' or '/' or '+' or '@');
        return !good
            ? throw new SettingsFailure(
                $"'{Shown.Line(name, LongestName)}' cannot name a model", "Use letters, digits and . _ - / + @")
            : name == ModelStore.Demo.Name
                ? throw new SettingsFailure("'demo' is built in", "Choose another name")
                : name;
    }

    private Task PutAsync(ModelSettings model, CancellationToken cancellation)
    {
        var fields = new List<string>
        {
            $"\"provider\": {JsonEdit.Quote(model.Provider)}", $"\"model\": {JsonEdit.Quote(model.Model)}",
        };
        if (model.BaseUrl is { } url)
        {
            fields.Add($"\"base_url\": {JsonEdit.Quote(url.OriginalString)}");
        }

        if (model.Key is { } key)
        {
            fields.Add($"\"key\": {JsonEdit.Quote(key)}");
        }

        var json = $"{{{string.Concat(fields.Select((field, index) => $"{(index > 0 ? "," : "")}\n      {field}"))}\n    }}";
        return writer.ChangeAsync(
            path,
            text =>
            {
                if (text.Length > 0)
                {
                    Refuse(PlacedJson.Parse(text), model.Name);
                }

                return JsonEdit.Set(text, [ModelFile.Section, model.Name], json);
            },
            cancellation);
    }

    private static void Refuse(PlacedJson text, string name)
    {
        if (text.Root.Find(ModelFile.Section)?.Value.Find(name) is not null)
        {
            throw new SettingsFailure(
                $"a model '{name}' exists", $"Choose another name, or /models /set {name} k:v, or /models /remove {name}");
        }
    }

    private Task ChangeAsync(string name, Func<byte[], byte[]> edit, CancellationToken cancellation) =>
        writer.ChangeAsync(
            path,
            text => text.Length > 0
                && PlacedJson.Parse(text).Root.Find(ModelFile.Section)?.Value.Find(name) is not null
                ? edit(text)
                : throw store.Unknown(name),
            cancellation);
}
