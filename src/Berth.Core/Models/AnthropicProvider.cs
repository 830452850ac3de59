using System.Buffers;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// What Anthropic wants back with its own answer: signed reasoning, unchanged and in its place among text and calls
/// (https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks). Kept as
/// <c>{"wire":"anthropic","model":"…","blocks":[{"type":"thinking",…},{"type":"text","chars":12},…]}</c>: texts and
/// calls stand in the conversation already, so only their place is kept.
/// </summary>
internal static class AnthropicProvider
{
    /// <summary>Builds it; null when the answer has no reasoning.</summary>
    public static JsonElement? Build(string model, IReadOnlyList<AnthropicBlock?> blocks)
    {
        if (!blocks.Any(b => b is { Kind: "redacted_thinking" } or { Kind: "thinking", Signature.Length: > 0 }))
        {
            return null;
        }

        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("wire", "anthropic");
            writer.WriteString("model", model);
            writer.WriteStartArray("blocks");
            foreach (var block in blocks)
            {
                WriteBlock(writer, block);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    /// <summary>The blocks of an answer of this model; empty when it is another's, or has none.</summary>
    public static IEnumerable<JsonElement> Blocks(JsonElement? provider, string model) =>
        provider is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty("wire", out var wire) && wire.ValueEquals("anthropic"u8)
        && given.TryGetProperty("model", out var from) && from.ValueEquals(model)
        && given.TryGetProperty("blocks", out var blocks) && blocks.ValueKind == JsonValueKind.Array
            ? blocks.EnumerateArray().Where(HasKind) : [];

    private static bool HasKind(JsonElement block) => block.ValueKind == JsonValueKind.Object
        && block.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String;

    private static void WriteBlock(Utf8JsonWriter writer, AnthropicBlock? block)
    {
        // Reasoning without a signature would be refused; it was cut, or comes from a server that has none.
        if (block?.Kind is not ("text" or "tool_use" or "redacted_thinking")
            && block is not { Kind: "thinking", Signature.Length: > 0 })
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("type", block.Kind);
        switch (block.Kind)
        {
            case "text":
                writer.WriteNumber("chars", block.TextChars);
                break;
            case "thinking":
                writer.WriteString("thinking", block.Thinking);
                writer.WriteString("signature", block.Signature);
                break;
            case "redacted_thinking":
                writer.WriteString("data", block.Data);
                break;
        }

        writer.WriteEndObject();
    }
}
