using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>Streams on Anthropic's wire: whole ones work, cut or senseless ones fail with their text kept.</summary>
public sealed class AnthropicStreamTests : IDisposable
{
    private static readonly string Start = Event(
        """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":20,"cache_read_input_tokens":30,"output_tokens":1}}}""");

    private static readonly string Hi = Block(0, """{"type":"text","text":""}""", """{"type":"text_delta","text":"H"}""", """{"type":"text_delta","text":"i"}""");
    private static readonly string Bash = Block(1, """{"type":"tool_use","id":"toolu_1","name":"bash","input":{}}""", """{"type":"input_json_delta","partial_json":""}""", """{"type":"input_json_delta","partial_json":"{\"x\""}""", """{"type":"input_json_delta","partial_json":":1}"}""");
    private static readonly string Ping = Event("""{"type":"ping"}""");
    private static readonly string Close = Event("""{"type":"message_stop"}""");

    private readonly ModelTable _models = new(TimeProvider.System);

    public void Dispose() => _models.Dispose();

    public static TheoryData<string, string, string> Whole => new()
    {
        { "text", Start + Ping + Hi + Ending("end_turn") + Close, "Hi | stop" },
        { "text and a call", Start + Hi + Bash + Ending("tool_use") + Close, "Hi | bash({\"x\":1}) | tools" },
        { "no message_stop", Start + Hi + Bash + Ending("tool_use"), "Hi | bash({\"x\":1}) | tools" },
        { "no stop_reason", Start + Hi + Close, "Hi | stop" },
        { "a stop sequence", Start + Hi + Ending("stop_sequence") + Close, "Hi | stop" },
        { "max_tokens", Start + Hi + Ending("max_tokens") + Close, "Hi | length" },
        { "a full context window", Start + Hi + Ending("model_context_window_exceeded") + Close, "Hi | length" },
        { "refusal", Start + Ending("refusal") + Close, "refusal" },
        { "an unknown stop_reason", Start + Hi + Ending("pause_turn") + Close, "Hi | pause_turn" },
        { "thinking", Start + Block(0, """{"type":"thinking","thinking":"","signature":""}""", """{"type":"thinking_delta","thinking":"Hm"}""", """{"type":"signature_delta","signature":"abc"}""") + Hi.Replace("\"index\":0", "\"index\":1") + Ending("end_turn") + Close, "Hi | Hm | stop" },
        { "a call whose input came at once", Start + Block(0, """{"type":"tool_use","id":"a","name":"bash","input":{"x":1}}""") + Ending("tool_use") + Close, "bash({\"x\":1}) | tools" },
        { "a call without input", Start + Block(0, """{"type":"tool_use","id":"a","name":"bash","input":{}}""") + Ending("tool_use") + Close, "bash({}) | tools" },
        { "a call with invalid input", Start + Block(0, """{"type":"tool_use","id":"a","name":"bash","input":{}}""", """{"type":"input_json_delta","partial_json":"{oops"}""") + Ending("tool_use") + Close, "bash({oops) | tools" },
        { "the index behind the delta", Start + Event("""{"content_block":{"text":"H","type":"text"},"index":0,"type":"content_block_start"}""") + Event("""{"delta":{"text":"i","type":"text_delta"},"index":0,"type":"content_block_delta"}""") + Ending("end_turn") + Close, "Hi | stop" },
        { "blocks and events that are not known", Start + Event("""{"type":"news","a":[{"b":1}]}""") + Block(0, """{"type":"server_tool_use","id":"s","name":"web","input":{}}""", """{"type":"citations_delta","citation":{"text":{"x":1}}}""") + Hi.Replace("\"index\":0", "\"index\":1") + Ending("end_turn") + Close, "Hi | stop" },
        { "[DONE] behind it", Start + Hi + Ending("end_turn") + "data: [DONE]\n\n", "Hi | stop" },
        { "CRLF and no event names", (Start + Hi + Ending("end_turn") + Close).Replace("event: x\n", "").Replace("\n", "\r\n"), "Hi | stop" },
        { "no usage", Event("""{"type":"message_start","message":{"content":[],"usage":null}}""") + Hi + Close, "Hi | stop" },
        { "one object instead of a stream", """{"type":"message","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"text","text":"Hi"},{"type":"tool_use","id":"a","name":"bash","input":{"x":1}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4}}""", "Hi | Hm | bash({\"x\":1}) | tools" },
    };

