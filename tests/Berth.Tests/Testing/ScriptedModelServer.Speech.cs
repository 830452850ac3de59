using System.Text;
using static Berth.Tests.Testing.ModelServerJson;

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

    // A token is what a benchmark sends by the thousand.
    private static readonly byte[] BeforeToken =
        Encoding.UTF8.GetBytes(Head + """ "choices":[{"index":0,"delta":{"content":""");

    private static readonly byte[] AfterToken = Encoding.UTF8.GetBytes("""},"finish_reason":null}]}""" + "\n\n");

    private int _calls;

    public void Say(ModelStep step)
    {
        switch (step)
        {
            case ModelStep.Say say:
                output.Write(BeforeToken);
                output.Write(Encoding.UTF8.GetBytes(Quote(say.Token)));
                output.Write(AfterToken);
                break;
            case ModelStep.Think think:
                Delta("{\"reasoning_content\":" + Quote(think.Token) + "}");
                break;
            case ModelStep.Call call:
                var id = Quote(call.Id ?? $"call_{Guid.NewGuid():N}"[..20]);
                Call($"\"id\":{id},\"type\":\"function\"", $"\"name\":{Quote(call.Tool)},\"arguments\":\"\"");
                foreach (var fragment in call.Arguments.Chunk(9))
                {
                    Call(null, $"\"arguments\":{Quote(new string(fragment))}");
                }

                _calls++;
                break;
        }
    }

    public void End()
    {
        var stop = Quote(script.Stop ?? (_calls > 0 ? "tool_calls" : "stop"));
        Chunk("\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":" + stop + "}]");
        if (script.Usage is { } usage)
        {
            Chunk($"\"choices\":[],\"usage\":{{\"prompt_tokens\":{usage.Input},\"completion_tokens\":{usage.Output}," +
                $"\"prompt_tokens_details\":{{\"cached_tokens\":{usage.Cached}}}}}");
        }

        output.Write("data: [DONE]\n\n"u8);
    }

    private void Call(string? fields, string function) => Delta(
        $"{{\"tool_calls\":[{{\"index\":{_calls},{(fields is null ? "" : fields + ",")}\"function\":{{{function}}}}}]}}");

    private void Delta(string delta) =>
        Chunk("\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]");

    private void Chunk(string fields) => output.Write(Encoding.UTF8.GetBytes($"{Head}{fields}}}\n\n"));
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
                Open("text", "\"text\":\"\"");
                Delta("text_delta", "text", say.Token);
                break;
            case ModelStep.Think think:
                Open("thinking", "\"thinking\":\"\",\"signature\":\"\"");
                Delta("thinking_delta", "thinking", think.Token);
                break;
            case ModelStep.Call call:
                Close();
                _hasCalls = true;
                var id = Quote(call.Id ?? $"toolu_{Guid.NewGuid():N}"[..20]);
                Open("tool_use", $"\"id\":{id},\"name\":{Quote(call.Tool)},\"input\":{{}}");
                foreach (var fragment in call.Arguments.Chunk(9))
                {
                    Delta("input_json_delta", "partial_json", new string(fragment));
                }

                Close();
                break;
        }
    }

    public void End()
    {
        Start();
        Close();
        var stop = Quote(script.Stop ?? (_hasCalls ? "tool_use" : "end_turn"));
        Event("message_delta", $"\"delta\":{{\"stop_reason\":{stop},\"stop_sequence\":null}}," +
            $"\"usage\":{{\"output_tokens\":{script.Usage?.Output ?? 0}}}");
        Event("message_stop", null);
    }

    private void Start()
    {
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        var usage = script.Usage ?? new(0, 0, 0);
        Event("message_start",
            "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"scripted\"," +
            $"\"content\":[],\"stop_reason\":null,\"usage\":{{\"input_tokens\":{usage.Input - usage.Cached}," +
            $"\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":{usage.Cached},\"output_tokens\":1}}}}");
        Event("ping", null);
    }

    private void Open(string kind, string fields)
    {
        if (_open != kind)
        {
            Close();
            _open = kind;
            _block++;
            Event("content_block_start",
                $"\"index\":{_block},\"content_block\":{{\"type\":\"{kind}\",{fields}}}");
        }
    }

    private void Close()
    {
        if (_open == "thinking")
        {
            Delta("signature_delta", "signature", "c2lnbmVk");
        }

        if (_open is not null)
        {
            Event("content_block_stop", $"\"index\":{_block}");
            _open = null;
        }
    }

    private void Delta(string kind, string field, string text) => Event("content_block_delta",
        $"\"index\":{_block},\"delta\":{{\"type\":\"{kind}\",\"{field}\":{Quote(text)}}}");

    private void Event(string type, string? fields) => output.Write(Encoding.UTF8.GetBytes(
        $"event: {type}\ndata: {{\"type\":\"{type}\"{(fields is null ? "" : "," + fields)}}}\n\n"));
}
