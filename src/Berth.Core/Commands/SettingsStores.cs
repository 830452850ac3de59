using Berth.Core.Settings;

namespace Berth.Core.Commands;

/// <summary>Configuration, trust and models: what commands read and change.</summary>
internal sealed record SettingsStores(ConfigStore Config, TrustStore Trust, ModelStore Models, ModelEdit Edit)
{
    /// <summary>The names that can stand where a model is asked for.</summary>
    public IEnumerable<string> ModelNames(IReadOnlyDictionary<string, string> environment) =>
        Models.List().Select(m => m.Name)
            .Append(ModelStore.Demo.Name)
            .Concat(KnownProviders.All
                .Where(p => p.DefaultModel is not null && p.Variables.Any(environment.ContainsKey))
                .Select(p => $"{p.Name}/{p.DefaultModel}"));

    /// <summary>The model of a name.</summary>
    /// <exception cref="SettingsFailure">There is none; names the nearest.</exception>
    public ModelSettings RequireModel(string name, IReadOnlyDictionary<string, string> environment) =>
        Models.Find(name, environment) ?? throw Models.Unknown(name);
}
