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

    internal static JsonElement Array(JsonElement parent, string name, string what)
    {
        Check(parent.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array, $"{what} has no array {name}");
        Check(array.GetArrayLength() > 0, $"{name} of {what} is empty");
        return array;
    }

    internal static string Text(JsonElement parent, string name, string what)
    {
        Check(parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String, $"{what} has no string {name}");
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
        Check(name.Length <= 64 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'), $"the name of {what} is '{name}'");

    internal static void Base64(string data, string what)
    {
        Check(data.Length > 0 && Convert.TryFromBase64String(data, new byte[data.Length], out _), $"{what} is no base64");
    }

    internal static void Schema(JsonElement tool, string name, string what)
    {
        Check(tool.TryGetProperty(name, out var schema), $"{what} has no {name}");
        Object(schema, $"{name} of {what}");
        Check(Text(schema, "type", $"{name} of {what}") == "object", $"{name} of {what} is no object's schema");
    }
}

/// <summary>A strict provider refuses the request.</summary>
internal sealed class StrictFault(string words) : Exception(words);

/// <summary>The rules of Chat Completions.</summary>
internal static class StrictOpenAi
{
    public static void Judge(JsonElement body)
    {
        var messages = StrictRequest.Array(body, "messages", "the body");
        if (body.TryGetProperty("stream_options", out _))
        {
            StrictRequest.Check(body.TryGetProperty("stream", out var stream) && stream.GetBoolean(), "stream_options without stream");
        }

        if (body.TryGetProperty("tools", out _))
        {
            JudgeTools(StrictRequest.Array(body, "tools", "the body"));
        }

        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var what = $"message {at}";
            StrictRequest.Object(message, what);
            StrictRequest.Fields(message, what, "role", "content", "name", "tool_calls", "tool_call_id",
                "reasoning_content", "reasoning", "reasoning_details");
            var role = StrictRequest.Text(message, "role", what);
            StrictRequest.Check(role == "tool" || open.Count == 0, $"{what} stands before the results of the calls {string.Join(", ", open)}");
            switch (role)
            {
                case "system":
                    StrictRequest.Check(at == 0, $"{what} is a system message that is not the first");
                    StrictRequest.Text(message, "content", what);
                    break;
                case "user":
                    JudgeUser(message, what);
                    break;
                case "assistant":
                    JudgeAssistant(message, what, ids, open);
                    break;
                case "tool":
                    StrictRequest.Text(message, "content", what);
                    var id = StrictRequest.Text(message, "tool_call_id", what);
                    StrictRequest.Check(open.Remove(id), $"{what} answers the call {id}, which is not open");
                    break;
                default:
                    throw new StrictFault($"{what} has the unknown role {role}");
            }

            at++;
        }

        StrictRequest.Check(open.Count == 0, $"the calls {string.Join(", ", open)} have no results");
        var last = messages[messages.GetArrayLength() - 1].GetProperty("role").GetString();
        StrictRequest.Check(last is "user" or "tool", $"the last message is from {last}");
    }

    private static void JudgeUser(JsonElement message, string what)
    {
        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            StrictRequest.Text(message, "content", what);
            return;
        }

        foreach (var part in StrictRequest.Array(message, "content", what).EnumerateArray())
        {
            switch (StrictRequest.Text(part, "type", what))
            {
                case "text":
                    StrictRequest.Text(part, "text", what);
                    break;
                case "image_url":
                    var url = StrictRequest.Text(part.GetProperty("image_url"), "url", what);
                    var comma = url.IndexOf(',');
                    StrictRequest.Check(url.StartsWith("data:image/") && url[..Math.Max(comma, 0)].EndsWith(";base64"), $"{what} has no data URL");
                    StrictRequest.Base64(url[(comma + 1)..], $"the image of {what}");
                    break;
                case var type:
                    throw new StrictFault($"{what} has a part of the unknown type {type}");
            }
        }
    }

    private static void JudgeAssistant(JsonElement message, string what, HashSet<string> ids, HashSet<string> open)
    {
        var hasCalls = message.TryGetProperty("tool_calls", out _);
        if (!hasCalls || (message.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null))
        {
            StrictRequest.Text(message, "content", what);
        }

        if (!hasCalls)
        {
            return;
        }

        foreach (var call in StrictRequest.Array(message, "tool_calls", what).EnumerateArray())
        {
            StrictRequest.Fields(call, $"a call of {what}", "id", "type", "function", "extra_content");
            var id = StrictRequest.Text(call, "id", what);
            StrictRequest.Check(id.Length <= 64 && ids.Add(id), $"{what} has the call id {id} again, or it is too long");
            open.Add(id);
            StrictRequest.Check(StrictRequest.Text(call, "type", what) == "function", $"the type of call {id}");
            var function = call.GetProperty("function");
            StrictRequest.ToolName(StrictRequest.Text(function, "name", $"call {id}"), $"call {id}");
            var (arguments, fault) = ModelServerJson.Parse(
                System.Text.Encoding.UTF8.GetBytes(StrictRequest.Text(function, "arguments", $"call {id}")));
            StrictRequest.Check(fault is null && arguments.ValueKind == JsonValueKind.Object, $"the arguments of call {id} are no JSON object");
        }
    }

    private static void JudgeTools(JsonElement tools)
    {
        var names = new HashSet<string>();
        foreach (var tool in tools.EnumerateArray())
        {
            StrictRequest.Check(StrictRequest.Text(tool, "type", "a tool") == "function", "a tool's type");
            var function = tool.GetProperty("function");
            var name = StrictRequest.Text(function, "name", "a tool");
            StrictRequest.ToolName(name, "a tool");
            StrictRequest.Check(names.Add(name), $"the tool {name} stands twice");
            StrictRequest.Schema(function, "parameters", $"the tool {name}");
        }
    }
}

