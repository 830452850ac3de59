namespace Berth.Core.Settings;

/// <summary>
/// How many tokens well-known models take, from their makers' documentation. A model's own <c>context</c> goes before;
/// one that is not here has none, and is compacted when its provider finds a request too long.
/// </summary>
public static class KnownContexts
{
    // The longest beginning that fits counts. Where a family's members differ, the smallest stands here.
    private static readonly (string Begin, long Tokens)[] Models =
    [
        ("gpt-4o", 128_000), ("gpt-4.1", 1_047_576), ("gpt-5", 400_000), ("gpt-5-chat", 128_000),
        ("o1", 200_000), ("o1-mini", 128_000), ("o1-preview", 128_000), ("o3", 200_000), ("o4-mini", 200_000),
        ("gpt-oss", 131_072),
        ("claude-3", 200_000), ("claude-sonnet-4", 200_000), ("claude-opus-4", 200_000), ("claude-haiku-4", 200_000),
        ("gemini-1.5-flash", 1_048_576), ("gemini-2.0-flash", 1_048_576), ("gemini-2.5", 1_048_576), ("gemini-3", 1_048_576),
        ("deepseek-chat", 128_000), ("deepseek-reasoner", 128_000),
        ("kimi-k2", 131_072), ("kimi-k2.5", 262_144), ("kimi-k2-0905", 262_144),
        ("glm-4.5", 128_000), ("glm-4.6", 200_000),
        ("grok-3", 131_072), ("grok-4", 256_000),
        ("devstral", 128_000), ("codestral", 256_000), ("mistral-large", 128_000),
        ("llama-3.1", 128_000), ("llama-3.3", 128_000),
    ];

    /// <summary>The tokens a model takes; null when nobody knows.</summary>
    /// <param name="address">The server's; of one on this machine, only who started it knows. Null: the maker's own.</param>
    /// <param name="model">The provider's own name of the model, a maker in front or not.</param>
    public static long? Of(Uri? address, string model)
    {
        if (address is { IsLoopback: true })
        {
            return null;
        }

        var name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        (string Begin, long Tokens)? best = null;
        foreach (var one in Models)
        {
            if (Begins(name, one.Begin) && one.Begin.Length > (best?.Begin.Length ?? 0))
            {
                best = one;
            }
        }

        return best?.Tokens;
    }

    // "o1" is no beginning of "o1234", and "gpt-4o" none of "gpt-4oo".
    private static bool Begins(string name, string begin) => name.StartsWith(begin, StringComparison.Ordinal)
        && (name.Length == begin.Length || !char.IsAsciiLetterOrDigit(name[begin.Length]));
}
