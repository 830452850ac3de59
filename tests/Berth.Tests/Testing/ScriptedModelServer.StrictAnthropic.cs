using System.Text.Json;
using static Berth.Tests.Testing.StrictRequest;

namespace Berth.Tests.Testing;

/// <summary>The rules of Messages.</summary>
internal static class StrictAnthropic
{
    private const int MaxMarks = 4;

    public static void Judge(ModelServerRequest request)
    {
        var body = request.Body;
        Check(request.Headers.ContainsKey("anthropic-version"), "the header anthropic-version is missing");
        Check(body.TryGetProperty("max_tokens", out var max) && max.TryGetInt32(out var tokens) && tokens > 0,
            "max_tokens is missing");
        if (body.TryGetProperty("tools", out _))
        {
            foreach (var tool in Items(body, "tools", "the body").EnumerateArray())
            {
                var name = Text(tool, "name", "a tool");
                ToolName(name, "a tool");
                Schema(tool, "input_schema", $"the tool {name}");
            }
        }

        if (body.TryGetProperty("system", out var system) && system.ValueKind == JsonValueKind.Array)
        {
            foreach (var block in system.EnumerateArray())
            {
                Text(block, "text", "the system text");
            }
        }

        var marks = CountMarks(body);
        Check(marks <= MaxMarks, $"{marks} cache_control marks are more than {MaxMarks}");
        var messages = Items(body, "messages", "the body");
        var ids = new HashSet<string>();
        var open = new HashSet<string>();
        for (var at = 0; at < messages.GetArrayLength(); at++)
        {
            var what = $"message {at}";
            var role = Text(messages[at], "role", what);
            Fields(messages[at], what, "role", "content");
            Check(role == (at % 2 == 0 ? "user" : "assistant"),
                $"{what} is from {role}: user and assistant must take turns");
            JudgeContent(messages[at], what, role, ids, open);
        }

        Check(open.Count == 0, $"the calls {string.Join(", ", open)} have no results");
        Check(messages.GetArrayLength() % 2 == 1, "the last message is not the user's");
    }

    private static void JudgeContent(
        JsonElement message, string what, string role, HashSet<string> ids, HashSet<string> open)
    {
        if (message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
        {
            Check(open.Count == 0, $"{what} has no results of the calls {string.Join(", ", open)}");
            Text(message, "content", what);
            return;
        }

        var waits = open.Count > 0;
        foreach (var block in Items(message, "content", what).EnumerateArray())
        {
            var type = Text(block, "type", what);
            Check(!waits || open.Count == 0 || type == "tool_result",
                $"{what} has {type} before the results of all calls");
            switch (type)
            {
                case "text":
                    Text(block, "text", what);
                    break;
                case "image" when role == "user":
                    JudgeImage(block, what);
                    break;
                case "tool_result" when role == "user":
                    JudgeResult(block, what, open);
                    break;
                case "tool_use" when role == "assistant":
                    var id = Text(block, "id", what);
                    Check(id.All(IsPlain), $"the call id {id} has other than letters, digits, _ and -");
                    Check(ids.Add(id), $"{what} has the call id {id} again");
                    open.Add(id);
                    ToolName(Text(block, "name", what), $"call {id}");
                    Object(block.GetProperty("input"), $"the input of call {id}");
                    break;
                case "thinking" when role == "assistant":
                    Check(block.GetProperty("thinking").GetString() is not null, $"{what} has no thinking");
                    Text(block, "signature", what);
                    Check(!block.TryGetProperty("cache_control", out _), $"{what} marks its thinking");
                    break;
                case "redacted_thinking" when role == "assistant":
                    Text(block, "data", what);
                    break;
                default:
                    throw new StrictFault($"{what} from {role} has a block of the type {type}");
            }
        }

        Check(role == "assistant" || open.Count == 0, $"{what} lacks results of the calls {string.Join(", ", open)}");
    }

    private static void JudgeResult(JsonElement block, string what, HashSet<string> open)
    {
        Fields(block, what, "type", "tool_use_id", "content", "is_error", "cache_control");
        var id = Text(block, "tool_use_id", what);
        Check(open.Remove(id), $"{what} answers the call {id}, which is not open");
        if (block.GetProperty("content").ValueKind == JsonValueKind.String)
        {
            Text(block, "content", what);
            return;
        }

        foreach (var part in Items(block, "content", what).EnumerateArray())
        {
            if (Text(part, "type", what) == "image")
            {
                JudgeImage(part, what);
            }
            else
            {
                Text(part, "text", what);
            }
        }
    }

    private static void JudgeImage(JsonElement block, string what)
    {
        var source = block.GetProperty("source");
        Check(Text(source, "type", what) == "base64", $"the image of {what}");
        Check(Text(source, "media_type", what).StartsWith("image/"), $"the media type of {what}");
        Base64(Text(source, "data", what), $"the image of {what}");
    }

    private static int CountMarks(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => json.EnumerateObject()
            .Sum(f => f.Name == "input" ? 0 : (f.Name == "cache_control" ? 1 : 0) + CountMarks(f.Value)),
        JsonValueKind.Array => json.EnumerateArray().Sum(CountMarks),
        _ => 0,
    };
}
