namespace Berth.Core.Settings;

/// <summary>
/// Which models take images, as far as their names say it: the default of the field <c>images</c>. A wrong guess costs
/// little: a server that refuses an image is asked again without it.
/// </summary>
internal static class ImageModels
{
    // By how a name begins behind the last slash, from the providers' own lists. The first row that fits counts.
    private static readonly (string Begin, bool Takes)[] Known =
    [
        ("claude-2", false), ("claude-", true),
        ("gpt-4o", true), ("gpt-4.1", true), ("gpt-4-turbo", true), ("gpt-5", true), ("chatgpt-", true),
        ("o1-mini", false), ("o1-preview", false), ("o3-mini", false), ("o1", true), ("o3", true), ("o4", true),
        ("gemini-", true), ("gemma-3", true),
        ("grok-2-vision", true), ("grok-4", true),
        ("kimi-k2.5", true), ("kimi-latest", true),
        ("doubao-seed-", true), ("qwen3.5-", true),
        ("pixtral-", true), ("mistral-large", true), ("mistral-medium", true), ("mistral-small", true),
        ("llama-4-", true), ("minicpm-v", true), ("llava", true),
    ];

    // Words within names that say so.
    private static readonly string[] Marks = ["-vl", "vl-", "vision", "-omni", "-4v", "4.5v", "4.6v", "4.1v"];

    /// <summary>Whether a model is sent images when nobody said.</summary>
    public static bool Takes(string provider, string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        foreach (var (begin, takes) in Known)
        {
            if (name.StartsWith(begin, StringComparison.Ordinal))
            {
                return takes;
            }
        }

        return provider == "anthropic" || Marks.Any(name.Contains);
    }
}
