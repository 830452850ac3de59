using System.Text;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// The reasoning that a Chat Completions server shows, kept because several of them want it back with the tool calls
/// it led to: as <c>reasoning_content</c> (DeepSeek, Moonshot, Zhipu …), <c>reasoning</c> (Groq, vLLM, OpenRouter), or
/// <c>reasoning_details</c> (OpenRouter, https://openrouter.ai/docs/use-cases/reasoning-tokens).
/// </summary>
internal sealed class OpenAiReasoning
{
    private readonly StringBuilder _text = new();
    private readonly List<Detail> _details = [];
    private readonly Dictionary<(string Type, string Index), Detail> _open = [];
    private bool _isLongName;

    /// <summary>Whether there is anything to send back.</summary>
    public bool IsEmpty => _text.Length == 0 && _details.Count == 0;

    /// <summary>Adds the string the reader stands on, to be shown and to be kept.</summary>
    public void Add(ref Utf8JsonReader reader, bool isLongName, PieceBuffer pieces)
    {
        // Some servers send the same reasoning under both names: the first one used is the one that counts.
        if (reader.TokenType == JsonTokenType.String && (_text.Length == 0 || _isLongName == isLongName))
        {
            _isLongName = isLongName;
            pieces.Add(ref reader, isReasoning: true);
            _text.Append(JsonText.Read(ref reader));
        }

        reader.Skip();
    }

    /// <summary>Adds the array of details the reader stands on; their text is shown as "reasoning" already.</summary>
    public void AddDetails(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        foreach (var item in JsonElement.ParseValue(ref reader).EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                continue;
            }

            var detail = Find((TextOf(item, "type"), TextOf(item, "index")));
            foreach (var field in item.EnumerateObject())
            {
                detail.Add(field);
            }
        }
    }

    /// <summary>Writes the fields that give it back, into an open object.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (_text.Length > 0)
        {
            writer.WriteString(
                _isLongName ? "reasoning_content" : "reasoning", JsonText.WithoutHalves(_text.ToString()));
        }

        if (_details.Count > 0)
        {
            writer.WriteStartArray("reasoning_details");
            foreach (var detail in _details)
            {
                detail.WriteTo(writer);
            }

            writer.WriteEndArray();
        }
    }

    // Pieces of one detail have its type and index; one without an index is whole.
    private Detail Find((string Type, string Index) key)
    {
        if (key.Index.Length > 0 && _open.TryGetValue(key, out var detail))
        {
            return detail;
        }

        detail = new Detail();
        _details.Add(detail);
        _open[key] = detail;
        return detail;
    }

    private static string TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? value.GetRawText() : "";

    // The text of a detail comes in pieces; its other fields come once or are repeated.
    private sealed class Detail
    {
        private readonly OrderedDictionary<string, JsonElement> _fields = [];
        private readonly Dictionary<string, StringBuilder> _texts = [];

        public void Add(JsonProperty field)
        {
            if (field.Value.ValueKind == JsonValueKind.Null && _fields.ContainsKey(field.Name))
            {
                return;
            }

            _fields[field.Name] = field.Value;
            if (field.Name is "text" or "summary" or "data" && field.Value.ValueKind == JsonValueKind.String)
            {
                if (!_texts.TryGetValue(field.Name, out var text))
                {
                    _texts.Add(field.Name, text = new StringBuilder());
                }

                text.Append(JsonText.OfElement(field.Value));
            }
        }

        public void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (name, value) in _fields)
            {
                writer.WritePropertyName(name);
                if (_texts.TryGetValue(name, out var text))
                {
                    writer.WriteStringValue(JsonText.WithoutHalves(text.ToString()));
                }
                else
                {
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }
    }
}
