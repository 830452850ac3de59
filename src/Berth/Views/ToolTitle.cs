using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Views;

/// <summary>What a tool call is about, in a few words: the argument a person looks for first.</summary>
internal static class ToolTitle
{
    private const int Longest = 2_000;

    // The first of these that a call has says it.
    private static readonly string[] Telling =
        ["command", "path", "file_path", "pattern", "query", "url", "task_id", "description", "prompt"];

    /// <summary>One line of text; the arguments themselves where they say nothing that is known.</summary>
    public static string Of(ToolCall call)
    {
        var title = FromArguments(call.Arguments) ?? call.Arguments;
        title = title.Trim();
        return title.Length <= Longest ? title : title[..Longest];
    }

    /// <summary>The string an argument has; null when it has none or the arguments are no JSON.</summary>
    public static string? Argument(ToolCall call, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(call.Arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The item that is worked on says more than the whole list.
    private static string UnderWay(JsonElement todos)
    {
        foreach (var todo in todos.EnumerateArray())
        {
            if (todo.ValueKind == JsonValueKind.Object && todo.TryGetProperty("status", out var status)
                && status.ValueKind == JsonValueKind.String && status.ValueEquals("in_progress")
                && todo.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.String)
            {
                return content.GetString()!;
            }
        }

        return Figures.Plural(todos.GetArrayLength(), "item");
    }

    private static string? FromArguments(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            foreach (var name in Telling)
            {
                if (document.RootElement.TryGetProperty(name, out var value))
                {
                    return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
                }
            }

            if (document.RootElement.TryGetProperty("todos", out var todos) && todos.ValueKind == JsonValueKind.Array)
            {
                return UnderWay(todos);
            }

            return document.RootElement.TryGetProperty("subagents", out var agents)
                && agents.ValueKind == JsonValueKind.Array ? Figures.Plural(agents.GetArrayLength(), "agent") : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
