using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Protocol.Wire;

/// <summary>
/// One received JSON-RPC 2.0 message: a call (<see cref="Method"/>, maybe <see cref="Id"/>), an answer
/// (<see cref="Id"/>, result) or an error answer (<see cref="Id"/>, <see cref="Error"/>).
/// </summary>
public sealed class WireMessage
{
    /// <summary>The method of a call or notification; null for an answer.</summary>
    public string? Method { get; private init; }

    /// <summary>The id of a call that wants an answer, or of the call this answers.</summary>
    public long? Id { get; private init; }

    /// <summary>Why the call was refused; null unless this is an error answer.</summary>
    public ErrorInfo? Error { get; private init; }

    /// <summary>The JSON text of <c>params</c> or <c>result</c>.</summary>
    public ReadOnlyMemory<byte> Body { get; private init; }

    /// <summary>The body as a value.</summary>
    /// <exception cref="JsonException">The body does not have that shape, or there is none.</exception>
    public T Read<T>(JsonShape<T> shape)
        where T : class => shape.Read(Body.Span);

    /// <summary>Reads one line. The message keeps the memory it was read from.</summary>
    /// <exception cref="IOException">The line is no JSON-RPC message.</exception>
    public static WireMessage Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return ParseFields(line);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new IOException("A message on the connection is no JSON-RPC 2.0.", e);
        }
    }

    private static WireMessage ParseFields(ReadOnlyMemory<byte> line)
    {
        string? method = null;
        long? id = null;
        ErrorInfo? error = null;
        ReadOnlyMemory<byte> body = default;
        var reader = new Utf8JsonReader(line.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("method"u8))
            {
                reader.Read();
                method = reader.GetString();
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                id = reader.TokenType == JsonTokenType.Null ? null : reader.GetInt64();
            }
            else if (reader.ValueTextEquals("params"u8) || reader.ValueTextEquals("result"u8))
            {
                body = Slice(line, ref reader);
            }
            else if (reader.ValueTextEquals("error"u8))
            {
                error = ReadError(Slice(line, ref reader).Span);
            }
            else
            {
                reader.Skip();
            }
        }

        return new WireMessage { Method = method, Id = id, Error = error, Body = body };
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> line, ref Utf8JsonReader reader)
    {
        reader.Read();
        var from = (int)reader.TokenStartIndex;
        reader.Skip();
        return line[from..(int)reader.BytesConsumed];
    }

    // JSON-RPC's own shape: {"code":…,"message":"…","data":{"hint":"…"}}.
    private static ErrorInfo ReadError(ReadOnlySpan<byte> json)
    {
        using var document = JsonDocument.Parse(json.ToArray());
        var root = document.RootElement;
        var hint = root.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty("hint"u8, out var h) ? h.GetString() : null;
        return new ErrorInfo(root.GetProperty("message"u8).GetString() ?? "refused", hint,
            root.TryGetProperty("code"u8, out var code) && code.GetInt32() == UsageCode);
    }

    /// <summary>JSON-RPC's "invalid params": the line itself was wrong.</summary>
    public const int UsageCode = -32602;

    /// <summary>The call was understood and could not be done.</summary>
    public const int FailedCode = -32000;
}
