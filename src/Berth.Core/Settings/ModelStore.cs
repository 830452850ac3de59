using Berth.Platform;

namespace Berth.Core.Settings;

/// <summary>A model's key, or why there is none.</summary>
/// <param name="Value">The key itself: for the request's header and for nothing else; null when there is none.</param>
/// <param name="Missing">What is missing, one line; null when nothing is (also where no key is needed).</param>
/// <param name="Hint">What to do about it.</param>
public sealed record ModelKey(string? Value, string? Missing = null, string? Hint = null)
{
    /// <summary>Without the key, so that none gets into a log by way of a record.</summary>
    public override string ToString() => Missing ?? ModelStore.LastFour(Value);
}

/// <summary>
/// The models that can be named: those of <c>models.json</c>, those of known providers, and <c>demo</c>; and their
/// keys. Files edited by hand count at the next look. May be used from several threads.
/// </summary>
public sealed class ModelStore(BerthPaths paths, TimeProvider time)
{
    /// <summary>The stand-in that needs no network.</summary>
    public static readonly ModelSettings Demo = new("demo", "demo", "demo");

    private const int ShortestShown = 12;
    private readonly SettingsFile<ModelFile> file = new(
        FileOf(paths), time, ModelFile.Empty, text => ModelFile.Read(text, FileOf(paths)));

    /// <summary>Keys given by hand.</summary>
    internal KeyFile Keys { get; } = new(paths, time);

    /// <summary>The configured models, in the order of the file.</summary>
    public IReadOnlyList<ModelSettings> List() => file.Read().Value.Models;

    /// <summary>What is wrong in <c>models.json</c> and the key file.</summary>
    public IReadOnlyList<SettingsWarning> Warnings()
    {
        var reading = file.Read();
        return [.. reading.Broken is { } broken ? [broken] : reading.Value.Warnings, .. Keys.Warnings()];
    }

    /// <summary>Why nobody knows which models are configured; null when that is known.</summary>
    public SettingsWarning? BrokenAtStart => file.Read() is { Lost: true, Broken: { } broken } ? broken : null;

    /// <summary>
    /// The model of a name: a configured one, <c>demo</c>, or a known provider's (<c>openrouter/gpt-5.5</c>).
    /// Whether it has a key is <see cref="ResolveKey"/>'s question.
    /// </summary>
    /// <param name="environment">Where a known provider's address may be moved; null: nowhere.</param>
    /// <returns>Null when there is none; <see cref="NearTo"/> says what may have been meant.</returns>
    public ModelSettings? Find(string name, IReadOnlyDictionary<string, string>? environment = null)
    {
        if (List().FirstOrDefault(model => model.Name == name) is { } configured)
        {
            return configured;
        }

        return name == Demo.Name ? Demo
            : KnownProviders.Split(name) is var (provider, model)
                ? new ModelSettings(name, provider.Wire, model, Address(provider, environment), KeyOf(provider, environment))
                : null;
    }

    /// <summary>Names that a mistyped one may mean.</summary>
    public IReadOnlyList<string> NearTo(string name) => Nearest.Of(
        name,
        [
            .. List().Select(model => model.Name), Demo.Name,
            .. KnownProviders.All.Where(one => one.DefaultModel is not null).Select(one => $"{one.Name}/{one.DefaultModel}"),
        ]);

    /// <summary>What is said about a name that is no model.</summary>
    public SettingsFailure Unknown(string name)
    {
        var near = NearTo(name);
        var question = near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(one => $"'{one}'"))}?";
        return new SettingsFailure($"there is no model '{Shown.Line(name, 80)}'{question}", "/models lists the models");
    }

    /// <summary>A model's key: from the environment it names, or from the key file.</summary>
    /// <param name="environment">The variables of the terminal whose session asks.</param>
    public ModelKey ResolveKey(ModelSettings model, IReadOnlyDictionary<string, string> environment)
    {
        if (model.Key is null)
        {
            return new ModelKey(null);
        }

        string? variable = null;
        string? found;
        if (model.Key.StartsWith(ModelFields.FromEnvironment))
        {
            variable = model.Key[ModelFields.FromEnvironment.Length..];
            found = environment.TryGetValue(variable, out var set) && set.Trim().Length > 0
                ? set
                : IsConfigured(model) ? null : Keys.OfProvider(KnownProviders.Split(model.Name)?.Provider.Name ?? "");
        }
        else
        {
            found = Keys.OfModel(model.Name);
        }

        try
        {
            var hint = $"/models /key {model.Name} stores a key";
            return found is not null ? new ModelKey(KeyFile.Checked(found))
                : variable is not null ? new ModelKey(null, $"{model.Name}: {variable} is not set", $"Set it, or {hint}")
                : new ModelKey(null, $"{model.Name}: no key is stored", hint);
        }
        catch (SettingsFailure failure)
        {
            return new ModelKey(null, $"{model.Name}: {failure.Message}", $"/models /key {model.Name} stores another");
        }
    }

    /// <summary>A model's key for people: where it is from and its last four characters, or that it is missing.</summary>
    public string ShowKey(ModelSettings model, IReadOnlyDictionary<string, string> environment)
    {
        var key = ResolveKey(model, environment);
        return model.Key is null ? "none needed"
            : key.Value is null ? $"missing ({(model.Key == ModelFields.Stored ? "none stored" : model.Key)})"
            : model.Key == ModelFields.Stored ? LastFour(key.Value)
            : $"{model.Key} {LastFour(key.Value)}";
    }

    /// <summary>
    /// The environment variables behind model keys: of every configured model and every known provider. Tools must
    /// not see them.
    /// </summary>
    public IReadOnlySet<string> KeyVariables() => new HashSet<string>(
        List().Select(model => model.Key ?? "")
            .Where(key => key.StartsWith(ModelFields.FromEnvironment))
            .Select(key => key[ModelFields.FromEnvironment.Length..])
            .Concat(KnownProviders.All.SelectMany(provider => provider.Variables)));

    /// <summary>Where the models are configured.</summary>
    internal static string FileOf(BerthPaths paths) => Path.Combine(paths.Config, "models.json");

    /// <summary><c>…last4</c>; of a short key nothing, since four characters would be much of it.</summary>
    internal static string LastFour(string? key) =>
        key is null ? "" : key.Length < ShortestShown ? "…" : $"…{key[^4..]}";

    private bool IsConfigured(ModelSettings model) => List().Any(one => one.Name == model.Name);

    private static Uri? Address(KnownProvider provider, IReadOnlyDictionary<string, string>? environment)
    {
        if (provider.BaseUrlVariable is { } variable && environment is not null
            && environment.TryGetValue(variable, out var moved) && moved.Length > 0)
        {
            try
            {
                return ModelFields.Url(moved);
            }
            catch (SettingsFailure)
            {
                // The provider's own programs would fail here too; its own address is at least right for its key.
                return provider.BaseUrl;
            }
        }

        return provider.BaseUrl;
    }

    private static string? KeyOf(KnownProvider provider, IReadOnlyDictionary<string, string>? environment)
    {
        if (!provider.NeedsKey)
        {
            return null;
        }

        var set = provider.Variables.FirstOrDefault(
            variable => environment is not null && environment.TryGetValue(variable, out var key) && key.Length > 0);
        return ModelFields.FromEnvironment + (set ?? provider.Variables[0]);
    }
}