/// <summary>The rules of Messages.</summary>
internal static class StrictAnthropic
{
    private const int MaxMarks = 4;

    public static void Judge(ModelServerRequest request)
    {
        var body = request.Body;
        StrictRequest.Check(request.Headers.ContainsKey("anthropic-version"), "the header anthropic-version is missing");
        StrictRequest.Check(body.TryGetProperty("max_tokens", out var max) && max.TryGetInt32(out var tokens) && tokens > 0, "max_tokens is missing");
        if (body.TryGetProperty("tools", out _))
        {
            foreach (var tool in StrictRequest.Array(body, "tools", "the body").EnumerateArray())
            {
                var name = StrictRequest.Text(tool, "name", "a tool");
                StrictRequest.ToolName(name, "a tool");
                StrictRequest.Schema(tool, "input_schema", $"the tool {name}");
            }
        }

        if (body.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in system.EnumerateArray())
            {
                StrictRequest.Text(block, "text", "the system text");
            }
        }

        var marks = CountMarks(body);
        StrictRequest.Check(marks <= MaxMarks, $"{marks} cache_control marks are more than {MaxMarks}");
        var messages = StrictRequest.Array(body, "messages", "the body");
        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        for (var at = 0; at < messages.GetArrayLength(); at++)
        {
            var what = $"message {at}";
            var role = StrictRequest.Text(messages[at], "role", what);
            StrictRequest.Fields(messages[at], what, "role", "content");
            StrictRequest.Check(role == (at % 2 == 0 ? "user" : "assistant"), $"{what} is from {role}: user and assistant must take turns");
            JudgeContent(messages[at], what, role, ids, open);
        }

        StrictRequest.Check(open.Count == 0, $"the calls {string.Join(", ", open)} have no results");
        StrictRequest.Check(messages.GetArrayLength() % 2 == 1, "the last message is not the user's");
    }

    private static void JudgeContent(JsonElement message, string what, string role, HashSet<string> ids, HashSet<string> open)
    {
        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            StrictRequest.Check(open.Count == 0, $"{what} has no results of the calls {string.Join(", ", open)}");
            StrictRequest.Text(message, "content", what);
            return;
        }

        var waits = open.Count > 0;
        foreach (var block in StrictRequest.Array(message, "content", what).EnumerateArray())
        {
            var type = StrictRequest.Text(block, "type", what);
            StrictRequest.Check(!waits || open.Count == 0 || type == "tool_result", $"{what} has {type} before the results of all calls");
            switch (type)
            {
                case "text":
                    StrictRequest.Text(block, "text", what);
                    break;
                case "image" when role == "user":
                    JudgeImage(block, what);
                    break;
                case "tool_result" when role == "user":
                    JudgeResult(block, what, open);
                    break;
                case "tool_use" when role == "assistant":
                    var id = StrictRequest.Text(block, "id", what);
                    StrictRequest.Check(id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'), $"the call id {id} has other than letters, digits, _ and -");
                    StrictRequest.Check(ids.Add(id), $"{what} has the call id {id} again");
                    open.Add(id);
                    StrictRequest.ToolName(StrictRequest.Text(block, "name", what), $"call {id}");
                    StrictRequest.Object(block.GetProperty("input"), $"the input of call {id}");
                    break;
                case "thinking" when role == "assistant":
                    StrictRequest.Check(block.GetProperty("thinking").GetString() is not null, $"{what} has no thinking");
                    StrictRequest.Text(block, "signature", what);
                    StrictRequest.Check(!block.TryGetProperty("cache_control", out _), $"{what} marks its thinking");
                    break;
                case "redacted_thinking" when role == "assistant":
                    StrictRequest.Text(block, "data", what);
                    break;
                default:
                    throw new StrictFault($"{what} from {role} has a block of the type {type}");
            }
        }

        StrictRequest.Check(role == "assistant" || open.Count == 0, $"{what} lacks results of the calls {string.Join(", ", open)}");
    }

    private static void JudgeResult(JsonElement block, string what, HashSet<string> open)
    {
        StrictRequest.Fields(block, what, "type", "tool_use_id", "content", "is_error", "cache_control");
        var id = StrictRequest.Text(block, "tool_use_id", what);
        StrictRequest.Check(open.Remove(id), $"{what} answers the call {id}, which is not open");
        if (block.GetProperty("content").ValueKind == JsonValueKind.String)
        {
            StrictRequest.Text(block, "content", what);
            return;
        }

        foreach (var part in StrictRequest.Array(block, "content", what).EnumerateArray())
        {
            if (StrictRequest.Text(part, "type", what) == "image")
            {
                JudgeImage(part, what);
            }
            else
            {
                StrictRequest.Text(part, "text", what);
            }
        }
    }

    private static void JudgeImage(JsonElement block, string what)
    {
        var source = block.GetProperty("source");
        StrictRequest.Check(StrictRequest.Text(source, "type", what) == "base64", $"the image of {what}");
        StrictRequest.Check(StrictRequest.Text(source, "media_type", what).StartsWith("image/"), $"the media type of {what}");
        StrictRequest.Base64(StrictRequest.Text(source, "data", what), $"the image of {what}");
    }

    private static int CountMarks(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .Sum(f => f.Name == "input" ? 0 : (f.Name == "cache_control" ? 1 : 0) + CountMarks(f.Value)),
        JsonValueKind.Array => json.EnumerateArray().Sum(CountMarks),
        _ => 0,
    };
}
