using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Wire;

namespace Berth.Cli;

/// <summary>The stored events of one message of the daemon: <c>{"session":"…","events":[…]}</c>.</summary>
internal static class EventBatch
{
    /// <summary>Takes the message apart without changing a byte of its events.</summary>
    /// <exception cref="IOException">It has another shape.</exception>
    public static List<(StoredEvent Event, ReadOnlyMemory<byte> Json)> Of(WireMessage message)
    {
        var events = new List<(StoredEvent, ReadOnlyMemory<byte>)>();
        try
        {
            foreach (var json in Elements(message.Body))
            {
                events.Add((EventJson.Read(json.Span), json));
            }
        }
        catch (JsonException e)
        {
            throw new IOException("The daemon sent events that this build cannot read.", e);
        }

        return events;
    }

    private static List<ReadOnlyMemory<byte>> Elements(ReadOnlyMemory<byte> body)
    {
        var elements = new List<ReadOnlyMemory<byte>>();
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
                elements.Add(body[from..(int)reader.BytesConsumed]);
            }
        }

        return elements;
    }
}
