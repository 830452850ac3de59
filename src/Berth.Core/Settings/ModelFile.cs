using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>What <c>models.json</c> says: <c>{"models": {"NAME": {"provider": …, "model": …, …}}}</c>.</summary>
/// <param name="Models">In the order of the file.</param>
/// <param name="Warnings">What does not hold, each with its place.</param>
internal sealed record ModelFile(IReadOnlyList<ModelSettings> Models, IReadOnlyList<SettingsWarning> Warnings)
{
    /// <summary>The field that holds all models.</summary>
    public const string Section = "models";

    /// <summary>The field of a model for what goes into the request as it is.</summary>
    public const string Parameters = "params";

    /// <summary>The field of a model for extra request headers.</summary>
    public const string Headers = "headers";

    /// <summary>A file that is not there.</summary>
    public static ModelFile Empty { get; } = new([], []);

    /// <summary>Reads a file's text.</summary>
    /// <exception cref="PlacedJsonException">The text is not of the form.</exception>
    public static ModelFile Read(PlacedJson text, string path)
    {
        text.RequireObject();
        var section = text.Root.Find(Section)?.Value;
        if (section is { IsObject: false })
        {
            var (line, column) = text.Place(section.Start);
            throw new PlacedJsonException($"'{Section}' must be an object {{…}}", line, column);
        }

        var reader = new Reader(text, path);
        foreach (var member in section?.Members ?? [])
        {
            reader.One(member);
        }

        return new ModelFile([.. reader.Models.Values], reader.Warnings);
    }

    /// <summary>
    /// The wire and address behind a provider's name. The key that goes without saying belongs to the provider's own
    /// address only: another server must never get it.
    /// </summary>
    public static ModelSettings Completed(ModelSettings model)
    {
        if (KnownProviders.Find(model.Provider) is not { } provider)
        {
            return model;
        }

        var key = model.Key ?? (model.BaseUrl is null && provider.NeedsKey
            ? ModelFields.FromEnvironment + provider.Variables[0]
            : null);
        var isWire = provider.Name == provider.Wire;
        return model with
        {
            Provider = provider.Wire, BaseUrl = model.BaseUrl ?? (isWire ? null : provider.BaseUrl), Key = key,
        };
    }

    private sealed class Reader(PlacedJson text, string path)
    {
        public Dictionary<string, ModelSettings> Models { get; } = [];

        public List<SettingsWarning> Warnings { get; } = [];

        public void One(PlacedMember entry)
        {
            var model = new ModelSettings(entry.Name, "", "");
            var usable = true;
            foreach (var field in entry.Value.Members)
            {
                try
                {
                    model = With(model, field);
                }
                catch (SettingsFailure failure)
                {
                    Warn(field.Value.Start, $"model '{Shown.Line(entry.Name, 60)}': {failure.Message}");
                    model = field.Name == "key" ? model with { Key = ModelFields.Stored } : model;

                    // Without its address a request would go to another server, with this server's key.
                    usable &= field.Name is not ("provider" or "model" or "base_url" or Headers);
                }
            }

            if (usable && (model.Provider.Length == 0 || (model.Model.Length == 0 && model.Provider != "demo")))
            {
                Warn(entry.Start, $"model '{Shown.Line(entry.Name, 60)}' needs 'provider' and 'model'");
                usable = false;
            }

            Models.Remove(entry.Name);
            if (usable)
            {
                Models[entry.Name] = Completed(model);
            }
        }

        private ModelSettings With(ModelSettings model, PlacedMember field)
        {
            if (field.Name == "prices" && field.Value.IsObject)
            {
                return field.Value.Members.Aggregate(model, (so, price) => WithField(so, $"prices.{price.Name}", price));
            }

            return field.Name switch
            {
                Parameters => model with
                {
                    Parameters = ObjectOf(field).ToDictionary(one => one.Name, one => text.Element(one.Value)),
                },
                Headers => model with { Headers = ObjectOf(field).ToDictionary(one => one.Name, Header) },
                _ => WithField(model, field.Name, field),
            };
        }

        private ModelSettings WithField(ModelSettings model, string name, PlacedMember at)
        {
            if (ModelFields.Find(name) is { } field)
            {
                return at.Value.Kind == JsonTokenType.Null ? model : field.Read(model, text.Element(at.Value));
            }

            var known = ModelFields.All.Select(one => one.Name).Concat([Parameters, Headers]);
            Warn(at.Start, $"unknown field '{Shown.Line(name, 60)}'{Nearest.Question(name, known)}");
            return model;
        }

        /// <summary>The members of an object, each name once.</summary>
        private static IEnumerable<PlacedMember> ObjectOf(PlacedMember field) => field.Value.IsObject
            ? field.Value.Members.Reverse().DistinctBy(member => member.Name).Reverse()
            : throw new SettingsFailure($"'{field.Name}' must be an object {{…}}");

        private static string Header(PlacedMember header) =>
            ModelFields.Header(header.Name, header.Value.Kind == JsonTokenType.String ? header.Value.Text : "\n");

        private void Warn(int offset, string what)
        {
            var (line, column) = text.Place(offset);
            Warnings.Add(new SettingsWarning(path, line, column, what));
        }
    }
}
