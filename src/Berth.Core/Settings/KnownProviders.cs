namespace Berth.Core.Settings;

/// <summary>A provider whose models can be named at once, as <c>NAME/MODEL</c>.</summary>
/// <param name="Name">The first words of the name; the longest row that fits counts.</param>
/// <param name="Wire">"openai" or "anthropic": which of the two wires it speaks.</param>
/// <param name="BaseUrl">Where its API is.</param>
/// <param name="Variables">Environment variables for its key, the usual one first; empty when it takes none.</param>
/// <param name="DefaultModel">What is used when nothing but the key is there; null: never chosen by itself.</param>
/// <param name="BaseUrlVariable">A variable that moves the base URL, where the provider's own programs know one.</param>
public sealed record KnownProvider(
    string Name, string Wire, Uri BaseUrl, IReadOnlyList<string> Variables, string? DefaultModel = null,
    string? BaseUrlVariable = null)
{
    /// <summary>Whether a call without a key makes no sense.</summary>
    public bool NeedsKey => Variables.Count > 0;
}

/// <summary>
/// The providers Berth knows, from their own documentation. With several keys in the environment and no model
/// configured, the first row counts.
/// </summary>
public static class KnownProviders
{
    private const string OpenAi = "openai";
    private const string Anthropic = "anthropic";

    /// <summary>Who made a model, by how its name begins: OpenRouter's names have the maker in front.</summary>
    private static readonly (string Begin, string Maker)[] OpenRouterMakers =
    [
        ("gpt-", "openai"), ("o1", "openai"), ("o3", "openai"), ("o4", "openai"), ("claude-", "anthropic"),
        ("gemini-", "google"), ("gemma-", "google"), ("deepseek-", "deepseek"), ("kimi-", "moonshotai"),
        ("glm-", "z-ai"), ("qwen", "qwen"), ("grok-", "x-ai"), ("mistral-", "mistralai"), ("codestral-", "mistralai"),
        ("devstral-", "mistralai"), ("llama-", "meta-llama"), ("minimax-", "minimax"),
    ];

    /// <summary>The table.</summary>
    public static IReadOnlyList<KnownProvider> All { get; } =
    [
        new("openai", OpenAi, new("https://api.openai.com/v1"), ["OPENAI_API_KEY"], "gpt-5.5", "OPENAI_BASE_URL"),
        new("anthropic", Anthropic, new("https://api.anthropic.com"), ["ANTHROPIC_API_KEY"], "claude-sonnet-4-6",
            "ANTHROPIC_BASE_URL"),
        new("openrouter", OpenAi, new("https://openrouter.ai/api/v1"), ["OPENROUTER_API_KEY"], "openai/gpt-5.5"),
        new("deepseek", OpenAi, new("https://api.deepseek.com/v1"), ["DEEPSEEK_API_KEY"], "deepseek-v4-pro"),
        new("gemini", OpenAi, new("https://generativelanguage.googleapis.com/v1beta/openai"),
            ["GEMINI_API_KEY", "GOOGLE_API_KEY"], "gemini-3.1-pro-preview"),
        new("moonshot", OpenAi, new("https://api.moonshot.ai/v1"), ["MOONSHOT_API_KEY"], "kimi-k2.5"),
        new("moonshot/cn", OpenAi, new("https://api.moonshot.cn/v1"), ["MOONSHOT_API_KEY"]),
        new("zhipu", OpenAi, new("https://open.bigmodel.cn/api/paas/v4"), ["ZHIPU_API_KEY", "ZHIPUAI_API_KEY"],
            "glm-5.1"),
        new("zhipu/coding", OpenAi, new("https://open.bigmodel.cn/api/coding/paas/v4"),
            ["ZHIPU_API_KEY", "ZHIPUAI_API_KEY"]),
        new("qwen", OpenAi, new("https://dashscope.aliyuncs.com/compatible-mode/v1"), ["DASHSCOPE_API_KEY"],
            "qwen3-coder-plus"),
        new("volcengine", OpenAi, new("https://ark.cn-beijing.volces.com/api/v3"),
            ["ARK_API_KEY", "VOLCENGINE_API_KEY"], "doubao-seed-2-0-pro-260215"),
        new("volcengine/coding", OpenAi, new("https://ark.cn-beijing.volces.com/api/coding/v3"),
            ["ARK_API_KEY", "VOLCENGINE_API_KEY"]),
        new("groq", OpenAi, new("https://api.groq.com/openai/v1"), ["GROQ_API_KEY"], "openai/gpt-oss-120b"),
        new("mistral", OpenAi, new("https://api.mistral.ai/v1"), ["MISTRAL_API_KEY"], "devstral-latest"),
        new("xai", OpenAi, new("https://api.x.ai/v1"), ["XAI_API_KEY"], "grok-4"),
        new("ollama", OpenAi, new("http://localhost:11434/v1"), []),
        new("lmstudio", OpenAi, new("http://localhost:1234/v1"), []),
        new("llamacpp", OpenAi, new("http://localhost:8080/v1"), []),
    ];

    /// <summary>The provider of this name, as <c>provider:NAME</c> gives it; null when there is none.</summary>
    public static KnownProvider? Find(string name) => All.FirstOrDefault(provider => provider.Name == name);

    /// <summary>Splits <c>provider/model</c>; null when it names no known provider, or no model.</summary>
    public static (KnownProvider Provider, string Model)? Split(string name)
    {
        var provider = All
            .Where(one => name.Length > one.Name.Length + 1 && name[one.Name.Length] == '/' && name.StartsWith(one.Name))
            .MaxBy(one => one.Name.Length);
        return provider is null ? null : (provider, ModelOf(provider, name[(provider.Name.Length + 1)..]));
    }

    private static string ModelOf(KnownProvider provider, string model)
    {
        if (provider.Name != "openrouter" || model.Contains('/'))
        {
            return model;
        }

        foreach (var (begin, maker) in OpenRouterMakers)
        {
            if (model.StartsWith(begin))
            {
                return $"{maker}/{model}";
            }
        }

        return model;
    }
}
