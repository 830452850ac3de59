using System.Buffers;
using System.Text;
using System.Text.Json;
using Berth.App;
using Berth.Protocol.Events;
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
        where T : class
    {
        Sent.Add((++lastId, method, Json(parameters, shape)));
        return lastId;
    }

    /// <inheritdoc/>
    public WireMessage? Receive() => throw new NotSupportedException("The test hands messages over.");

    /// <inheritdoc/>
    public void Dispose() => IsClosed = true;

    /// <summary>The answer to the last call of a method.</summary>
    public WireMessage Answer<T>(string method, T result, JsonShape<T> shape)
        where T : class => WireMessage.Parse(Encoding.UTF8.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"id\":{Sent.Last(s => s.Method == method).Id},\"result\":{Json(result, shape)}}}"));

    /// <summary>The refusal of the last call of a method.</summary>
    public WireMessage Refusal(string method, string what) => WireMessage.Parse(Encoding.UTF8.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"id\":{Sent.Last(s => s.Method == method).Id},\"error\":{{\"code\":-32000,\"message\":\"{JsonEncodedText.Encode(what)}\"}}}}"));

    /// <summary>Something the daemon says by itself.</summary>
    public static WireMessage Notification<T>(string method, T parameters, JsonShape<T> shape)
        where T : class => WireMessage.Parse(
        Encoding.UTF8.GetBytes($"{{\"jsonrpc\":\"2.0\",\"method\":\"{method}\",\"params\":{Json(parameters, shape)}}}"));

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

    private static string Json<T>(T value, JsonShape<T> shape)
        where T : class
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            shape.Write(writer, value);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
