using Berth.Core.Models;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Models;

/// <summary>Each provider has its own words for a request that does not fit, and other refusals are none.</summary>
public sealed class TooLongTests
{
    [Theory]
    [InlineData(400, """{"error":{"message":"This model's maximum context length is 128000 tokens. However, your messages resulted in 130000 tokens.","code":"context_length_exceeded"}}""")]
    [InlineData(400, """{"error":{"message":"Your input exceeds the context window of this model."}}""")]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 212345 tokens > 200000 maximum"}}""")]
    [InlineData(400, """{"error":{"message":"input length and `max_tokens` exceed context limit: 190000 + 32000 > 200000"}}""")]
    [InlineData(413, """{"type":"error","error":{"type":"request_too_large"}}""")]
    [InlineData(400, """[{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)."}}]""")]
    [InlineData(400, """{"error":"This model's maximum prompt length is 131072 but the request contains 140000 tokens."}""")]
    [InlineData(500, """{"error":{"message":"the request exceeds the available context size. try increasing the context size","type":"exceed_context_size_error"}}""")]
    [InlineData(0, "Input token length too long")]
    public void Words_that_mean_too_long(int status, string body) => Assert.True(TooLongWords.Fit(status, body));

    [Theory]
    [InlineData(429, """{"error":{"message":"Rate limit reached: context length"}}""")]
    [InlineData(413, """{"error":{"message":"Request too large for model in organization on tokens per minute (TPM): Limit 6000"}}""")]
    [InlineData(401, "context_length_exceeded")]
    [InlineData(400, """{"error":{"message":"max_tokens is too large"}}""")]
    [InlineData(500, "Internal Server Error")]
    public void And_words_that_do_not(int status, string body) => Assert.False(TooLongWords.Fit(status, body));

    [Theory]
    [InlineData("gpt-5.5", 400_000L)]
    [InlineData("openai/gpt-5.5", 400_000L)]
    [InlineData("gpt-5-chat-latest", 128_000L)]
    [InlineData("claude-sonnet-4-6", 200_000L)]
    [InlineData("kimi-k2.5", 262_144L)]
    [InlineData("gpt-4oo", null)]
    [InlineData("somebody-s-model", null)]
    public void What_well_known_models_take(string model, long? tokens) => Assert.Equal((tokens, null), (KnownContexts.Of(null, model), KnownContexts.Of(new("http://localhost:11434/v1"), model)));
}
