using System.Text;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>One content block of a Messages answer, put together from its start and its deltas.</summary>
internal sealed class AnthropicBlock
{
    private readonly StringBuilder _arguments = new();
    private readonly StringBuilder _thinking = new();
    private readonly StringBuilder _signature = new();
    private string _input = "";

    /// <summary>"text", "thinking", "redacted_thinking", "tool_use", or one that is not known here.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>Characters of visible text.</summary>
    public int TextChars { get; private set; }

    /// <summary>The reasoning, which the provider wants back with its signature, even when it is empty.</summary>
    public string Thinking => JsonText.WithoutHalves(_thinking.ToString());

    /// <summary>What proves that the reasoning is the provider's own.</summary>
    public string Signature => JsonText.WithoutHalves(_signature.ToString());

    /// <summary>Reasoning that only the provider can read.</summary>
    public string Data { get; private set; } = "";

    private string Id { get; set; } = "";

    private string Name { get; set; } = "";

    /// <summary>The tool call of a block that is one.</summary>
    public ModelToolCall Call() =>
        CallArguments.Call(Id, Name, _arguments.Length > 0 ? _arguments.ToString() : _input);

    /// <summary>Takes in the field whose name the reader stands on.</summary>
    public void ReadField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, PieceBuffer pieces)
    {
        if (reader.ValueTextEquals("text"u8))
        {
            reader.Read();
            TextChars += pieces.Add(ref reader, isReasoning: false);
        }
        else if (reader.ValueTextEquals("partial_json"u8))
        {
            reader.Read();
            _arguments.Append(JsonText.Read(ref reader));
        }
        else if (reader.ValueTextEquals("thinking"u8))
        {
            reader.Read();
            pieces.Add(ref reader, isReasoning: true);
            _thinking.Append(JsonText.Read(ref reader));
        }
        else if (reader.ValueTextEquals("signature"u8))
        {
            reader.Read();
            _signature.Append(JsonText.Read(ref reader));
        }
        else if (reader.ValueTextEquals("type"u8))
        {
            reader.Read();
            Kind = JsonText.Read(ref reader) ?? "";
        }
        else if (reader.ValueTextEquals("id"u8))
        {
            reader.Read();
            Id = JsonText.Read(ref reader) ?? "";
        }
        else if (reader.ValueTextEquals("name"u8))
        {
            reader.Read();
            Name = JsonText.Read(ref reader) ?? "";
        }
        else if (reader.ValueTextEquals("data"u8))
        {
            reader.Read();
            Data = JsonText.Read(ref reader) ?? "";
        }
        else if (reader.ValueTextEquals("input"u8))
        {
            reader.Read();
            _input = JsonText.ReadRaw(ref reader, json);
        }
        else
        {
            reader.Read();
        }

        // Whatever stands where a text was expected is left here.
        reader.Skip();
    }
}
