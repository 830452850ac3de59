using System.Text.Json;

namespace Berth.Tests.Testing;

/// <summary>Judges requests as the strictest provider would; the words of a refusal name the place.</summary>
internal static class StrictRequest
{
    /// <summary>What is wrong with a request; null when nothing is.</summary>
    public static string? FaultOf(string method, ModelServerRequest request)
    {
        try
        {
            Check(method == "POST", $"{method} is not known here");
            var path = request.Path.Split('?')[0];
            Check(path.EndsWith("/v1/chat/completions") || path.EndsWith("/v1/messages"), $"{path} is not known here");
            Check(request.Headers.GetValueOrDefault("Content-Type")?.StartsWith("application/json") == true,
                "the Content-Type is not application/json");
            Object(request.Body, "the body");
            Text(request.Body, "model", "the body");
            if (request.Body.TryGetProperty("stream", out var stream))
            {
                Check(stream.ValueKind is JsonValueKind.True or JsonValueKind.False, "stream is no bool");
            }

            if (request.IsAnthropic)
            {
                StrictAnthropic.Judge(request);
            }
            else
            {
                StrictOpenAi.Judge(request.Body);
            }

            return null;
        }
        catch (StrictFault fault)
        {
            return fault.Message;
        }
        catch (InvalidOperationException e)
        {
            return $"A value has the wrong kind, or a string is no Unicode text: {e.Message}";
        }
    }

    internal static void Check(bool holds, string words)
    {
        if (!holds)
        {
            throw new StrictFault(words);
        }
    }

    internal static void Object(JsonElement value, string what) =>
        Check(value.ValueKind == JsonValueKind.Object, $"{what} is no object");

    internal static JsonElement Items(JsonElement parent, string name, string what)
    {
        Check(parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array,
            $"{what} has no array {name}");
        Check(array.GetArrayLength() > 0, $"{name} of {what} is empty");
        return array;
    }

    internal static string Text(JsonElement parent, string name, string what)
    {
        Check(parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String,
            $"{what} has no string {name}");
        var value = text.GetString()!;
        Check(!string.IsNullOrWhiteSpace(value), $"{name} of {what} is empty");
        return value;
    }

    internal static void Fields(JsonElement value, string what, params IEnumerable<string> known)
    {
        foreach (var field in value.EnumerateObject())
        {
            Check(known.Contains(field.Name), $"{what} has the unknown field {field.Name}");
        }
    }

    internal static void ToolName(string name, string what) =>
        Check(name.Length <= 64 && name.All(IsPlain), $"the name of {what} is '{name}'");

    internal static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

    internal static void Base64(string data, string what) => Check(
        data.Length > 0 && Convert.TryFromBase64String(data, new byte[data.Length], out _), $"{what} is no base64");

    internal static void Schema(JsonElement tool, string name, string what)
    {
        Check(tool.TryGetProperty(name, out var schema), $"{what} has no {name}");
        Object(schema, $"{name} of {what}");
        Check(Text(schema, "type", $"{name} of {what}") == "object", $"{name} of {what} is no object's schema");
    }
}

/// <summary>A strict provider refuses the request.</summary>
internal sealed class StrictFault(string words) : Exception(words);
