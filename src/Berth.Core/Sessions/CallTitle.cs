using System.Text.Json;
using Berth.Core.Tasks;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>What tool calls are about, in a few words: for the row of a sub-agent, and for its group's output.</summary>
internal static class CallTitle
{
    private const int Longest = 160;

    // The first of these that a call has says it.
    private static readonly string[] Telling = ["command", "path", "pattern", "url", "query", "task_id"];

    /// <summary>The last call of an answer; null when it has none.</summary>
    public static string? Of(IReadOnlyList<ToolCall> calls) => calls is [.., var last] ? Of(last) : null;

    /// <summary>The tool, and the argument that a person looks for first.</summary>
    public static string Of(ToolCall call) => OneLine.Of($"{call.Tool} {Argument(call.Arguments)}", Longest);

    private static string Argument(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            foreach (var name in Telling)
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object
                    && document.RootElement.TryGetProperty(name, out var value))
                {
                    return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
                }
            }
        }
        catch (JsonException)
        {
            // A call whose arguments are no JSON is shown by its tool.
        }

        return "";
    }
}
