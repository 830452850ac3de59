using System.Text.Json;
using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>
/// Writes Messages requests (https://docs.anthropic.com/en/api/messages). User and assistant take turns there: entries
/// of the conversation that follow each other on one side become blocks of one message.
/// </summary>
/// <param name="writer">Where to.</param>
internal sealed class AnthropicRequest(
    Utf8JsonWriter writer, ModelRequest request, ModelSettings settings, ServerTraits traits)
{
    /// <summary>The longest answer when the parameters name none: what every current model can give.</summary>
    private const int DefaultMaxTokens = 32_000;

    private readonly RequestImages _images = new(request, settings.TakesImages, traits);
    private string? _role;

    /// <summary>The body of a request.</summary>
    public static ReadOnlyMemory<byte> Write(ModelRequest request, ModelSettings settings, ServerTraits traits) =>
        RequestJson.Body(request, (request, settings, traits),
            static (writer, all) => new AnthropicRequest(writer, all.request, all.settings, all.traits).Write());

    private void Write()
    {
        writer.WriteStartObject();
        writer.WriteString("model", settings.Model);
        if (!settings.Parameters.ContainsKey("max_tokens"))
        {
            writer.WriteNumber("max_tokens", MaxTokens());
        }

        RequestJson.WriteField(writer, settings, "stream", "true"u8);
        RequestJson.WriteParameters(writer, settings);
        WriteTools();
        if (!string.IsNullOrWhiteSpace(request.Instructions))
        {
            writer.WriteStartArray("system");
            WriteText(request.Instructions, isMarked: true);
            writer.WriteEndArray();
        }

        writer.WriteStartArray("messages");
        WriteMessages();
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    // The answer's limit counts the reasoning's budget in, and must be larger than that.
    private long MaxTokens()
    {
        var budgeted = settings.Parameters.TryGetValue("thinking", out var thinking)
            && thinking.ValueKind == JsonValueKind.Object && thinking.TryGetProperty("budget_tokens", out var budget)
            && budget.ValueKind == JsonValueKind.Number && budget.TryGetInt64(out var tokens)
            ? tokens : 0;
        return Math.Min(Math.Max(DefaultMaxTokens, budgeted + DefaultMaxTokens / 2), traits.MaxTokens ?? long.MaxValue);
    }

    private void WriteTools()
    {
        if (request.Tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        for (var i = 0; i < request.Tools.Count; i++)
        {
            writer.WriteStartObject();
            writer.WriteString("name", request.Tools[i].Name);
            writer.WriteString("description", request.Tools[i].Description);
            writer.WritePropertyName("input_schema");
            RequestJson.WriteAsGiven(writer, request.Tools[i].Schema);
            WriteMark(i == request.Tools.Count - 1);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    // The provider allows four marks: tools, system text, and the two newest user messages. The one before the newest
    // is where the previous request ended, so its cache is found; the newest is where the next one will look.
    private void WriteMessages()
    {
        var messages = request.Messages;
        var answer = LastIndex(messages.Count - 1, isAnswer: true);
        var newest = LastIndex(messages.Count - 1, isAnswer: false);
        var before = LastIndex(answer - 1, isAnswer: false);
        for (var i = 0; i < messages.Count; i++)
        {
            var isMarked = i == newest || i == before;
            switch (messages[i])
            {
                case UserEntry user:
                    Turn("user");
                    WriteUser(user, isMarked);
                    break;
                case ToolResultEntry result:
                    Turn("user");
                    WriteResult(result, isMarked);
                    break;
                case AssistantEntry assistant when !IsNothing(assistant):
                    if (_role is null)
                    {
                        // A conversation begins with the user here, whatever was cut off before.
                        Turn("user");
                        WriteText("(the conversation goes on)", isMarked: false);
                    }

                    Turn("assistant");
                    WriteAssistant(assistant);
                    break;
            }
        }

        Turn(null);
    }

    // A model that said nothing: a message without content is refused.
    private static bool IsNothing(AssistantEntry assistant) =>
        assistant.Calls.Count == 0 && string.IsNullOrWhiteSpace(assistant.Text);

    private int LastIndex(int from, bool isAnswer)
    {
        while (from >= 0 && request.Messages[from] is AssistantEntry != isAnswer)
        {
            from--;
        }

        return from;
    }

    private void Turn(string? role)
    {
        if (_role == role)
        {
            return;
        }

        if (_role is not null)
        {
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        _role = role;
        if (role is not null)
        {
            writer.WriteStartObject();
            writer.WriteString("role", role);
            writer.WriteStartArray("content");
        }
    }

    private void WriteUser(UserEntry user, bool isMarked)
    {
        var text = RequestJson.NotEmpty(user.Text, "(no text)");
        var (images, note) = _images.Of(user.Images);
        WriteImages(images);
        WriteText(note.Length > 0 ? $"{text}\n\n{note}" : text, isMarked);
    }

    private void WriteResult(ToolResultEntry result, bool isMarked)
    {
        var output = RequestJson.NotEmpty(result.Output, "(no output)");
        writer.WriteStartObject();
        writer.WriteString("type", "tool_result");
        writer.WriteString("tool_use_id", AnthropicId.Of(result.CallId));
        var (images, note) = _images.Of(result.Images);
        output = note.Length > 0 ? $"{output}\n\n{note}" : output;
        if (images.Count > 0)
        {
            writer.WriteStartArray("content");
            WriteText(output, isMarked: false);
            WriteImages(images);
            writer.WriteEndArray();
        }
        else
        {
            writer.WriteString("content", output);
        }

        if (result.IsError)
        {
            writer.WriteBoolean("is_error", true);
        }

        WriteMark(isMarked);
        writer.WriteEndObject();
    }

    private void WriteAssistant(AssistantEntry assistant)
    {
        var blocks = AnthropicProvider.Blocks(assistant.Provider, settings.Model).ToList();
        var chars = blocks.Sum(b => b.TryGetProperty("chars", out var count) ? count.GetInt32() : 0);
        var calls = blocks.Count(b => b.GetProperty("type").ValueEquals("tool_use"u8));
        var isInPlace = chars == assistant.Text.Length && calls == assistant.Calls.Count;
        var textAt = 0;
        var callAt = 0;
        foreach (var block in blocks)
        {
            switch (block.GetProperty("type").GetString())
            {
                case "text" when isInPlace:
                    var length = block.GetProperty("chars").GetInt32();
                    WriteAnswerText(assistant.Text.Substring(textAt, length));
                    textAt += length;
                    break;
                case "tool_use" when isInPlace:
                    WriteCall(assistant.Calls[callAt++]);
                    break;
                case "thinking" or "redacted_thinking":
                    block.WriteTo(writer);
                    break;
            }
        }

        if (!isInPlace)
        {
            WriteAnswerText(assistant.Text);
            foreach (var call in assistant.Calls)
            {
                WriteCall(call);
            }
        }
    }

    private void WriteAnswerText(string text)
    {
        // Blank text blocks are refused.
        if (!string.IsNullOrWhiteSpace(text))
        {
            WriteText(text, isMarked: false);
        }
    }

    private void WriteCall(ModelToolCall call)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", AnthropicId.Of(call.Id));
        writer.WriteString("name", RequestJson.ToolName(call.Tool));
        writer.WritePropertyName("input");
        writer.WriteRawValue(CallArguments.ForServer(call.Arguments), skipInputValidation: true);
        writer.WriteEndObject();
    }

    private void WriteImages(IReadOnlyList<RequestImages.Sent> images)
    {
        foreach (var (image, bytes) in images)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "image");
            writer.WriteStartObject("source");
            writer.WriteString("type", "base64");
            writer.WriteString("media_type", image.MediaType);
            writer.WriteBase64String("data", bytes.Span);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
    }

    private void WriteText(string text, bool isMarked)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        WriteMark(isMarked);
        writer.WriteEndObject();
    }

    private void WriteMark(bool isMarked)
    {
        if (isMarked)
        {
            writer.WriteStartObject("cache_control");
            writer.WriteString("type", "ephemeral");
            writer.WriteEndObject();
        }
    }
}
