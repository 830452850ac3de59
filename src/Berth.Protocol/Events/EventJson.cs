using System.Buffers;
using System.Text.Json;
using Berth.Protocol.Json;

namespace Berth.Protocol.Events;

/// <summary>
/// The events as JSON: <c>{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"…"}</c>.
/// The same bytes stand in the log, on the wire and in <c>--stream</c>.
/// </summary>
public static class EventJson
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
    private const int TimeLength = 24;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    private static readonly Dictionary<Type, EventKind> ByType = new(EventKinds.All.Length);
    private static readonly Dictionary<string, EventKind> ByName = new(EventKinds.All.Length);

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
        using var writer = new Utf8JsonWriter(output, Options);
        Write(writer, stored);
    }

    /// <summary>The same with a writer that is at the place of an object and has the log's escapes.</summary>
    /// <exception cref="ArgumentException">As above.</exception>
    public static void Write(Utf8JsonWriter writer, StoredEvent stored)
    {
        if (stored.Event is UnknownEvent unknown)
        {
            throw new ArgumentException($"An event of the unknown kind '{unknown.Type}' cannot be written.");
        }

        var kind = ByType[stored.Event.GetType()];
        Span<char> time = stackalloc char[TimeLength];
        stored.At.UtcDateTime.TryFormat(time, out var length, TimeFormat);
        writer.WriteStartObject();
        writer.WriteNumber("seq"u8, stored.Seq);
        writer.WriteString("at"u8, time[..length]);
        writer.WriteString("type"u8, kind.Name);
        kind.Write(writer, stored.Event);
        writer.WriteEndObject();
    }

    /// <summary>Reads one event. A kind that is not known comes back as <see cref="UnknownEvent"/>.</summary>
    /// <exception cref="JsonException">The bytes are no event.</exception>
    public static StoredEvent Read(ReadOnlySpan<byte> json)
    {
        var stored = JsonElement.Parse(json);
        if (stored.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("An event is a JSON object.");
        }

        var (seq, at, type) = (stored.Long("seq"u8), stored.Time("at"u8), stored.Text("type"u8));
        if (seq < 1)
        {
            throw new JsonException("An event's number is 1 or more.");
        }

        return new StoredEvent(seq, at, ByName.TryGetValue(type, out var kind) ? kind.Read(stored) : new UnknownEvent(type));
    }
}
