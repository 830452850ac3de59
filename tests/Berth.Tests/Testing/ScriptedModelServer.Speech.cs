using System.Text;

namespace Berth.Tests.Testing;

/// <summary>Says the steps of a script in the words of one wire.</summary>
internal interface IModelSpeech
{
    /// <summary>Says one step.</summary>
    void Say(ModelStep step);

    /// <summary>Says what stands at the end of a whole answer.</summary>
    void End();
}

/// <summary>Chat Completions, streamed as OpenAI does it.</summary>
internal sealed class OpenAiSpeech(ModelScript script, Stream output) : IModelSpeech
{
    private const string Head =
        """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"scripted",""";

    private static readonly byte[] BeforeToken = Encoding.UTF8.GetBytes(Head + """ "choices":[{"index":0,"delta":{"content":""");
    private static readonly byte[] AfterToken = Encoding.UTF8.GetBytes("""},"finish_reason":null}]}""" + "\n\n");

    private int _calls;

    public void Say(ModelStep step)
    {
        switch (step)
        {
            case ModelStep.Say say:
                output.Write(BeforeToken);
                Write(ModelServerJson.Quote(say.Token));
                output.Write(AfterToken);
                break;
            case ModelStep.Think think:
                Delta($$"""{"reasoning_content":{{ModelServerJson.Quote(think.Token)}}}""");
                break;
            case ModelStep.Call call:
                var id = call.Id ?? $"call_{Guid.NewGuid():N}"[..20];
                Delta($$$"""{"tool_calls":[{"index":{{{_calls}}},"id":{{{ModelServerJson.Quote(id)}}},"type":"function","function":{"name":{{{ModelServerJson.Quote(call.Tool)}}},"arguments":""}}]}""");
                foreach (var fragment in call.Arguments.Chunk(9))
                {
                    Delta($$$"""{"tool_calls":[{"index":{{{_calls}}},"function":{"arguments":{{{ModelServerJson.Quote(new string(fragment))}}}}}]}""");
                }

                _calls++;
                break;
        }
    }

    public void End()
    {
        var stop = script.Stop ?? (_calls > 0 ? "tool_calls" : "stop");
        Write($$"""{{Head}}"choices":[{"index":0,"delta":{},"finish_reason":{{ModelServerJson.Quote(stop)}}}]}""" + "\n\n");
        if (script.Usage is { } usage)
        {
            Write($$$"""{{{Head}}}"choices":[],"usage":{"prompt_tokens":{{{usage.Input}}},"completion_tokens":{{{usage.Output}}},"prompt_tokens_details":{"cached_tokens":{{{usage.Cached}}} } } }""" + "\n\n");
        }

        Write("data: [DONE]\n\n");
    }

    private void Delta(string delta) =>
        Write($$"""{{Head}}"choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n");

    private void Write(string text) => output.Write(Encoding.UTF8.GetBytes(text));
}

/// <summary>Messages, streamed as Anthropic does it.</summary>
internal sealed class AnthropicSpeech(ModelScript script, Stream output) : IModelSpeech
{
    private int _block = -1;
    private string? _open;
    private bool _isStarted;
    private bool _hasCalls;

    public void Say(ModelStep step)
    {
        Start();
        switch (step)
        {
            case ModelStep.Say say:
                Open("text", """{"type":"text","text":""}""");
                Delta($$"""{"type":"text_delta","text":{{ModelServerJson.Quote(say.Token)}}}""");
                break;
            case ModelStep.Think think:
                Open("thinking", """{"type":"thinking","thinking":"","signature":""}""");
                Delta($$"""{"type":"thinking_delta","thinking":{{ModelServerJson.Quote(think.Token)}}}""");
                break;
            case ModelStep.Call call:
                Close();
                _hasCalls = true;
                var id = call.Id ?? $"toolu_{Guid.NewGuid():N}"[..20];
                Open("tool_use", $$"""{"type":"tool_use","id":{{ModelServerJson.Quote(id)}},"name":{{ModelServerJson.Quote(call.Tool)}},"input":{} }""");
                foreach (var fragment in call.Arguments.Chunk(9))
                {
                    Delta($$"""{"type":"input_json_delta","partial_json":{{ModelServerJson.Quote(new string(fragment))}}}""");
                }

                Close();
                break;
        }
    }

    public void End()
    {
        Start();
        Close();
        var stop = ModelServerJson.Quote(script.Stop ?? (_hasCalls ? "tool_use" : "end_turn"));
        Event("message_delta", $$$"""{"type":"message_delta","delta":{"stop_reason":{{{stop}}},"stop_sequence":null},"usage":{"output_tokens":{{{script.Usage?.Output ?? 0}}} } }""");
        Event("message_stop", """{"type":"message_stop"}""");
    }

    private void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            var usage = script.Usage ?? new(0, 0, 0);
            Event("message_start", $$$"""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"scripted","content":[],"stop_reason":null,"usage":{"input_tokens":{{{usage.Input - usage.Cached}}},"cache_creation_input_tokens":0,"cache_read_input_tokens":{{{usage.Cached}}},"output_tokens":1} } }""");
            Event("ping", """{"type":"ping"}""");
        }
    }

    private void Open(string kind, string block)
    {
        if (_open != kind)
        {
            Close();
            _open = kind;
            _block++;
            Event("content_block_start", $$"""{"type":"content_block_start","index":{{_block}},"content_block":{{block}}}""");
        }
    }

    private void Close()
    {
        if (_open == "thinking")
        {
            Delta("""{"type":"signature_delta","signature":"c2lnbmVk"}""");
        }

        if (_open is not null)
        {
            Event("content_block_stop", $$"""{"type":"content_block_stop","index":{{_block}}}""");
            _open = null;
        }
    }

    private void Delta(string delta) =>
        Event("content_block_delta", $$"""{"type":"content_block_delta","index":{{_block}},"delta":{{delta}}}""");

    private void Event(string name, string data) =>
        output.Write(Encoding.UTF8.GetBytes($"event: {name}\ndata: {data}\n\n"));
}
