using System.Buffers;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// What a Chat Completions server wants back with its own answer (<see cref="AnswerPiece.Provider"/>):
/// <c>{"wire":"openai","model":"…","fields":{"reasoning_content":"…"},"calls":[{"extra_content":{…}},null]}</c>.
/// It goes back to the same model only: others refuse fields that they do not know.
/// </summary>
internal static class OpenAiProvider
{
    /// <summary>Builds it; null without calls: nothing must go back then, and DeepSeek's old API refuses it.</summary>
    /// <param name="extras">What belongs to each call, as JSON text.</param>
    public static JsonElement? Build(
        string model, OpenAiReasoning reasoning, IReadOnlyList<ModelToolCall> calls, IReadOnlyList<string?> extras)
    {
        if (calls.Count == 0 || (reasoning.IsEmpty && extras.All(e => e is null)))
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("wire", "openai");
            writer.WriteString("model", model);
            writer.WriteStartObject("fields");
            reasoning.WriteTo(writer);
            writer.WriteEndObject();
            writer.WriteStartArray("calls");
            foreach (var extra in extras)
            {
                if (extra is null)
                {
                    writer.WriteNullValue();
                    continue;
                }

                writer.WriteStartObject();
                writer.WritePropertyName("extra_content");
                writer.WriteRawValue(extra);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    /// <summary>Whether it came from this model.</summary>
    public static bool IsFrom(JsonElement provider, string model) =>
        provider.ValueKind == JsonValueKind.Object
        && provider.TryGetProperty("wire", out var wire) && wire.ValueEquals("openai"u8)
        && provider.TryGetProperty("model", out var from) && from.ValueEquals(model);

    /// <summary>Writes the fields of the message into its open object.</summary>
    public static void WriteFields(Utf8JsonWriter writer, JsonElement provider)
    {
        if (provider.TryGetProperty("fields", out var fields) && fields.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in fields.EnumerateObject())
            {
                field.WriteTo(writer);
            }
        }
    }

    /// <summary>Writes what belongs to the call with this place in the answer into its open object.</summary>
    public static void WriteCall(Utf8JsonWriter writer, JsonElement provider, int place)
    {
        if (provider.TryGetProperty("calls", out var calls) && calls.ValueKind == JsonValueKind.Array
            && place < calls.GetArrayLength() && calls[place].ValueKind == JsonValueKind.Object)
        {
            foreach (var field in calls[place].EnumerateObject())
            {
                field.WriteTo(writer);
            }
        }
    }
}
