using System.Text.Json;

namespace Berth.Core.Settings;

/// <summary>One named model as <c>models.json</c> (or the known-provider table) describes it.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Provider">"openai" (any Chat Completions server), "anthropic" or "demo".</param>
/// <param name="Model">The provider's own name of the model.</param>
/// <param name="BaseUrl">With or without <c>/v1</c>; null for the provider's own.</param>
/// <param name="Key">"env:NAME", or "stored" for a key in the 0600 key file; null when none is needed.</param>
public sealed record ModelSettings(string Name, string Provider, string Model, Uri? BaseUrl = null, string? Key = null)
{
    /// <summary>Extra fields of the request body, as given.</summary>
    public IReadOnlyDictionary<string, JsonElement> Parameters { get; init; } =
        new Dictionary<string, JsonElement>();

    /// <summary>Extra request headers.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The model's context window in tokens; null when unknown.</summary>
    public long? Context { get; init; }

    /// <summary>Longest silence between two bytes of an answer; null for the limit's value.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Prices in dollars per million tokens.</summary>
    public ModelPrices? Prices { get; init; }

    /// <summary>Requests of its key in flight at the same time; null: no limit.</summary>
    public int? MaxConcurrent { get; init; }

    /// <summary>Requests of its key within a minute; null: no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens of its key within a minute, in and out; null: no limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Whether the model takes images; null: what is known about models of its name.</summary>
    public bool? Images { get; init; }

    /// <summary>Whether the model is sent images.</summary>
    public bool TakesImages => Images ?? ImageModels.Takes(Provider, Model);
}

/// <summary>Dollars per million tokens.</summary>
/// <param name="Cached">Of input tokens that the provider had already; null: as much as the others.</param>
public sealed record ModelPrices(decimal Input, decimal Output, decimal? Cached = null)
{
    private const decimal Million = 1_000_000;

    /// <summary>What tokens cost, in dollars. Cached tokens are part of the input.</summary>
    public decimal CostOf(long input, long output, long cached)
    {
        // A server may count anything; what is bought is never less than nothing.
        var had = Math.Clamp(cached, 0, Math.Max(input, 0));
        return ((Math.Max(input, 0) - had) * Input + had * (Cached ?? Input) + Math.Max(output, 0) * Output) / Million;
    }
}
