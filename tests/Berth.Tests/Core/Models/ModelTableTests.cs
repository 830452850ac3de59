using System.Net;
using System.Text.Json;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Tests.Testing;
using Berth.Tests.Wire;
using Xunit;

namespace Berth.Tests.Core.Models;

public sealed class ModelTableTests : IDisposable
{
    private readonly ModelTable _models = new(TimeProvider.System);

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData("http://h", "http://h/v1/chat/completions")]
    [InlineData("http://h/", "http://h/v1/chat/completions")]
    [InlineData("http://h:8080/v1", "http://h:8080/v1/chat/completions")]
    [InlineData("https://h/v1/", "https://h/v1/chat/completions")]
    [InlineData("https://h/api/v3", "https://h/api/v3/chat/completions")]
    [InlineData("https://h/api/paas/v4/", "https://h/api/paas/v4/chat/completions")]
    [InlineData("https://h/v1beta/openai/", "https://h/v1beta/openai/chat/completions")]
    [InlineData("https://h/openai", "https://h/openai/v1/chat/completions")]
    [InlineData("https://h/any/chat/completions", "https://h/any/chat/completions")]
    [InlineData("https://h/v1?api-version=7", "https://h/v1/chat/completions?api-version=7")]
    public void A_base_url_may_be_written_in_many_ways(string baseUrl, string address) =>
        Assert.Equal(address, ModelAddress.Of(new Uri(baseUrl), "chat/completions").AbsoluteUri);

    [Theory]
    [InlineData("openai", "", "/v1/chat/completions")]
    [InlineData("openai", "/v1", "/v1/chat/completions")]
    [InlineData("openai", "/v1/chat/completions", "/v1/chat/completions")]
    [InlineData("anthropic", "", "/v1/messages")]
    [InlineData("anthropic", "/v1/", "/v1/messages")]
    public async Task Every_provider_is_found_with_and_without_a_version(string provider, string path, string asked)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers("Here.");
        var settings = WireTest.Settings(new Uri($"http://127.0.0.1:{server.Port}{path}"), provider);

        Assert.Equal("Here. | stop", (await _models.Create(settings, null).HearAsync(WireTest.Ask("Go."))).ToString());
        Assert.Equal(asked, server.Requests[0].Path);
    }

    [Fact]
    public async Task Keys_and_headers_go_out_and_a_configured_header_replaces_ours()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Text("ok"));
        var openai = WireTest.Settings(server.BaseUrl);
        var headers = new Dictionary<string, string> { ["authorization"] = "Token x", ["X-Title"] = "berth" };

        await _models.Create(openai, " sk-1\n").HearAsync(WireTest.Ask("Go."));
        await _models.Create(openai with { Headers = headers }, "sk-1").HearAsync(WireTest.Ask("Go."));
        await _models.Create(openai with { Provider = "anthropic" }, "sk-ant").HearAsync(WireTest.Ask("Go."));
        await _models.Create(openai, null).HearAsync(WireTest.Ask("Go."));

        Assert.Equal(["Bearer sk-1", "Token x", null, null],
            server.Requests.Select(r => r.Headers.GetValueOrDefault("Authorization")));
        Assert.Equal("berth", server.Requests[1].Headers["X-Title"]);
        Assert.Equal("sk-ant", server.Requests[2].Headers["x-api-key"]);
        Assert.Equal("2023-06-01", server.Requests[2].Headers["anthropic-version"]);
        Assert.All(server.Requests, r => Assert.StartsWith("berth/", r.Headers["User-Agent"]));
    }

    public static TheoryData<ModelSettings, string?, string> Impossible => new()
    {
        { new("m", "opanai", "x"), null, "Model 'm' has the unknown provider 'opanai'" },
        { new("m", "openai", "x", Key: "env:M_KEY"), null, "Model 'm' has no key: the variable M_KEY is not set" },
        { new("m", "openai", "x", Key: "stored"), " ", "Model 'm' has no key" },
        { new("m", "openai", "x"), "sk-1\r\nX-Evil: 1", "Model 'm' has a key with characters that no key has" },
        { new("m", "openai", "x", new Uri("ftp://h/v1")), null, "Model 'm' has a base_url that is no plain http or https address" },
        { new("m", "openai", "x", new Uri("http://me:pw@h/v1")), null, "Model 'm' has a base_url that is no plain http or https address" },
        { new("m", "openai", "x") { Headers = new Dictionary<string, string> { ["A:b"] = "c" } }, null, "Model 'm' has an impossible header 'A:b'" },
        { new("m", "openai", "x") { Headers = new Dictionary<string, string> { ["A"] = "c\nd" } }, null, "Model 'm' has an impossible header 'A'" },
        { new("m", "anthropic", "x") { Parameters = new Dictionary<string, JsonElement> { ["messages"] = default } }, null, "Model 'm' has the parameter 'messages', which Berth writes itself" },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Settings_that_cannot_work_are_refused_in_words(ModelSettings settings, string? key, string words) =>
        Assert.Equal(words, Assert.Throws<ModelFailure>(() => _models.Create(settings, key)).Message);

    [Theory]
    [InlineData("""{"usage":{"prompt_tokens":9,"completion_tokens":4,"total_tokens":13}}""", 9, 4, 0)]
    [InlineData("""{"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":{"cached_tokens":5,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3}}}""", 9, 4, 5)]
    [InlineData("""{"usage":{"prompt_tokens":9,"completion_tokens":4,"prompt_tokens_details":null,"prompt_cache_hit_tokens":5,"prompt_cache_miss_tokens":4}}""", 9, 4, 5)]
    [InlineData("""{"usage":{"prompt_tokens":9,"completion_tokens":4,"cached_tokens":5}}""", 9, 4, 5)]
    [InlineData("""{"usage":{"input_tokens":9,"output_tokens":4,"input_tokens_details":{"cached_tokens":5}}}""", 9, 4, 5)]
    [InlineData("""{"usage":{"input_tokens":9,"output_tokens":4,"cache_read_input_tokens":5}}""", 9, 4, 5)]
    [InlineData("""{"x_groq":{"id":"r","usage":{"queue_time":0.1,"prompt_tokens":9,"completion_tokens":4}}}""", 9, 4, 0)]
    [InlineData("""{"choices":[{"delta":{},"usage":{"prompt_tokens":9,"completion_tokens":4}}]}""", 9, 4, 0)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":9.5,"completion_tokens":"4","cached_tokens":{"a":1}}}""", 0, 0, 0)]
    [InlineData("""{"usage":{"prompt_tokens":3,"cached_tokens":9}}""", 3, 0, 3)]
    [InlineData("""{"usage":[1]}""", 0, 0, 0)]
    public async Task Token_counts_are_found_in_every_spelling(string piece, long input, long output, long cached)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Text("Hi").ThenBytes($"data: {piece}\n\n").CountsNothing());

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));

        Assert.Equal(new TokenCount(input, output, cached), heard.Answer!.Tokens);
    }

    [Fact]
    public async Task Counts_that_come_with_every_piece_count_once()
    {
        await using var server = ScriptedModelServer.Start();
        static string Piece(int n) => $$$"""data: {"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":9,"completion_tokens":{{{n}}}}}""" + "\n\n";
        server.Answers(new ModelScript().ThenBytes(Piece(1) + Piece(2) + Piece(3)).CountsNothing());

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));

        Assert.Equal(new TokenCount(9, 3, 0), heard.Answer!.Tokens);
    }

    [Fact]
    public async Task Sixteen_answers_at_once_do_not_hear_each_other()
    {
        await using var server = ScriptedModelServer.Start();
        var gate = new ModelGate();
        server.Answers(r => ModelScript.Words(100, r.LastUser + ".").HoldFor(gate).ThenText($"end of {r.LastUser}"));

        var hearing = Enumerable.Range(0, 16)
            .Select(i => _models.Create(WireTest.Settings(server.BaseUrl, i % 2 == 0 ? "openai" : "anthropic"), null)
                .HearAsync(WireTest.Ask($"marker-{i}"))).ToList();
        await server.RequestAsync(16);
        gate.Open();
        var heard = await Task.WhenAll(hearing);

        Assert.All(heard.Index(), one => Assert.Equal(
            string.Concat(Enumerable.Range(1, 100).Select(n => $"marker-{one.Index}.{n} ")) + $"end of marker-{one.Index}",
            one.Item.Text));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080/v1", null)]
    [InlineData("http://localhost/v1", null)]
    [InlineData("http://[::1]:9/v1", null)]
    [InlineData("https://api.example.com/v1", "http://proxy:3128/")]
    public void A_model_on_this_machine_is_never_asked_for_through_a_proxy(string address, string? proxy) =>
        Assert.Equal(proxy, new LocalBypass(new WebProxy("http://proxy:3128")).GetProxy(new Uri(address))?.AbsoluteUri);
}
