using System.Net;
using System.Text;
using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>The scripted server refuses what a strict provider refuses; without that the tests that lean on it prove nothing.</summary>
public sealed class StrictServerTests
{
    private const string Chat = "chat/completions";
    private const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"bash","arguments":"{}"}}]}""";
    private const string Result = """{"role":"tool","tool_call_id":"a","content":"x"}""";
    private const string User = """{"role":"user","content":"x"}""";
    private const string Use = """{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"bash","input":{}}]}""";
    private const string Used = """{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"x"}]}""";

    [Theory]
    [InlineData($"[{User}]")]
    [InlineData($"[{User},{Call},{Result}]")]
    [InlineData($"[{User},{Call},{Result},{User}]")]
    public async Task A_valid_chat_is_answered(string messages) => Assert.Null(await FaultOfAsync(Chat, Body(messages)));

    [Theory]
    [InlineData($"[{User}]")]
    [InlineData($"[{User},{Use},{Used}]")]
    public async Task Valid_messages_are_answered(string messages) => Assert.Null(await FaultOfAsync("messages", Body(messages)));

    [Theory]
    [InlineData("[]", "messages of the body is empty")]
    [InlineData("""[{"role":"user","content":""}]""", "content of message 0 is empty")]
    [InlineData("""[{"role":"user","content":[]}]""", "content of message 0 is empty")]
    [InlineData("""[{"role":"user","content":null}]""", "message 0 has no array content")]
    [InlineData("""[{"role":"robot","content":"x"}]""", "message 0 has the unknown role robot")]
    [InlineData("""[{"role":"user","content":"x","extra":1}]""", "message 0 has the unknown field extra")]
    [InlineData($$"""[{{User}},{"role":"system","content":"x"}]""", "message 1 is a system message that is not the first")]
    [InlineData($"[{User},{Call}]", "the calls a have no results")]
    [InlineData($"[{User},{Call},{User}]", "message 2 stands before the results of the calls a")]
    [InlineData($"[{User},{Call},{Result},{Result}]", "message 3 answers the call a, which is not open")]
    [InlineData($"[{User},{Call},{Result},{Call},{Result}]", "message 3 has the call id a again, or it is too long")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":""}]""", "content of message 1 is empty")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":"x"}]""", "the last message is from assistant")]
    [InlineData($$"""[{{User}},{"role":"assistant","tool_calls":[]}]""", "tool_calls of message 1 is empty")]
    [InlineData($$"""[{{User}},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"bash","arguments":"{oops"} }]}]""", "the arguments of call a are no JSON object")]
    [InlineData($$"""[{{User}},{"role":"assistant","tool_calls":[{"id":"a","type":"function","function":{"name":"a.b","arguments":"{}"} }]}]""", "the name of call a is 'a.b'")]
    [InlineData("""[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,?"}}]}]""", "the image of message 0 is no base64")]
    [InlineData("""[{"role":"user","content":"x","content":"y"}]""", "The body is no JSON")]
    [InlineData("""[{"role":"user","content":"\ud83d"}]""", "A value has the wrong kind, or a string is no Unicode text")]
    public async Task A_chat_that_is_not_valid_is_refused_with_words(string messages, string words) =>
        Assert.StartsWith(words, await FaultOfAsync(Chat, Body(messages)));

    [Theory]
    [InlineData($"[{User},{User}]", "message 1 is from user: user and assistant must take turns")]
    [InlineData($"[{User},{Use},{User}]", "message 2 has no results of the calls a")]
    [InlineData($"[{User},{Use}]", "the calls a have no results")]
    [InlineData($$"""[{{User}},{{Use}},{"role":"user","content":[{"type":"text","text":"x"},{"type":"tool_result","tool_use_id":"a","content":"x"}]}]""", "message 2 has text before the results of all calls")]
    [InlineData($$"""[{{User}},{{Use}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"b","content":"x"}]}]""", "message 2 answers the call b, which is not open")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":[{"type":"text","text":" "}]},{{User}}]""", "text of message 1 is empty")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":[{"type":"tool_use","id":"a.b","name":"x","input":{} }]},{{User}}]""", "the call id a.b has other than letters")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"x","input":[]}]},{{User}}]""", "the input of call a is no object")]
    [InlineData($$"""[{{User}},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":""}]},{{User}}]""", "signature of message 1 is empty")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_use","id":"a","name":"x","input":{}}]}]""", "message 0 from user has a block of the type tool_use")]
    public async Task Messages_that_are_not_valid_are_refused_with_words(string messages, string words) =>
        Assert.StartsWith(words, await FaultOfAsync("messages", Body(messages)));

    [Theory]
    [InlineData(Chat, """{"model":"m"}""", "the body has no array messages")]
    [InlineData(Chat, "{", "The body is no JSON")]
    [InlineData(Chat, $$"""{"model":"m","messages":[{{User}}],"stream_options":{} }""", "stream_options without stream")]
    [InlineData(Chat, $$"""{"model":"m","messages":[{{User}}],"tools":[]}""", "tools of the body is empty")]
    [InlineData("messages", $$"""{"model":"m","messages":[{{User}}]}""", "max_tokens is missing")]
    [InlineData("models", "{}", "/v1/models is not known here")]
    public async Task A_body_that_is_not_valid_is_refused_with_words(string path, string body, string words) =>
        Assert.StartsWith(words, await FaultOfAsync(path, body));

    [Fact]
    public async Task More_than_four_cache_marks_are_refused()
    {
        var block = """{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""";

        Assert.StartsWith("5 cache_control marks are more than 4", await FaultOfAsync("messages",
            Body($$"""[{"role":"user","content":[{{string.Join(',', Enumerable.Repeat(block, 5))}}]}]""")));
    }

    private static string Body(string messages) => $$"""{"model":"m","max_tokens":5,"messages":{{messages}}}""";

    private static async Task<string?> FaultOfAsync(string path, string body)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers("ok");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.BaseUrl}/{path}");
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await http.SendAsync(request);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return null;
        }

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return error.RootElement.GetProperty("error").GetProperty("message").GetString();
    }
}
