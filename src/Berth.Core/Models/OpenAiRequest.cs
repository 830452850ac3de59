using System.Text.Json;
using Berth.Core.Settings;

namespace Berth.Core.Models;

/// <summary>
/// Writes Chat Completions requests (https://platform.openai.com/docs/api-reference/chat/create). The messages stand
/// last, so that one request is the beginning of the next, byte for byte, and caches of any kind can use it.
/// </summary>
internal static class OpenAiRequest
{
    /// <summary>The body of a request.</summary>
    /// <param name="traits">What the server is known to refuse.</param>
    public static ReadOnlyMemory<byte> Write(ModelRequest request, ModelSettings settings, ServerTraits traits) =>
        RequestJson.Body(request, (request, settings, traits), static (writer, all) =>
        {
            var (request, settings, traits) = all;
            writer.WriteStartObject();
            writer.WriteString("model", settings.Model);
            RequestJson.WriteField(writer, settings, "stream", "true"u8);
            if (!traits.RefusesUsage)
            {
                RequestJson.WriteField(writer, settings, "stream_options", """{"include_usage":true}"""u8);
            }

            RequestJson.WriteParameters(writer, settings);
            WriteTools(writer, request.Tools);
            writer.WriteStartArray("messages");
            if (!string.IsNullOrWhiteSpace(request.Instructions))
            {
                WriteMessage(writer, "system", request.Instructions);
            }

            WriteMessages(writer, request.Messages, settings, new RequestImages(request, settings.TakesImages, traits));
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static void WriteTools(Utf8JsonWriter writer, IReadOnlyList<ToolDescription> tools)
    {
        // An empty list is refused by strict servers.
        if (tools.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("tools");
        foreach (var tool in tools)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "function");
            writer.WriteStartObject("function");
            writer.WriteString("name", tool.Name);
            writer.WriteString("description", tool.Description);
            writer.WritePropertyName("parameters");
            RequestJson.WriteAsGiven(writer, tool.Schema);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteMessages(
        Utf8JsonWriter writer, IReadOnlyList<ModelMessage> messages, ModelSettings settings, RequestImages images)
    {
        List<ImageData>? seen = null;
        foreach (var message in messages)
        {
            if (message is not ToolResultEntry && seen is not null)
            {
                WriteSeen(writer, seen, images);
                seen = null;
            }

            switch (message)
            {
                case UserEntry user:
                    WriteUser(writer, RequestJson.NotEmpty(user.Text, "(no text)"), user.Images, images);
                    break;
                case AssistantEntry assistant:
                    WriteAssistant(writer, assistant, settings.Model);
                    break;
                case ToolResultEntry result:
                    writer.WriteStartObject();
                    writer.WriteString("role", "tool");
                    writer.WriteString("tool_call_id", result.CallId);
                    writer.WriteString("content", RequestJson.NotEmpty(result.Output, "(no output)"));
                    writer.WriteEndObject();
                    if (result.Images is { Count: > 0 } shown)
                    {
                        (seen ??= []).AddRange(shown);
                    }

                    break;
            }
        }

        if (seen is not null)
        {
            WriteSeen(writer, seen, images);
        }
    }

    // A tool's message takes text only, and nothing may stand between the results of one answer:
    // the images of all of them follow as a message of their own.
    private static void WriteSeen(Utf8JsonWriter writer, List<ImageData> seen, RequestImages images) =>
        WriteUser(writer, "(the images of the tool results above)", seen, images);

    private static void WriteMessage(Utf8JsonWriter writer, string role, string content)
    {
        writer.WriteStartObject();
        writer.WriteString("role", role);
        writer.WriteString("content", content);
        writer.WriteEndObject();
    }

    private static void WriteUser(
        Utf8JsonWriter writer, string text, IReadOnlyList<ImageData>? own, RequestImages images)
    {
        var (sent, note) = images.Of(own);
        text = note.Length > 0 ? $"{text}\n\n{note}" : text;
        if (sent.Count == 0)
        {
            WriteMessage(writer, "user", text);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "user");
        writer.WriteStartArray("content");
        writer.WriteStartObject();
        writer.WriteString("type", "text");
        writer.WriteString("text", text);
        writer.WriteEndObject();
        foreach (var (image, bytes) in sent)
        {
            writer.WriteStartObject();
            writer.WriteString("type", "image_url");
            writer.WriteStartObject("image_url");
            writer.WriteString("url", $"data:{image.MediaType};base64,{Convert.ToBase64String(bytes.Span)}");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteAssistant(Utf8JsonWriter writer, AssistantEntry assistant, string model)
    {
        var isBlank = string.IsNullOrWhiteSpace(assistant.Text);
        if (isBlank && assistant.Calls.Count == 0)
        {
            // The model said nothing; an empty message is refused by strict servers.
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "assistant");
        if (isBlank)
        {
            writer.WriteNull("content");
        }
        else
        {
            writer.WriteString("content", assistant.Text);
        }

        JsonElement? provider = null;
        if (assistant.Provider is { } given && OpenAiProvider.IsFrom(given, model))
        {
            provider = given;
            OpenAiProvider.WriteFields(writer, given);
        }

        if (assistant.Calls.Count > 0)
        {
            writer.WriteStartArray("tool_calls");
            for (var i = 0; i < assistant.Calls.Count; i++)
            {
                WriteCall(writer, assistant.Calls[i], provider, i);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteCall(Utf8JsonWriter writer, ModelToolCall call, JsonElement? provider, int place)
    {
        writer.WriteStartObject();
        writer.WriteString("id", call.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", RequestJson.ToolName(call.Tool));
        writer.WriteString("arguments", CallArguments.ForServer(call.Arguments));
        writer.WriteEndObject();
        if (provider is { } given)
        {
            OpenAiProvider.WriteCall(writer, given, place);
        }

        writer.WriteEndObject();
    }
}
