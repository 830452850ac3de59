using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Wire;

namespace Berth.App;

/// <summary>The events of one message: <c>{"session":"…","events":[…]}</c>.</summary>
internal sealed record EventBatch(string Session, IReadOnlyList<StoredEvent> Events)
{
    /// <summary>Reads the message.</summary>
    /// <exception cref="JsonException">It does not have that shape.</exception>
    public static EventBatch Read(WireMessage message)
    {
        var json = message.Body.Span;
        var reader = new Utf8JsonReader(json);
        var session = "";
        var events = new List<StoredEvent>();
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
                    events.Add(EventJson.Read(json[from..(int)reader.BytesConsumed]));
                }
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new EventBatch(session, events);
    }
}
