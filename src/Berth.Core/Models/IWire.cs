using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>One provider's way to speak over HTTP: where to, what to say, how to read the answer.</summary>
internal interface IWire
{
    /// <summary>Where requests go.</summary>
    Uri Address { get; }

    /// <summary>Headers of every request, the key's one among them.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The request as this wire says it, in UTF-8 JSON.</summary>
    ReadOnlyMemory<byte> Write(ModelRequest request);

    /// <summary>
    /// The server refused a request (4xx) with this body. True when the wire knows why and will now write the
    /// request differently: it is then sent once more.
    /// </summary>
    bool Adapts(ModelRequest request, int status, string body);

    /// <summary>Something that reads the answer to this request.</summary>
    IAnswerReader ReadAnswer(ModelRequest request);
}

/// <summary>Reads an answer from the events of a stream, or from the object of a server that does not stream.</summary>
internal interface IAnswerReader
{
    /// <summary>The word that ends the answer has come: only token counts and the stream's end may follow.</summary>
    bool IsStopped { get; }

    /// <summary>A tool call has begun.</summary>
    bool HasCalls { get; }

    /// <summary>Takes one event in. True when it says that the stream is over.</summary>
    /// <exception cref="JsonException">The data are not what this wire says.</exception>
    /// <exception cref="ServerSaidError">The event reports an error.</exception>
    bool Read(string type, ReadOnlySpan<byte> data, PieceBuffer pieces);

    /// <summary>Takes the whole answer in, as a server sends it that does not stream.</summary>
    /// <inheritdoc cref="Read" path="/exception"/>
    void ReadWhole(ReadOnlySpan<byte> body, PieceBuffer pieces);

    /// <summary>The answer, when what came is whole; else null.</summary>
    /// <param name="isClosed">The stream said that it is over; else it just ended or broke.</param>
    AnswerPiece? End(bool isClosed);
}

/// <summary>The server reported an error inside of an answer; the message is its own, not yet cleaned.</summary>
internal sealed class ServerSaidError(string message) : Exception(message)
{
    /// <summary>Throws when the value the reader stands on, a field "error", says that there is one.</summary>
    public static void ThrowIfAny(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        // Some servers carry "error": null in every piece.
        if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False))
        {
            throw new ServerSaidError(reader.TokenType == JsonTokenType.String
                ? JsonText.Read(ref reader)!
                : FaultWords.OfBody(JsonText.ReadRaw(ref reader, json)));
        }
    }
}
