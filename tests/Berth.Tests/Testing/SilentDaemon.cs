using System.Buffers;
using System.Text;
using System.Text.Json;
using Berth.App;
using Berth.Protocol.Events;
using Berth.Protocol.Json;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Tests.Testing;

/// <summary>A daemon that does nothing by itself: it keeps what a terminal sends, and says what a test tells it to.</summary>
internal sealed class SilentDaemon : IDaemonConnection
{
    private long lastId;

    /// <summary>What was sent: the method and its parameters as JSON text.</summary>
    public List<(long Id, string Method, string Parameters)> Sent { get; } = [];

    /// <summary>The lines that were sent.</summary>
    public List<string> Lines =>
        [.. Sent.Where(s => s.Method == ClientMethods.Line).Select(s => JsonDocument.Parse(s.Parameters).RootElement.GetProperty("text").GetString()!)];

    /// <inheritdoc/>
    public Welcome Welcome { get; init; } =
        new(1, "0.1.0", "/build", 1, "/project", "demo", [], new BoardNews(0, 0, 0, []));

    /// <summary>The terminal closed the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <inheritdoc/>
    public long Send<T>(string method, T parameters, JsonShape<T> shape)
    {
        Sent.Add((++lastId, method, Encoding.UTF8.GetString(shape.Bytes(parameters))));
        return lastId;
    }

    /// <inheritdoc/>
    public WireMessage? Receive() => throw new NotSupportedException("The test hands messages over.");

    /// <inheritdoc/>
    public void Dispose() => IsClosed = true;

    /// <summary>The answer to the last call of a method.</summary>
    public WireMessage Answer<T>(string method, T result, JsonShape<T> shape) => WireMessage.Parse(Encoding.UTF8.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"id\":{Sent.Last(s => s.Method == method).Id},\"result\":{Encoding.UTF8.GetString(shape.Bytes(result))}}}"));

    /// <summary>The refusal of the last call of a method.</summary>
    public WireMessage Refusal(string method, string what) => WireMessage.Parse(Encoding.UTF8.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"id\":{Sent.Last(s => s.Method == method).Id},\"error\":{{\"code\":-32000,\"message\":{JsonSerializer.Serialize(what, JsonTypes.Default.String)}}}}}"));

    /// <summary>Something the daemon says by itself.</summary>
    public static WireMessage Notification<T>(string method, T parameters, JsonShape<T> shape) => WireMessage.Parse(
        Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{Encoding.UTF8.GetString(shape.Bytes(parameters))}}}"));

    /// <summary>Events of a session, as the daemon sends them.</summary>
    public static WireMessage Events(string session, params StoredEvent[] events)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(Encoding.UTF8.GetBytes(
            $"{{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{{\"session\":\"{session}\",\"events\":["));
        for (var i = 0; i < events.Length; i++)
        {
            bytes.Write(Encoding.UTF8.GetBytes(i == 0 ? "" : ","));
            EventJson.Write(bytes, events[i]);
        }

        bytes.Write("]}}"u8);
        return WireMessage.Parse(bytes.WrittenMemory.ToArray());
    }
}

[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
internal sealed partial class JsonTypes : System.Text.Json.Serialization.JsonSerializerContext;
