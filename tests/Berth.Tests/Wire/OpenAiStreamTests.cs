using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>Streams of compatible servers, each odd in its way: what is whole works, what is not fails with its text kept.</summary>
public sealed class OpenAiStreamTests : IDisposable
{
    private const string Done = "data: [DONE]\n\n";
    private const string Hi = """data: {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}""" + "\n\n";
    private const string Stop = """data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";
    private const string Calls = """data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""" + "\n\n";

    private readonly ModelTable _models = new(TimeProvider.System);

    public void Dispose() => _models.Dispose();

    public static TheoryData<string, string, string> OddButWhole => new()
    {
        { "plain", Hi + Stop + Done, "Hi | stop" },
        { "no [DONE]", Hi + Stop, "Hi | stop" },
        { "no finish_reason, but [DONE]", Hi + Done, "Hi | stop" },
        { "no blank line at the end", Hi + "data: [DONE]", "Hi | stop" },
        { "no line end at the end", (Hi + Stop).TrimEnd(), "Hi | stop" },
        { "CRLF", (Hi + Stop + Done).Replace("\n", "\r\n"), "Hi | stop" },
        { "CR", (Hi + Stop + Done).Replace("\n", "\r"), "Hi | stop" },
        { "byte order mark", "\u00EF\u00BB\u00BF" + Hi + Stop + Done, "Hi | stop" },
        { "blank lines before and behind a mark", "\n \n\u00EF\u00BB\u00BF\r\n" + Hi + Stop + Done, "Hi | stop" },
        { "a thousand blanks first", new string('\n', 1_000) + Hi + Stop + Done, "Hi | stop" },
        { "leading blank lines", "\n\n\r\n" + Hi + Stop + Done, "Hi | stop" },
        { "comments", ": one\n\n" + Hi + ": two\n" + Stop + ":\n\n" + Done, "Hi | stop" },
        { "data without a space", (Hi + Stop + Done).Replace("data: ", "data:"), "Hi | stop" },
        { "event, id and retry fields", "event: message\nid: 7\nretry: 10\n" + Hi + "event: done\n" + Stop + Done, "Hi | stop" },
        { "an event over several data lines", "data: {\"choices\":[{\"delta\":\ndata: {\"content\":\"Hi\"}}]}\n\n" + Stop + Done, "Hi | stop" },
        { "empty data", "data:\n\n" + Hi + "data: \n\n" + Stop + Done, "Hi | stop" },
        { "empty choices", """data: {"choices":[]}""" + "\n\n" + Hi + Stop + Done, "Hi | stop" },
        { "choices that are null", """data: {"choices":null,"error":null}""" + "\n\n" + Hi + Stop + Done, "Hi | stop" },
        { "an event without choices", "data: {}\n\n" + Hi + Stop + Done, "Hi | stop" },
        { "a null delta", """data: {"choices":[{"delta":null}]}""" + "\n\n" + Hi + Stop + Done, "Hi | stop" },
        { "null content", """data: {"choices":[{"delta":{"role":"assistant","content":null}}]}""" + "\n\n" + Hi + Stop + Done, "Hi | stop" },
        { "unknown fields of any shape", """data: {"a":{"b":[1,{"c":2}]},"choices":[{"x":[[]],"delta":{"y":{"content":"no"},"content":"Hi"},"logprobs":{"content":[{"token":"x"}]}}]}""" + "\n\n" + Stop + Done, "Hi | stop" },
        { "an unknown finish_reason", Hi + Stop.Replace("\"stop\"", "\"eos_token\"") + Done, "Hi | eos_token" },
        { "an empty finish_reason", Hi.Replace("null", "\"\"") + Stop + Done, "Hi | stop" },
        { "length", Hi + Stop.Replace("\"stop\"", "\"length\"") + Done, "Hi | length" },
        { "a content filter", Hi + Stop.Replace("\"stop\"", "\"content_filter\"") + Done, "Hi | refusal" },
        { "a refusal", """data: {"choices":[{"delta":{"refusal":"No."}}]}""" + "\n\n" + Stop + Done, "No. | refusal" },
        { "reasoning_content", """data: {"choices":[{"delta":{"content":null,"reasoning_content":"Hm"}}]}""" + "\n\n" + Hi + Stop + Done, "Hi | Hm | stop" },
        { "reasoning", """data: {"choices":[{"delta":{"content":"","reasoning":"Hm"}}]}""" + "\n\n" + Hi + Stop + Done, "Hi | Hm | stop" },
        { "reasoning under both names", """data: {"choices":[{"delta":{"reasoning_content":"Hm","reasoning":"Hm"}}]}""" + "\n\n" + Hi + Stop + Done, "Hi | Hm | stop" },
        { "content in parts", """data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]},{"type":"text","text":"Hi"}]}}]}""" + "\n\n" + Stop + Done, "Hi | Hm | stop" },
        { "an emoji cut into two escapes", """data: {"choices":[{"delta":{"content":"a\ud83d"}}]}""" + "\n\n" + """data: {"choices":[{"delta":{"content":"\ude00b"}}]}""" + "\n\n" + Stop + Done, "a😀b | stop" },
        { "half an emoji", """data: {"choices":[{"delta":{"content":"a\ud83d"}}]}""" + "\n\n" + Hi + Stop + Done, "a\uFFFDHi | stop" },
        { "bytes that are no UTF-8", Hi.Replace("Hi", "a\u00FFb") + Stop + Done, "a\uFFFDb | stop" },
        { "escapes of every kind", Hi.Replace("Hi", """\"\\\/\n\t\u00e9""") + Stop + Done, "\"\\/\n\té | stop" },
        { "text behind [DONE]", Hi + Stop + Done + Hi, "Hi | stop" },
        { "one object instead of a stream", """{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}""", "Hi | stop" },
        { "one object with a mark and blanks around it", "\u00EF\u00BB\u00BF\r\n " + """{"choices":[{"message":{"content":"Hi","tool_calls":[{"id":"a","function":{"name":"bash","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}""" + "\n", "Hi | bash({}) | tools" },
    };

    public static TheoryData<string, string, string> CallsOfEveryKind => new()
    {
        { "in fragments", Call(0, "a", "bash", "") + Call(0, null, null, "{\\\"x\\\"") + Call(0, null, null, ":1}") + Calls + Done, "bash({\"x\":1}) | tools" },
        { "two, mixed", Call(0, "a", "bash", "") + Call(1, "b", "read", "") + Call(0, null, null, "{}") + Call(1, null, null, "{}") + Calls + Done, "bash({}) read({}) | tools" },
        { "the id repeated", Call(0, "a", "bash", "{") + Call(0, "a", null, "}") + Calls + Done, "bash({}) | tools" },
        { "id and name repeated", Call(0, "a", "bash", "{") + Call(0, "a", "bash", "}") + Calls + Done, "bash({}) | tools" },
        { "no index", Call(null, "a", "bash", "{") + Call(null, null, null, "}") + Call(null, "b", "read", "{}") + Calls + Done, "bash({}) read({}) | tools" },
        { "no index and no ids", Call(null, null, "bash", "{}") + Call(null, null, "bash", "{}") + Calls + Done, "bash({}) bash({}) | tools" },
        { "all with index 0", Call(0, "a", "bash", "{}") + Call(0, "b", "read", "{}") + Calls + Done, "bash({}) read({}) | tools" },
        { "the name in pieces", Call(0, "a", "ba", "") + Call(0, null, "sh", "{}") + Calls + Done, "bash({}) | tools" },
        { "finish_reason stop", Call(0, "a", "bash", "{}") + Stop + Done, "bash({}) | tools" },
        { "finish_reason length", Call(0, "a", "bash", "{}") + Stop.Replace("\"stop\"", "\"length\"") + Done, "bash({}) | length" },
        { "no finish_reason", Call(0, "a", "bash", "{}") + Done, "bash({}) | tools" },
        { "tool_calls without a call", Hi + Calls + Done, "Hi | stop" },
        { "arguments as an object", """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"bash","arguments":{"x": [1, {"y":2}]}}}]}}]}""" + "\n\n" + Calls + Done, "bash({\"x\": [1, {\"y\":2}]}) | tools" },
        { "arguments that are null", """data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":"bash","arguments":null}}]}}]}""" + "\n\n" + Calls + Done, "bash() | tools" },
        { "arguments before the name", """data: {"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{}","name":"bash"},"id":"a","index":0}]}}]}""" + "\n\n" + Calls + Done, "bash({}) | tools" },
        { "function_call", """data: {"choices":[{"delta":{"function_call":{"name":"bash","arguments":"{"}}}]}""" + "\n\n" + """data: {"choices":[{"delta":{"function_call":{"arguments":"}"}},"finish_reason":"function_call"}]}""" + "\n\n" + Done, "bash({}) | tools" },
        { "invalid arguments in a whole answer", Call(0, "a", "bash", "{oops") + Calls + Done, "bash({oops) | tools" },
        { "tool_calls that are null", """data: {"choices":[{"delta":{"content":"Hi","tool_calls":null,"function_call":null}}]}""" + "\n\n" + Stop + Done, "Hi | stop" },
    };

    public static TheoryData<string, string, string> CutOrSenseless => new()
    {
        { "the stream ends without a last word", Hi, "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "the stream ends within an event", Hi + "data: {\"choices\":[{\"del", "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "a call is cut", Hi + Call(0, "a", "bash", "{\\\"x\\\""), "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "a call is cut although a last word came", Hi + Call(0, "a", "bash", "{\\\"x\\\"") + Calls, "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "an error in mid-stream", Hi + """data: {"error":{"message":"GPU\u001b[2J lost","code":500}}""" + "\n\n", "Hi | FAILED: Model 'test' reported an error: GPU [2J lost" },
        { "an error as text", Hi + """data: {"error":"out of memory"}""" + "\n\n" + Done, "Hi | FAILED: Model 'test' reported an error: out of memory" },
        { "an error in a choice", Hi + """data: {"choices":[{"error":{"message":"upstream died"},"finish_reason":"error"}]}""" + "\n\n", "Hi | FAILED: Model 'test' reported an error: upstream died" },
        { "an error behind the last word", Hi + Stop + """data: {"error":"out of memory"}""" + "\n\n", "Hi | FAILED: Model 'test' reported an error: out of memory" },
        { "an error at once", """data: {"error":{"message":"overloaded"}}""" + "\n\n", "FAILED: Model 'test' reported an error: overloaded" },
        { "an error object with status 200", """{"error":{"message":"no such model"}}""", "FAILED: Model 'test' reported an error: no such model" },
        { "data that are no JSON", Hi + "data: oops\n\n" + Done, "Hi | FAILED: Model 'test' sent something that is no answer of its kind" },
        { "data that are no object", Hi + "data: [1]\n\n" + Done, "Hi | FAILED: Model 'test' sent something that is no answer of its kind" },
        { "a web page", "<!doctype html><html><head><title>Sign\u0007 in</title></head>", "FAILED: Model 'test' sent a web page, \"Sign in\" instead of an answer" },
        { "an empty body", "", "FAILED: Model 'test' sent an empty answer" },
        { "blanks only", " \r\n\n", "FAILED: Model 'test' sent an empty answer" },
        { "text", "It works!", "FAILED: Model 'test' sent an empty answer" },
        { "one object, cut", """{"choices":[{"message":{"content":"Hi"}""", "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "an object that is no answer", """{"status":"ok"}""", "FAILED: Model 'test' sent an empty answer" },
        { "a call is cut and nothing else came", Call(0, "a", "bash", "{"), "FAILED: Model 'test' broke off in the middle of its answer" },
        { "[DONE] alone", Done, "FAILED: Model 'test' sent an empty answer" },
        { "too many calls", string.Concat(Enumerable.Range(0, 300).Select(i => Call(i, $"c{i}", "bash", "{}"))) + Calls + Done, "FAILED: Model 'test' sent something that is no answer of its kind" },
    };

    [Theory]
    [MemberData(nameof(OddButWhole))]
    [MemberData(nameof(CallsOfEveryKind))]
    public async Task An_odd_but_whole_answer_works(string name, string stream, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, (await HearAsync(ModelScript.Stream(stream))).ToString());
    }

    [Theory]
    [MemberData(nameof(OddButWhole))]
    [MemberData(nameof(CallsOfEveryKind))]
    public async Task It_works_byte_by_byte_as_well(string name, string stream, string expected)
    {
        Assert.NotEmpty(name);
        var dripping = new ModelScript();
        foreach (var letter in stream)
        {
            dripping = dripping.ThenBytes(letter.ToString());
        }

        Assert.Equal(expected, (await HearAsync(dripping.AndNoMore())).ToString());
    }

    [Theory]
    [MemberData(nameof(CutOrSenseless))]
    public async Task A_cut_or_senseless_answer_fails_and_its_text_is_kept(string name, string stream, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, (await HearAsync(ModelScript.Stream(stream))).ToString());
    }

    private async Task<Heard> HearAsync(ModelScript script)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(script);
        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));
        Assert.Equal(1, server.Count);
        return heard;
    }

    private static string Call(int? index, string? id, string? name, string arguments)
    {
        var fields = new List<string>();
        if (index is not null)
        {
            fields.Add($"\"index\":{index}");
        }

        if (id is not null)
        {
            fields.Add($"\"id\":\"{id}\",\"type\":\"function\"");
        }

        fields.Add($"\"function\":{{{(name is null ? "" : $"\"name\":\"{name}\",")}\"arguments\":\"{arguments}\"}}");
        return $"data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"tool_calls\":[{{{string.Join(',', fields)}}}]}},\"finish_reason\":null}}]}}\n\n";
    }
}
