namespace Berth.Core.Models;

/// <summary>Makes sure that every tool call of a session has an id that names it and nothing else.</summary>
internal static class CallIds
{
    // Longer ones are refused by some servers when they come back.
    private const int MaxChars = 64;

    /// <summary>
    /// The calls with ids that are unique among them and in the conversation. A missing, repeated, overlong or
    /// unprintable id is replaced; the server that gave it takes ours as well.
    /// </summary>
    public static IReadOnlyList<ModelToolCall> Unique(IReadOnlyList<ModelToolCall> calls, ModelRequest request)
    {
        if (calls.Count == 0)
        {
            return calls;
        }

        var taken = new HashSet<string>();
        foreach (var message in request.Messages)
        {
            if (message is AssistantEntry { Calls.Count: > 0 } earlier)
            {
                foreach (var call in earlier.Calls)
                {
                    taken.Add(call.Id);
                }
            }
        }

        var unique = new List<ModelToolCall>(calls.Count);
        foreach (var call in calls)
        {
            unique.Add(IsUsable(call.Id) && taken.Add(call.Id) ? call : call with { Id = Fresh(taken) });
        }

        return unique;
    }

    private static bool IsUsable(string id) =>
        id.Length is > 0 and <= MaxChars && !id.AsSpan().ContainsAnyExceptInRange('!', '~');

    // Nine letters and digits: the only form that every known server accepts (Mistral asks for exactly this).
    private static string Fresh(HashSet<string> taken)
    {
        var number = taken.Count + 1;
        while (!taken.Add($"call{number:D5}"))
        {
            number++;
        }

        return $"call{number:D5}";
    }
}