    public static TheoryData<string, string, string> CutOrSenseless => new()
    {
        { "cut in the text", Start + Hi, "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "cut in a call", Start + Hi + Bash, "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "cut in an event", Start + Hi + "event: x\ndata: {\"type\":", "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "cut arguments behind a stop_reason", Start + Block(0, """{"type":"tool_use","id":"a","name":"bash","input":{}}""", """{"type":"input_json_delta","partial_json":"{\"x"}""") + Ending("tool_use"), "FAILED: Model 'test' broke off in the middle of its answer" },
        { "an error in mid-stream", Start + Hi + Event("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"""), "Hi | FAILED: Model 'test' reported an error: Overloaded" },
        { "an error without words", Start + Hi + Event("""{"type":"error","error":{"type":"overloaded_error"}}"""), "Hi | FAILED: Model 'test' reported an error: overloaded_error" },
        { "an error object with status 200", """{"type":"error","error":{"type":"x","message":"No."}}""", "FAILED: Model 'test' reported an error: No." },
        { "a block at a senseless place", Start + Event("""{"type":"content_block_start","index":99999999,"content_block":{"type":"text","text":"x"}}""") + Close, "FAILED: Model 'test' sent something that is no answer of its kind" },
        { "only a start", Start, "FAILED: Model 'test' sent an empty answer" },
        { "a web page", "<html><title>No</title>", "FAILED: Model 'test' sent a web page, \"No\" instead of an answer" },
    };

    [Theory]
    [MemberData(nameof(Whole))]
    public async Task A_whole_answer_works_at_once_and_byte_by_byte(string name, string stream, string expected)
    {
        Assert.NotEmpty(name);
        var dripping = stream.Aggregate(new ModelScript(), (script, letter) => script.ThenBytes(letter.ToString()));

        Assert.Equal(expected, (await HearAsync(ModelScript.Stream(stream))).ToString());
        Assert.Equal(expected, (await HearAsync(dripping.AndNoMore())).ToString());
    }

    [Theory]
    [MemberData(nameof(CutOrSenseless))]
    public async Task A_cut_or_senseless_answer_fails_and_its_text_is_kept(string name, string stream, string expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, (await HearAsync(ModelScript.Stream(stream))).ToString());
    }

    [Fact]
    public async Task Cached_input_counts_as_input()
    {
        var heard = await HearAsync(ModelScript.Stream(Start + Hi + Ending("end_turn") + Close));

        Assert.Equal(new TokenCount(60, 9, 30), heard.Answer!.Tokens);
    }

    private async Task<Heard> HearAsync(ModelScript script)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(script);
        var heard = await _models.Create(WireTest.Settings(server.BaseUrl, "anthropic"), null).HearAsync(WireTest.Ask("Go."));
        Assert.Equal(1, server.Count);
        return heard;
    }

    private static string Event(string data) => $"event: x\ndata: {data}\n\n";

    private static string Ending(string reason) => Event(
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":9}}""");

    private static string Block(int index, string start, params string[] deltas) =>
        Event($$"""{"type":"content_block_start","index":{{index}},"content_block":{{start}}}""")
        + string.Concat(deltas.Select(d => Event($$"""{"type":"content_block_delta","index":{{index}},"delta":{{d}}}""")))
        + Event($$"""{"type":"content_block_stop","index":{{index}}}""");
}
