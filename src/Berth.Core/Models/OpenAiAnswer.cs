using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Reads a Chat Completions answer (https://platform.openai.com/docs/api-reference/chat-streaming) with the
/// deviations of compatible servers. What is not known is skipped, wherever it stands.
/// </summary>
internal sealed class OpenAiAnswer(ModelRequest request, string model) : IAnswerReader
{
    private readonly CallFragments _calls = new();
    private readonly OpenAiUsage _usage = new();
    private readonly OpenAiReasoning _reasoning = new();
    private string? _stop;
    private bool _isRefusal;

    /// <inheritdoc/>
    public bool IsStopped => _stop is not null;

    /// <inheritdoc/>
    public bool HasCalls => _calls.Count > 0;

    /// <inheritdoc/>
    public bool Read(string type, ReadOnlySpan<byte> data, PieceBuffer pieces)
    {
        data = data.Trim(" \t\n"u8);
        if (data.SequenceEqual("[DONE]"u8))
        {
            return true;
        }

        if (!data.IsEmpty)
        {
            ReadWhole(data, pieces);
        }

        return false;
    }

    /// <inheritdoc/>
    public void ReadWhole(ReadOnlySpan<byte> body, PieceBuffer pieces)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("no object");
        }

        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("choices"u8))
            {
                reader.Read();
                ReadChoices(ref reader, body, pieces);
            }
            else if (reader.ValueTextEquals("usage"u8) || reader.ValueTextEquals("x_groq"u8))
            {
                reader.Read();
                _usage.Read(ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                reader.Read();
                ServerSaidError.ThrowIfAny(ref reader, body);
            }
            else
            {
                JsonText.SkipField(ref reader);
            }
        }

        // The object must end where the body ends.
        reader.Read();
    }

    /// <inheritdoc/>
    public AnswerPiece? End(bool isClosed)
    {
        var calls = _calls.Calls();
        if (!isClosed && (_stop is null || calls.Any(CallArguments.IsCut)))
        {
            return null;
        }

        var unique = CallIds.Unique(calls, request);
        var stop = _stop switch
        {
            _ when unique.Count > 0 && _stop is null or "stop" or "tool_calls" or "function_call" => "tools",
            null or "tool_calls" or "function_call" => "stop",
            "max_tokens" => "length",
            "content_filter" => "refusal",
            _ => _stop,
        };
        return new AnswerPiece(_isRefusal && stop == "stop" ? "refusal" : stop, unique, _usage.Tokens,
            OpenAiProvider.Build(model, _reasoning, unique, _calls.Extras()));
    }

    private void ReadChoices(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (JsonText.NextField(ref reader))
            {
                if (reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("message"u8))
                {
                    reader.Read();
                    ReadDelta(ref reader, json, pieces);
                }
                else if (reader.ValueTextEquals("finish_reason"u8))
                {
                    reader.Read();
                    var word = JsonText.Read(ref reader);
                    _stop = string.IsNullOrEmpty(word) ? _stop : word.Length > 64 ? word[..64] : word;
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("usage"u8))
                {
                    reader.Read();
                    _usage.Read(ref reader);
                }
                else if (reader.ValueTextEquals("error"u8))
                {
                    reader.Read();
                    ServerSaidError.ThrowIfAny(ref reader, json);
                }
                else
                {
                    JsonText.SkipField(ref reader);
                }
            }
        }
    }

    private void ReadDelta(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                ReadContent(ref reader, pieces, isReasoning: false);
            }
            else if (reader.ValueTextEquals("reasoning_content"u8) || reader.ValueTextEquals("reasoning"u8))
            {
                var isLong = reader.ValueSpan.Length > "reasoning".Length;
                reader.Read();
                _reasoning.Add(ref reader, isLong, pieces);
            }
            else if (reader.ValueTextEquals("reasoning_details"u8))
            {
                reader.Read();
                _reasoning.AddDetails(ref reader);
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                ReadCalls(ref reader, json);
            }
            else if (reader.ValueTextEquals("function_call"u8))
            {
                reader.Read();
                ReadCall(ref reader, json, isLegacy: true);
            }
            else if (reader.ValueTextEquals("refusal"u8))
            {
                reader.Read();
                _isRefusal |= reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length > 0;
                ReadContent(ref reader, pieces, isReasoning: false);
            }
            else
            {
                JsonText.SkipField(ref reader);
            }
        }
    }

    // A string; or parts, as Mistral sends them: {"type":"text","text":…}, {"type":"thinking","thinking":[…]}.
    private static void ReadContent(ref Utf8JsonReader reader, PieceBuffer pieces, bool isReasoning)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            pieces.Add(ref reader, isReasoning);
            return;
        }

        if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.StartObject))
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (reader.ValueTextEquals("text"u8))
            {
                reader.Read();
                pieces.Add(ref reader, isReasoning);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("thinking"u8))
            {
                reader.Read();
                ReadContent(ref reader, pieces, isReasoning: true);
            }
        }
    }

    private void ReadCalls(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadCall(ref reader, json, isLegacy: false);
        }
    }

    private void ReadCall(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, bool isLegacy)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var call = new CallFragments.Fragment { Index = isLegacy ? 0 : null };
        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var index))
                {
                    call.Index = index;
                }

                reader.Skip();
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                call.Id = JsonText.Read(ref reader);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("extra_content"u8))
            {
                reader.Read();
                call.Extra = JsonText.ReadRaw(ref reader, json);
            }
            else if (reader.ValueTextEquals("function"u8) && !isLegacy)
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    while (JsonText.NextField(ref reader))
                    {
                        ReadFunctionField(ref reader, json, ref call);
                    }
                }
                else
                {
                    reader.Skip();
                }
            }
            else
            {
                ReadFunctionField(ref reader, json, ref call);
            }
        }

        _calls.Add(call);
    }

    private static void ReadFunctionField(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref CallFragments.Fragment call)
    {
        if (reader.ValueTextEquals("name"u8))
        {
            reader.Read();
            call.Name = JsonText.Read(ref reader);
            reader.Skip();
        }
        else if (reader.ValueTextEquals("arguments"u8))
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                call.Arguments = JsonText.ReadRaw(ref reader, json);
                call.IsWhole = true;
            }
            else
            {
                call.Arguments = JsonText.Read(ref reader);
                reader.Skip();
            }
        }
        else
        {
            JsonText.SkipField(ref reader);
        }
    }
}
