using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>
/// The events as JSON: <c>{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"…"}</c>.
/// The same bytes stand in the log, on the wire and in <c>--stream</c>.
/// </summary>
public static class EventJson
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly Dictionary<Type, EventKind> ByType = [];
    private static readonly Dictionary<string, EventKind> ByName = [];

    static EventJson()
    {
        foreach (var kind in EventKinds.All)
        {
            ByType.Add(kind.Type, kind);
            ByName.Add(kind.Name, kind);
        }
    }

    /// <summary>The name an event's kind has in the log.</summary>
    public static string NameOf(SessionEvent e) => e is UnknownEvent u ? u.Type : ByType[e.GetType()].Name;

    /// <summary>Writes one event as a JSON object without a line end.</summary>
    /// <exception cref="ArgumentException">The event is an <see cref="UnknownEvent"/>: only its bytes can be kept.</exception>
    public static void Write(IBufferWriter<byte> output, StoredEvent stored)
    {
        if (stored.Event is UnknownEvent unknown)
        {
            throw new ArgumentException($"An event of the unknown kind '{unknown.Type}' cannot be written.");
        }

        var kind = ByType[stored.Event.GetType()];
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteNumber("seq"u8, stored.Seq);
        writer.WriteString("at"u8, stored.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        writer.WriteString("type"u8, kind.Name);
        kind.Write(writer, stored.Event);
        writer.WriteEndObject();
    }

    /// <summary>Reads one event. A kind that is not known comes back as <see cref="UnknownEvent"/>.</summary>
    /// <exception cref="JsonException">The bytes are no event.</exception>
    public static StoredEvent Read(ReadOnlySpan<byte> json) => JsonFields.Parse(json, static e =>
    {
        var type = e.Text("type"u8);
        return e.Long("seq"u8) is > 0 and var seq
            ? new StoredEvent(
                seq, e.Moment("at"u8), ByName.TryGetValue(type, out var kind) ? kind.Read(e) : new UnknownEvent(type))
            : throw new JsonException("Sequence numbers begin at 1.");
    });
}
