using System.Text.Json;
using Berth.Core.Models;

namespace Berth.Tests.Wire;

/// <summary>Conversations as a session could hold them, with everything in them that a strict server stumbles over.</summary>
internal sealed class RandomConversations(Random random)
{
    private static readonly string[] Texts =
    [
        "Hello.", "", " ", "\n", "你好 😀", "half \ud83d pair", "\udc00", "nul \0 bell \a esc \e[2J", "\"quoted\" \\ back",
        "line\u2028separator", new string('x', 3_000), "</script>", "\ufeff",
    ];

    private static readonly string[] Arguments =
    [
        "{}", "", " ", "{\"command\":\"ls\"}", "{oops", "[1]", "\"text\"", "null", "{\"a\":\"\\ud83d\"}", "{\"a\":1}{", "{\"a\":\"\ud83d\"}",
        "{\"deep\":" + new string('[', 100) + new string(']', 100) + "}", "{\"é\": [1, 2]}", "{\"command\":\"a\nb\"}",
    ];

    private static readonly string[] Tools = ["bash", "read", "no.such tool", "", new string('t', 100), "工具"];

    private static readonly JsonElement?[] Providers =
    [
        null,
        JsonElement.Parse("""{"wire":"openai","model":"scripted","fields":{"reasoning_content":"Hm"},"calls":[{"extra_content":{"x":1}}]}"""),
        JsonElement.Parse("""{"wire":"anthropic","model":"scripted","blocks":[{"type":"thinking","thinking":"","signature":"s"},{"type":"text","chars":6},{"type":"tool_use"}]}"""),
        JsonElement.Parse("""{"wire":"anthropic","model":"scripted","blocks":[{"type":"redacted_thinking","data":"x"},7,{"type":3}]}"""),
        JsonElement.Parse("""{"wire":"openai","model":"scripted","fields":[],"calls":{}}"""),
        JsonElement.Parse("[]"),
    ];

    private static readonly ImageData Image = new("a", "image/png", 4);

    /// <summary>The next one.</summary>
    public ModelRequest Next()
    {
        var messages = new List<ModelMessage>();
        var calls = 0;
        for (var step = random.Next(6); step >= 0; step--)
        {
            for (var users = random.Next(1, 3); users > 0; users--)
            {
                messages.Add(new UserEntry(Pick(Texts), random.Next(4) == 0 ? [Image] : null));
            }

            var made = Enumerable.Range(0, random.Next(4)).Select(_ => Call(calls++)).ToList();
            messages.Add(new AssistantEntry(Pick(Texts), made, Pick(Providers)));
            messages.AddRange(made.Select(call =>
                new ToolResultEntry(call.Id, Pick(Texts), random.Next(2) == 0, random.Next(4) == 0 ? [Image] : null)));
        }

        messages.Add(new UserEntry(Pick(Texts)));
        return new ModelRequest(Pick(Texts), messages, random.Next(4) == 0 ? [] : WireTest.Tools, WireTest.ImageBytes);
    }

    private ModelToolCall Call(int number)
    {
        string[] ids = [$"call_{number}", $"functions.bash:{number}", $"call{number:D5}", $"id/{number}"];
        return new ModelToolCall(Pick(ids), Pick(Tools), Pick(Arguments));
    }

    private T Pick<T>(T[] values) => values[random.Next(values.Length)];
}
