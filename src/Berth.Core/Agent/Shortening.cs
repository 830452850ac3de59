using Berth.Core.Models;

namespace Berth.Core.Agent;

/// <summary>Makes a conversation fit that is too long to be summarized as it is.</summary>
internal static class Shortening
{
    private const int Long = 2_000;

    /// <summary>
    /// The messages within about so many tokens: first the oldest outputs lose their middle, then the oldest messages go.
    /// Every call keeps its result.
    /// </summary>
    public static IReadOnlyList<ModelMessage> Fit(IReadOnlyList<ModelMessage> messages, long tokens)
    {
        var size = messages.Sum(ContextSize.Of);
        var shorter = new List<ModelMessage>(messages.Count);
        foreach (var message in messages)
        {
            var made = size > tokens ? Shorter(message) : message;
            size -= ContextSize.Of(message) - ContextSize.Of(made);
            shorter.Add(made);
        }

        var from = 0;
        while (from < shorter.Count && (size > tokens || shorter[from] is not UserEntry))
        {
            size -= ContextSize.Of(shorter[from]);
            from++;
        }

        return from == 0 ? shorter
            : [new UserEntry($"[The first {from} messages are left out here: they do not fit.]"), .. shorter.Skip(from)];
    }

    private static ModelMessage Shorter(ModelMessage message) => message switch
    {
        ToolResultEntry result => result with { Output = Middle(result.Output), Images = null },
        UserEntry user => user with { Text = Middle(user.Text), Images = null },
        AssistantEntry answer => answer with
        {
            Text = Middle(answer.Text),
            Provider = null,
            Calls = [.. answer.Calls.Select(c => c.Arguments.Length > Long ? c with { Arguments = "{}" } : c)],
        },
        _ => message,
    };

    /// <summary>A text's beginning and end, with the number of characters between them.</summary>
    public static string Middle(string text, int most = Long)
    {
        if (text.Length <= most)
        {
            return text;
        }

        var head = char.IsHighSurrogate(text[most / 2 - 1]) ? most / 2 - 1 : most / 2;
        var tail = char.IsLowSurrogate(text[^(most / 2)]) ? most / 2 - 1 : most / 2;
        return $"{text[..head]}\n[… {text.Length - head - tail} characters left out …]\n{text[^tail..]}";
    }
}
