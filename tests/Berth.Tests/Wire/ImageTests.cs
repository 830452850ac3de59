using System.Text.Json;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>Images on both wires: which go out, what is said of those that do not, and a server that wants none.</summary>
public sealed class ImageTests : IDisposable
{
    private readonly ModelTable models = new(TimeProvider.System);

    public void Dispose() => models.Dispose();

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task Images_of_messages_and_results_reach_a_model_that_takes_them(string provider)
    {
        var (images, text) = await SentAsync(provider, takes: true, Conversation("one", "two"));

        Assert.Equal(["one", "two"], images);
        Assert.DoesNotContain("left out", text);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_model_that_takes_none_is_told_in_words(string provider)
    {
        var (images, text) = await SentAsync(provider, takes: false, Conversation("one", "two"));

        Assert.Empty(images);
        Assert.Contains("Look.\n\n(images left out, because this model takes none: 1)", text);
        Assert.Equal(2, text.Split("takes none").Length - 1);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_file_that_is_gone_is_told_in_words(string provider)
    {
        var request = Conversation("one", "gone") with { ImageBytes = id => id == "gone" ? null : WireTest.ImageBytes(id) };

        var (images, text) = await SentAsync(provider, takes: true, request);

        Assert.Equal(["one"], images);
        Assert.Contains("(images left out, because their files are gone: 1)", text);
    }

    [Theory]
    [InlineData("openai", "messages[1].content must be a string")]
    [InlineData("openai", "No endpoints found that support image input")]
    [InlineData("anthropic", "messages.0.content.1.image.source.base64: Could not process image")]
    public async Task A_server_that_refuses_an_image_is_asked_again_without_it_and_is_not_sent_it_again(string provider, string refusal)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(400, refusal)).Answers("Blind.").Answers("Still blind.").Answers("Seen.");
        var model = models.Create(WireTest.Settings(server.BaseUrl, provider) with { Images = true }, null);

        var first = await model.HearAsync(Conversation("one", "two"));
        await model.HearAsync(Conversation("one", "two"));
        await model.HearAsync(Conversation("one", "three"));

        Assert.Equal("Blind. | stop", first.ToString());
        Assert.Equal(["one two", "", "", "three"], server.Requests.Select(r => string.Join(' ', Images(r.Body))));
        Assert.Contains("because the model's server refused them: 1", server.Requests[1].Body.GetRawText());
        Assert.All(server.Requests, r => Assert.Null(r.Fault));
    }

    [Fact]
    public async Task A_refusal_without_images_in_the_request_stays_one()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(400, "image models are not for you"));
        var model = models.Create(WireTest.Settings(server.BaseUrl) with { Images = true }, null);

        var heard = await model.HearAsync(WireTest.Ask("Hi."));

        Assert.Equal("FAILED: Model 'test' answered 400 Scripted: image models are not for you", heard.ToString());
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task Of_very_many_images_the_older_half_goes_and_then_the_rest_stays_for_a_while()
    {
        var firsts = new List<string>();
        for (var count = Limits.ImagesPerRequest; count <= Limits.ImagesPerRequest + 12; count++)
        {
            var request = WireTest.Request([.. Enumerable.Range(1, count).Select(n => new UserEntry("Look.", [Png($"{n}")]))]);
            var (images, _) = await SentAsync("openai", takes: true, request);
            firsts.Add(images[0]);
            Assert.Equal($"{count}", images[^1]);
        }

        Assert.Equal(["1", .. Enumerable.Repeat("12", 11), "23"], firsts);
    }

    [Fact]
    public async Task Images_over_the_bytes_of_one_request_go_in_halves_too()
    {
        const int Large = (int)(Limits.ImageBytesPerRequest / 6);
        var request = WireTest.Request(
            [.. Enumerable.Range(1, 7).Select(n => new UserEntry("Look.", [new ImageData($"{n}", "image/png", Large)]))]);

        var (images, text) = await SentAsync("anthropic", takes: true, request);

        Assert.Equal(["5", "6", "7"], images);
        Assert.Contains("because newer ones take their place: 1", text);
    }

    [Theory]
    [InlineData("openai", "gpt-5.5", true)]
    [InlineData("openai", "gpt-oss-120b", false)]
    [InlineData("openai", "openai/gpt-5.5", true)]
    [InlineData("openai", "anthropic/claude-sonnet-4-6", true)]
    [InlineData("openai", "deepseek-v4-pro", false)]
    [InlineData("openai", "qwen3-vl-plus", true)]
    [InlineData("openai", "qwen3-coder-plus", false)]
    [InlineData("openai", "glm-5.1", false)]
    [InlineData("openai", "o3-mini", false)]
    [InlineData("openai", "o3", true)]
    [InlineData("anthropic", "claude-sonnet-4-6", true)]
    [InlineData("anthropic", "some-model", true)]
    [InlineData("demo", "demo", false)]
    public void Without_a_setting_the_name_decides(string provider, string model, bool takes)
    {
        Assert.Equal(takes, new ModelSettings("m", provider, model).TakesImages);
        Assert.Equal(!takes, (new ModelSettings("m", provider, model) with { Images = !takes }).TakesImages);
    }

    private async Task<(IReadOnlyList<string> Images, string Text)> SentAsync(string provider, bool takes, ModelRequest request)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers("I see.");
        var model = models.Create(WireTest.Settings(server.BaseUrl, provider) with { Images = takes }, null);

        var heard = await model.HearAsync(request);

        Assert.Equal("I see. | stop", heard.ToString());
        return ([.. Images(server.Requests[0].Body)], Texts(server.Requests[0].Body));
    }

    private static ModelRequest Conversation(string first, string second) => WireTest.Request(
        new UserEntry("Look.", [Png(first)]), new AssistantEntry("", [new ModelToolCall("c1", "read", "{}")]),
        new ToolResultEntry("c1", "a picture", false, [Png(second)]), new UserEntry("And?"));

    private static ImageData Png(string id) => new(id, "image/png", id.Length);

    private static IEnumerable<string> Images(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject().SelectMany(f => f.Name switch
        {
            "data" => [Plain(f.Value.GetString()!)],
            "url" => [Plain(f.Value.GetString()!.Split(',')[1])],
            _ => Images(f.Value),
        }),
        JsonValueKind.Array => json.EnumerateArray().SelectMany(Images),
        _ => [],
    };

    private static string Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => string.Join('\n', json.EnumerateObject().Select(f => Texts(f.Value))),
        JsonValueKind.Array => string.Join('\n', json.EnumerateArray().Select(Texts)),
        JsonValueKind.String => json.GetString()!,
        _ => "",
    };

    private static string Plain(string base64) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
}
