namespace Berth.Core.Models;

/// <summary>Recognizes a refusal that means: more tokens than the model takes. Every provider has its own words for it.</summary>
internal static class TooLongWords
{
    // From the providers' documentation and servers; in lower case.
    private static readonly string[] Words =
    [
        "context_length_exceeded", // OpenAI and those that follow it: the error's code
        "context length", // "This model's maximum context length is …": OpenAI, DeepSeek, vLLM, Mistral, OpenRouter, LM Studio
        "context window", // "Your input exceeds the context window of this model": OpenAI
        "context limit", // "input length and `max_tokens` exceed context limit": Anthropic
        "context size", // "the request exceeds the available context size": llama.cpp
        "exceed_context_size", // its error's type
        "prompt is too long", // Anthropic
        "request_too_large", // its error's type for the bytes of a request
        "input is too long", // Bedrock
        "input token count", // "The input token count (…) exceeds the maximum number of tokens allowed": Gemini
        "maximum prompt length", // xAI
        "prompt exceeds max length", // Zhipu
        "range of input length", // "Range of input length should be [1, …]": Qwen
        "token length too long", // "Input token length too long": Moonshot
        "exceeded model token limit", // Moonshot
        "exceed max message tokens", // "Total tokens of image and text exceed max message tokens": Volcengine
        "reduce the length of the messages", // Groq
    ];

    /// <summary>Whether a refusal says that the request is too long for the model.</summary>
    /// <param name="status">The HTTP status; 0 for an error inside of an answer.</param>
    /// <param name="body">The server's own words.</param>
    public static bool Fit(int status, string body)
    {
        // A limit on tokens a minute is met by waiting, and a wrong key by no summary.
        if (status is 401 or 402 or 403 or 404 or 429 || body.Contains("per minute", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        return status == 413 || Array.Exists(Words, words => body.Contains(words, StringComparison.OrdinalIgnoreCase));
    }
}
