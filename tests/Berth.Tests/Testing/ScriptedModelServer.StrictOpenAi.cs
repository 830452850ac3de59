using System.Text.Json;
using static Berth.Tests.Testing.StrictRequest;

namespace Berth.Tests.Testing;

/// <summary>The rules of Chat Completions.</summary>
internal static class StrictOpenAi
{
    public static void Judge(JsonElement body)
    {
        var messages = Items(body, "messages", "the body");
        if (body.TryGetProperty("stream_options", out _))
        {
            var isStream = body.TryGetProperty("stream", out var stream) && stream.GetBoolean();
            Check(isStream, "stream_options without stream");
        }

        if (body.TryGetProperty("tools", out _))
        {
            JudgeTools(Items(body, "tools", "the body"));
        }

        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        var at = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var what = $"message {at}";
            Object(message, what);
            Fields(message, what, "role", "content", "name", "tool_calls", "tool_call_id",
                "reasoning_content", "reasoning", "reasoning_details");
            var role = Text(message, "role", what);
            Check(role == "tool" || open.Count == 0,
                $"{what} stands before the results of the calls {string.Join(", ", open)}");
            switch (role)
            {
                case "system":
                    Check(at == 0, $"{what} is a system message that is not the first");
                    Text(message, "content", what);
                    break;
                case "user":
                    JudgeUser(message, what);
                    break;
                case "assistant":
                    JudgeAssistant(message, what, ids, open);
                    break;
                case "tool":
                    Text(message, "content", what);
                    var id = Text(message, "tool_call_id", what);
                    Check(open.Remove(id), $"{what} answers the call {id}, which is not open");
                    break;
                default:
                    throw new StrictFault($"{what} has the unknown role {role}");
            }

            at++;
        }

        Check(open.Count == 0, $"the calls {string.Join(", ", open)} have no results");
        var last = messages[messages.GetArrayLength() - 1].GetProperty("role").GetString();
        Check(last is "user" or "tool", $"the last message is from {last}");
    }

    private static void JudgeUser(JsonElement message, string what)
    {
        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            Text(message, "content", what);
            return;
        }

        foreach (var part in Items(message, "content", what).EnumerateArray())
        {
            switch (Text(part, "type", what))
            {
                case "text":
                    Text(part, "text", what);
                    break;
                case "image_url":
                    var url = Text(part.GetProperty("image_url"), "url", what);
                    var comma = url.IndexOf(',');
                    Check(url.StartsWith("data:image/") && url[..Math.Max(comma, 0)].EndsWith(";base64"),
                        $"{what} has no data URL");
                    Base64(url[(comma + 1)..], $"the image of {what}");
                    break;
                case var type:
                    throw new StrictFault($"{what} has a part of the unknown type {type}");
            }
        }
    }

    private static void JudgeAssistant(JsonElement message, string what, HashSet<string> ids, HashSet<string> open)
    {
        var hasCalls = message.TryGetProperty("tool_calls", out _);
        var hasContent = message.TryGetProperty("content", out var content) && content.ValueKind != JsonValueKind.Null;
        if (!hasCalls || hasContent)
        {
            Text(message, "content", what);
        }

        if (!hasCalls)
        {
            return;
        }

        foreach (var call in Items(message, "tool_calls", what).EnumerateArray())
        {
            Fields(call, $"a call of {what}", "id", "type", "function", "extra_content");
            var id = Text(call, "id", what);
            Check(id.Length <= 64 && ids.Add(id), $"{what} has the call id {id} again, or it is too long");
            open.Add(id);
            Check(Text(call, "type", what) == "function", $"the type of call {id}");
            var function = call.GetProperty("function");
            ToolName(Text(function, "name", $"call {id}"), $"call {id}");
            var (arguments, fault) = ModelServerJson.Parse(
                System.Text.Encoding.UTF8.GetBytes(Text(function, "arguments", $"call {id}")));
            Check(fault is null && arguments.ValueKind == JsonValueKind.Object,
                $"the arguments of call {id} are no JSON object");
        }
    }

    private static void JudgeTools(JsonElement tools)
    {
        var names = new HashSet<string>();
        foreach (var tool in tools.EnumerateArray())
        {
            Check(Text(tool, "type", "a tool") == "function", "a tool's type");
            var function = tool.GetProperty("function");
            var name = Text(function, "name", "a tool");
            ToolName(name, "a tool");
            Check(names.Add(name), $"the tool {name} stands twice");
            Schema(function, "parameters", $"the tool {name}");
        }
    }
}
