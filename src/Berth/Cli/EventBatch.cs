using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Wire;

namespace Berth.Cli;

/// <summary>An event and its bytes as they came.</summary>
internal sealed record EventLine(StoredEvent Stored, ReadOnlyMemory<byte> Json);

/// <summary>The stored events of one message of the daemon: <c>{"session":"…","events":[…]}</c>.</summary>
internal static class EventBatch
{
    /// <summary>Takes the message apart without changing a byte of its events.</summary>
    /// <exception cref="IOException">It has another shape.</exception>
    public static List<EventLine> Of(WireMessage message)
    {
        try
        {
            return Read(message.Body);
        }
        catch (JsonException e)
        {
            throw new IOException("The daemon sent events that this build cannot read.", e);
        }
    }

    private static List<EventLine> Read(ReadOnlyMemory<byte> body)
    {
        var events = new List<EventLine>();
        var reader = new Utf8JsonReader(body.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("events"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var from = (int)reader.TokenStartIndex;
                reader.Skip();
                var json = body[from..(int)reader.BytesConsumed];
                events.Add(new EventLine(EventJson.Read(json.Span), json));
            }
        }

        return events;
    }
}
