using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Protocol.Wire;

/// <summary>An event and its bytes as they came.</summary>
public sealed record EventLine(StoredEvent Stored, ReadOnlyMemory<byte> Json);

/// <summary>The stored events of one message of the daemon: <c>{"session":"…","events":[…]}</c>.</summary>
public sealed record EventBatch(string Session, IReadOnlyList<EventLine> Lines)
{
    /// <summary>Takes the message apart without changing a byte of its events.</summary>
    /// <exception cref="IOException">It has another shape.</exception>
    public static EventBatch Read(WireMessage message)
    {
        try
        {
            return Read(message.Body);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new IOException("The daemon sent events that this build cannot read.", e);
        }
    }

    private static EventBatch Read(ReadOnlyMemory<byte> body)
    {
        var reader = new Utf8JsonReader(body.Span);
        var session = "";
        var lines = new List<EventLine>();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("Events came without an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("session"u8))
            {
                reader.Read();
                session = reader.GetString() ?? "";
            }
            else if (reader.ValueTextEquals("events"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    var from = (int)reader.TokenStartIndex;
                    reader.Skip();
                    var json = body[from..(int)reader.BytesConsumed];
                    lines.Add(new EventLine(EventJson.Read(json.Span), json));
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new EventBatch(session, lines);
    }
}
