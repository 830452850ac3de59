using System.Text.Json;
using Berth.Core.Models;
using Berth.Core.Settings;

namespace Berth.Tests.Wire;

/// <summary>What the tests of both wires share: settings, requests, and an answer put together from its pieces.</summary>
internal static class WireTest
{
    /// <summary>A model on a server.</summary>
    public static ModelSettings Settings(Uri baseUrl, string provider = "openai") =>
        new("test", provider, "scripted", baseUrl);

    /// <summary>A request with one message.</summary>
    public static ModelRequest Ask(string text) => Request(new UserEntry(text));

    /// <summary>A request with these messages, a system text and two tools.</summary>
    public static ModelRequest Request(params ModelMessage[] messages) => 
        new("You are a test.", messages, Tools, ImageBytes);

    /// <summary>The bytes of every image in these tests: those of its id.</summary>
    public static ReadOnlyMemory<byte>? ImageBytes(string id) => System.Text.Encoding.UTF8.GetBytes(id);

    /// <summary>Two tools.</summary>
    public static IReadOnlyList<ToolDescription> Tools { get; } =
    [
        new("bash", "Runs a command.", JsonElement.Parse("""{"type":"object","properties":{"command":{"type":"string"}}}""")),
        new("read", "Reads a file.", JsonElement.Parse("""{"type":"object","properties":{"path":{"type":"string"}}}""")),
    ];

    /// <summary>Reads an answer to its end, whatever the end is.</summary>
    public static async Task<Heard> HearAsync(
        this IModel model, ModelRequest request, CancellationToken cancellation = default)
    {
        var heard = new Heard();
        try
        {
            await foreach (var piece in model.AnswerAsync(request, cancellation))
            {
                heard = heard.With(piece);
            }
        }
        catch (ModelFailure failure)
        {
            return heard with { Failure = failure };
        }

        return heard;
    }
}

/// <summary>All that came of one call.</summary>
internal sealed record Heard
{
    public string Text { get; init; } = "";

    public string Reasoning { get; init; } = "";

    public IReadOnlyList<RetryPiece> Retries { get; init; } = [];

    public IReadOnlyList<WaitPiece> Waits { get; init; } = [];

    public AnswerPiece? Answer { get; init; }

    public ModelFailure? Failure { get; init; }

    /// <summary>The calls as "tool(arguments)".</summary>
    public string Calls => string.Join(" ", (Answer?.Calls ?? []).Select(c => $"{c.Tool}({c.Arguments})"));

    /// <summary>The whole as one line, for tables: text, reasoning, calls, stop or failure.</summary>
    public override string ToString() =>
        string.Join(" | ", new[] { Text, Reasoning, Calls, Answer?.Stop ?? "FAILED: " + Failure?.Message }.Where(s => s != ""));

    public Heard With(ModelPiece piece) => piece switch
    {
        _ when Answer is not null => throw new InvalidOperationException($"{piece} came after the answer's end."),
        TextPiece text => this with { Text = Text + text.Text },
        ReasoningPiece reasoning => this with { Reasoning = Reasoning + reasoning.Text },
        WaitPiece wait => this with { Waits = [.. Waits, wait] },
        RetryPiece retry => this with { Retries = [.. Retries, retry] },
        AnswerPiece answer => this with { Answer = answer },
        _ => throw new InvalidOperationException($"An unknown piece: {piece}"),
    };
}
