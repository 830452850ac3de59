namespace Berth.Core.Settings;

/// <summary>The model of a session that has none of its own.</summary>
/// <param name="Model">Null when there is none to use: <paramref name="Problem"/> says why.</param>
/// <param name="Why">One line: why this one.</param>
/// <param name="Problem">One line; null when all is well.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record DefaultModel(ModelSettings? Model, string Why, string? Problem = null, string? Hint = null)
{
    /// <summary>
    /// Chooses: the config's model; else the first configured; else the first known provider whose key is in the
    /// environment or stored; else <c>demo</c>. A model that was asked for and is not there is a problem, never another model.
    /// </summary>
    /// <param name="name">What the config says: <see cref="Config.Model"/>, or the code model; null when nothing.</param>
    /// <param name="environment">The variables of the terminal whose session asks.</param>
    public static DefaultModel Of(
        string? name, ModelStore models, IReadOnlyDictionary<string, string> environment)
    {
        if (name is not null)
        {
            return models.Find(name, environment) is { } chosen
                ? new DefaultModel(chosen, $"{name} is configured")
                : new DefaultModel(
                    null, "", models.Unknown(name).Message, "/models lists the models, /conf model:NAME sets one");
        }

        if (models.List().FirstOrDefault() is { } first)
        {
            return new DefaultModel(first, $"{first.Name} is the first of the configured models");
        }

        if (models.BrokenAtStart is { } broken)
        {
            return new DefaultModel(null, "", broken.ToString(), "Mend the file");
        }

        foreach (var provider in KnownProviders.All.Where(provider => provider.DefaultModel is not null))
        {
            var set = provider.Variables.FirstOrDefault(
                variable => environment.TryGetValue(variable, out var key) && key.Trim().Length > 0);
            if (set is not null || models.Keys.OfProvider(provider.Name) is not null)
            {
                return new DefaultModel(
                    models.Find($"{provider.Name}/{provider.DefaultModel}", environment),
                    set is null ? $"a key for {provider.Name} is stored" : $"{set} is in the environment");
            }
        }

        return new DefaultModel(
            ModelStore.Demo,
            "No model is configured: demo, an offline stand-in, answers. See /models /help.");
    }
}
