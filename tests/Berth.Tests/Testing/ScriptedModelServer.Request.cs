using System.Text.Json;

namespace Berth.Tests.Testing;

/// <summary>One request as it came.</summary>
/// <param name="Path">The path, with its query.</param>
/// <param name="Headers">The headers; names without regard to case.</param>
/// <param name="Body">The body; undefined when it is no JSON.</param>
/// <param name="Raw">The bytes of the body.</param>
internal sealed record ModelServerRequest(
    string Path, IReadOnlyDictionary<string, string> Headers, JsonElement Body, byte[] Raw)
{
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What a strict provider says against it; null when it is valid.</summary>
    public string? Fault { get; init; }

    /// <summary>It came on Anthropic's wire.</summary>
    public bool IsAnthropic => Path.Contains("/messages");

    /// <summary>The answer is over: true when it was said to its end, false when the client left before.</summary>
    public Task<bool> Answered => _ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>The conversation.</summary>
    public IEnumerable<JsonElement> Messages => Body.ValueKind == JsonValueKind.Object
        && Body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array
        ? messages.EnumerateArray() : [];

    /// <summary>The text of the newest message that a person wrote; "" when there is none.</summary>
    public string LastUser => Messages
        .Where(m => m.TryGetProperty("role", out var role) && role.ValueEquals("user"))
        .Select(TextOf)
        .LastOrDefault(text => text.Length > 0) ?? "";

    /// <summary>The output of the newest tool result; null when the newest message has none.</summary>
    public string? LastResult
    {
        get
        {
            var last = Messages.LastOrDefault();
            if (last.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            if (last.GetProperty("role").ValueEquals("tool"))
            {
                return TextOf(last);
            }

            var content = last.GetProperty("content");
            var blocks = content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().ToArray() : [];
            var block = blocks.LastOrDefault(b => b.GetProperty("type").ValueEquals("tool_result"));
            return block.ValueKind == JsonValueKind.Object ? TextOf(block) : null;
        }
    }

    internal void End(bool whole) => _ended.TrySetResult(whole);

    private static string TextOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content))
        {
            return "";
        }

        return content.ValueKind switch
        {
            JsonValueKind.String => content.GetString()!,
            JsonValueKind.Array => string.Join("\n", content.EnumerateArray()
                .Where(part => part.TryGetProperty("text", out _))
                .Select(part => part.GetProperty("text").GetString())),
            _ => "",
        };
    }
}
