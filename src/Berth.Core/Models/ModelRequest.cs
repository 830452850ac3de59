using System.Text.Json;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>Everything one call to a model says. What was sent stays, byte for byte, the beginning of the next.</summary>
/// <param name="Instructions">The system text.</param>
/// <param name="Messages">The conversation, oldest first. Every tool call in it has exactly one result.</param>
/// <param name="Tools">The tools the model may call.</param>
/// <param name="ImageBytes">The bytes of an image by its id; null when they are gone.</param>
public sealed record ModelRequest(
    string Instructions, IReadOnlyList<ModelMessage> Messages, IReadOnlyList<ToolDescription> Tools,
    Func<string, ReadOnlyMemory<byte>?>? ImageBytes = null)
{
    /// <summary>The answer wanted is a summary of the conversation; the last message says so.</summary>
    public bool IsForSummary { get; init; }

    /// <summary>About how many tokens it has; providers count exactly, and afterwards.</summary>
    public long EstimatedTokens()
    {
        long chars = Instructions.Length;
        long images = 0;
        foreach (var message in Messages)
        {
            switch (message)
            {
                case UserEntry user:
                    chars += user.Text.Length;
                    images += user.Images?.Count ?? 0;
                    break;
                case AssistantEntry answer:
                    chars += answer.Text.Length + answer.Calls.Sum(call => (long)call.Arguments.Length);
                    break;
                case ToolResultEntry result:
                    chars += result.Output.Length;
                    images += result.Images?.Count ?? 0;
                    break;
            }
        }

        return chars / Limits.CharsPerToken + images * Limits.TokensPerImage;
    }
}

/// <summary>A tool as the model sees it.</summary>
/// <param name="Schema">JSON Schema of its arguments, an object.</param>
public sealed record ToolDescription(string Name, string Description, JsonElement Schema);

/// <summary>One entry of the conversation.</summary>
public abstract record ModelMessage;

/// <summary>What a person (or a marked notice) says.</summary>
public sealed record UserEntry(string Text, IReadOnlyList<ImageData>? Images = null) : ModelMessage
{
    /// <summary>Nobody said it: a notice, marked as such in its text.</summary>
    public bool IsNotice { get; init; }
}

/// <summary>What the model answered earlier.</summary>
/// <param name="Provider">What the provider gave to be sent back (<see cref="AnswerPiece.Provider"/>).</param>
public sealed record AssistantEntry(
    string Text, IReadOnlyList<ModelToolCall> Calls, JsonElement? Provider = null) : ModelMessage;

/// <summary>The result of one tool call.</summary>
public sealed record ToolResultEntry(
    string CallId, string Output, bool IsError, IReadOnlyList<ImageData>? Images = null) : ModelMessage;

/// <summary>An image for a model that takes them; its bytes are asked for when a request is written.</summary>
/// <param name="Id">Names its content.</param>
/// <param name="MediaType">For example "image/png".</param>
/// <param name="Length">Bytes.</param>
public sealed record ImageData(string Id, string MediaType, long Length);

/// <summary>A tool call; <paramref name="Arguments"/> is the JSON text as the model gave it.</summary>
public sealed record ModelToolCall(string Id, string Tool, string Arguments);

/// <summary>A piece of an answer.</summary>
public abstract record ModelPiece;

/// <summary>Visible text.</summary>
public sealed record TextPiece(string Text) : ModelPiece;

/// <summary>Shown reasoning.</summary>
public sealed record ReasoningPiece(string Text) : ModelPiece;

/// <summary>The request failed before anything of an answer came, and is repeated after a wait.</summary>
/// <param name="Attempt">The failed request's number, from 1.</param>
public sealed record RetryPiece(int Attempt, TimeSpan Wait, string Why) : ModelPiece;

/// <summary>The request is not sent yet: the limits of its key do not let it pass.</summary>
/// <param name="Left">How long it will wait, as far as that is known.</param>
/// <param name="Why">What it waits for; null: it waits no longer.</param>
public sealed record WaitPiece(TimeSpan? Left, string? Why) : ModelPiece
{
    /// <summary>The wait is over, and the request is sent.</summary>
    public static WaitPiece Over { get; } = new(null, null);
}

/// <summary>The answer is whole.</summary>
/// <param name="Stop">"stop", "tools", "length", "refusal", or the provider's own word.</param>
/// <param name="Provider">To be sent back with this answer in later requests; null when nothing is.</param>
public sealed record AnswerPiece(
    string Stop, IReadOnlyList<ModelToolCall> Calls, TokenCount Tokens, JsonElement? Provider = null) : ModelPiece;

/// <summary>Tokens as the provider counted them; <paramref name="Cached"/> are part of <paramref name="Input"/>.</summary>
public sealed record TokenCount(long Input, long Output, long Cached);
