using System.Buffers;
using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Daemon;

/// <summary>The daemon's messages as bytes: JSON-RPC 2.0, one a line.</summary>
internal static class WireWriter
{
    public static ReadOnlyMemory<byte> Notification<T>(string method, T parameters, JsonShape<T> shape)
        where T : class =>
        Message(writer =>
        {
            writer.WriteString("method"u8, method);
            writer.WritePropertyName("params"u8);
            shape.Write(writer, parameters);
        });

    public static ReadOnlyMemory<byte> Result<T>(long id, T result, JsonShape<T> shape)
        where T : class => Message(writer =>
    {
        writer.WriteNumber("id"u8, id);
        writer.WritePropertyName("result"u8);
        shape.Write(writer, result);
    });

    public static ReadOnlyMemory<byte> Error(long? id, ErrorInfo error) => Message(writer =>
    {
        if (id is { } known)
        {
            writer.WriteNumber("id"u8, known);
        }
        else
        {
            writer.WriteNull("id"u8);
        }

        writer.WriteStartObject("error"u8);
        writer.WriteNumber("code"u8, error.Usage ? WireMessage.UsageCode : WireMessage.FailedCode);
        writer.WriteString("message"u8, error.What);
        if (error.Hint is { } hint)
        {
            writer.WriteStartObject("data"u8);
            writer.WriteString("hint"u8, hint);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    });

    private static ReadOnlyMemory<byte> Message(Action<Utf8JsonWriter> body)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            body(writer);
            writer.WriteEndObject();
        }

        bytes.Write("\n"u8);
        return bytes.WrittenMemory;
    }
}
