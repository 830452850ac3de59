using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Reads a Messages answer (https://docs.anthropic.com/en/docs/build-with-claude/streaming). Events say in their data
/// what they are, so the name in front of them is not needed.
/// </summary>
internal sealed class AnthropicAnswer(ModelRequest request, string model) : IAnswerReader
{
    private const int MaxBlocks = 4096;

    private readonly List<AnthropicBlock?> _blocks = [];
    private readonly AnthropicUsage _usage = new();
    private string? _stop;

    /// <inheritdoc/>
    public bool IsStopped => _stop is not null;

    /// <inheritdoc/>
    public bool HasCalls => _blocks.Exists(b => b is { Kind: "tool_use" });

    /// <inheritdoc/>
    public bool Read(string type, ReadOnlySpan<byte> data, PieceBuffer pieces)
    {
        data = data.Trim(" \t\n"u8);
        if (data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            return !data.IsEmpty;
        }

        var reader = Open(data);
        var isLast = false;
        var index = -1;
        ReadOnlySpan<byte> delta = default;
        ReadOnlySpan<byte> block = default;
        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                isLast = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("message_stop"u8);
                reader.Skip();
            }
            else if (reader.ValueTextEquals("index"u8))
            {
                reader.Read();
                index = reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) ? number : -1;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("delta"u8))
            {
                reader.Read();
                delta = JsonText.Slice(ref reader, data);
            }
            else if (reader.ValueTextEquals("content_block"u8))
            {
                reader.Read();
                block = JsonText.Slice(ref reader, data);
            }
            else if (reader.ValueTextEquals("message"u8))
            {
                reader.Read();
                ReadMessage(JsonText.Slice(ref reader, data), pieces);
            }
            else
            {
                ReadCommonField(ref reader, data);
            }
        }

        reader.Read();
        Begin(index, block, pieces);
        ReadDelta(index, delta, pieces);
        return isLast;
    }

    /// <inheritdoc/>
    public void ReadWhole(ReadOnlySpan<byte> body, PieceBuffer pieces) => ReadMessage(body, pieces);

    /// <inheritdoc/>
    public AnswerPiece? End(bool isClosed)
    {
        var calls = _blocks.Where(b => b is { Kind: "tool_use" }).Select(b => b!.Call()).ToList();
        if (!isClosed && (_stop is null || calls.Exists(CallArguments.IsCut)))
        {
            return null;
        }

        var unique = CallIds.Unique(calls, request);
        var stop = _stop switch
        {
            null or "end_turn" or "stop_sequence" or "tool_use" => unique.Count > 0 ? "tools" : "stop",
            "max_tokens" or "model_context_window_exceeded" => "length",
            _ => _stop,
        };
        return new AnswerPiece(stop, unique, _usage.Tokens, AnthropicProvider.Build(model, _blocks));
    }

    private static Utf8JsonReader Open(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        return reader.TokenType == JsonTokenType.StartObject ? reader : throw new JsonException("no object");
    }

    // A whole message: the start of a stream, where it is empty, or the body of a server that does not stream.
    private void ReadMessage(ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        var reader = Open(json);
        while (JsonText.NextField(ref reader))
        {
            if (!reader.ValueTextEquals("content"u8))
            {
                ReadCommonField(ref reader, json);
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                Begin(_blocks.Count, JsonText.Slice(ref reader, json), pieces);
            }
        }

        reader.Read();
    }

    private void ReadCommonField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        if (reader.ValueTextEquals("usage"u8))
        {
            reader.Read();
            _usage.Read(ref reader);
        }
        else if (reader.ValueTextEquals("stop_reason"u8))
        {
            reader.Read();
            ReadStop(ref reader);
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

    private void ReadStop(ref Utf8JsonReader reader)
    {
        var word = JsonText.Read(ref reader);
        _stop = string.IsNullOrEmpty(word) ? _stop : word.Length > 64 ? word[..64] : word;
        reader.Skip();
    }

    private void Begin(int index, ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        if (json.IsEmpty)
        {
            return;
        }

        if (index is < 0 or >= MaxBlocks)
        {
            throw new JsonException("a block without a place");
        }

        while (_blocks.Count <= index)
        {
            _blocks.Add(null);
        }

        var block = new AnthropicBlock();
        _blocks[index] = block;
        var reader = Open(json);
        while (JsonText.NextField(ref reader))
        {
            block.ReadField(ref reader, json, pieces);
        }
    }

    private void ReadDelta(int index, ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        if (json.IsEmpty)
        {
            return;
        }

        var block = index >= 0 && index < _blocks.Count ? _blocks[index] : null;
        var reader = Open(json);
        while (JsonText.NextField(ref reader))
        {
            if (reader.ValueTextEquals("stop_reason"u8))
            {
                reader.Read();
                ReadStop(ref reader);
            }
            else if (block is null || reader.ValueTextEquals("type"u8))
            {
                JsonText.SkipField(ref reader);
            }
            else
            {
                block.ReadField(ref reader, json, pieces);
            }
        }
    }
}
