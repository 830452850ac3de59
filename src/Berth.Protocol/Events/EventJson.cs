using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Berth.Protocol.Events;

/// <summary>
/// The events as JSON: <c>{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"…"}</c>.
/// The same bytes stand in the log, on the wire and in <c>--stream</c>.
/// </summary>
public static class EventJson
{
    // The type info is made when first needed: a client that shows three kinds compiles three.
    private sealed record Kind(string Name, Type Type, Func<JsonTypeInfo> Info);

    // Every case has a row here; a test walks over all cases.
    private static readonly Kind[] Kinds =
    [
        new("session_created", typeof(SessionCreated), static () => EventJsonContext.Default.SessionCreated),
        new("writer_opened", typeof(WriterOpened), static () => EventJsonContext.Default.WriterOpened),
        new("session_renamed", typeof(SessionRenamed), static () => EventJsonContext.Default.SessionRenamed),
        new("model_chosen", typeof(ModelChosen), static () => EventJsonContext.Default.ModelChosen),
        new("permission_mode_chosen", typeof(PermissionModeChosen), static () => EventJsonContext.Default.PermissionModeChosen),
        new("rule_granted", typeof(RuleGranted), static () => EventJsonContext.Default.RuleGranted),
        new("user_message", typeof(UserMessage), static () => EventJsonContext.Default.UserMessage),
        new("turn_started", typeof(TurnStarted), static () => EventJsonContext.Default.TurnStarted),
        new("step_started", typeof(StepStarted), static () => EventJsonContext.Default.StepStarted),
        new("text_added", typeof(TextAdded), static () => EventJsonContext.Default.TextAdded),
        new("reasoning_added", typeof(ReasoningAdded), static () => EventJsonContext.Default.ReasoningAdded),
        new("step_retrying", typeof(StepRetrying), static () => EventJsonContext.Default.StepRetrying),
        new("step_ended", typeof(StepEnded), static () => EventJsonContext.Default.StepEnded),
        new("request_opened", typeof(RequestOpened), static () => EventJsonContext.Default.RequestOpened),
        new("request_answered", typeof(RequestAnswered), static () => EventJsonContext.Default.RequestAnswered),
        new("tool_started", typeof(ToolStarted), static () => EventJsonContext.Default.ToolStarted),
        new("tool_ended", typeof(ToolEnded), static () => EventJsonContext.Default.ToolEnded),
        new("task_started", typeof(TaskStarted), static () => EventJsonContext.Default.TaskStarted),
        new("task_backgrounded", typeof(TaskBackgrounded), static () => EventJsonContext.Default.TaskBackgrounded),
        new("task_ended", typeof(TaskEnded), static () => EventJsonContext.Default.TaskEnded),
        new("task_collected", typeof(TaskCollected), static () => EventJsonContext.Default.TaskCollected),
        new("notice_added", typeof(NoticeAdded), static () => EventJsonContext.Default.NoticeAdded),
        new("turn_ended", typeof(TurnEnded), static () => EventJsonContext.Default.TurnEnded),
    ];

    private static readonly Dictionary<Type, Kind> ByType = Kinds.ToDictionary(k => k.Type);
    private static readonly Dictionary<string, Kind> ByName = Kinds.ToDictionary(k => k.Name);

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
        var prefix = $"{{\"seq\":{stored.Seq},\"at\":\"{stored.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}\",\"type\":\"{kind.Name}\"";
        output.Write(Encoding.UTF8.GetBytes(prefix));

        // The body is an object of its own; its opening brace becomes the comma that joins the two.
        var body = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(body, Options))
        {
            JsonSerializer.Serialize(writer, stored.Event, kind.Info());
        }

        var fields = body.WrittenSpan[1..];
        if (fields.Length > 1)
        {
            output.Write(","u8);
        }

        output.Write(fields);
    }

    /// <summary>Reads one event. A kind that is not known comes back as <see cref="UnknownEvent"/>.</summary>
    /// <exception cref="JsonException">The bytes are no event.</exception>
    public static StoredEvent Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        long seq = 0;
        DateTimeOffset at = default;
        string? type = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("An event is a JSON object.");
        }

        while (type is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("seq"u8))
            {
                reader.Read();
                seq = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("at"u8))
            {
                reader.Read();
                at = reader.GetDateTimeOffset();
            }
            else if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }

        if (type is null || seq < 1)
        {
            throw new JsonException("An event needs seq, at and type.");
        }

        return new StoredEvent(seq, at, ByName.TryGetValue(type, out var kind)
            ? (SessionEvent)(JsonSerializer.Deserialize(json, kind.Info()) ?? throw new JsonException("null event"))
            : new UnknownEvent(type));
    }

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(SessionCreated))]
[JsonSerializable(typeof(WriterOpened))]
[JsonSerializable(typeof(SessionRenamed))]
[JsonSerializable(typeof(ModelChosen))]
[JsonSerializable(typeof(PermissionModeChosen))]
[JsonSerializable(typeof(RuleGranted))]
[JsonSerializable(typeof(UserMessage))]
[JsonSerializable(typeof(TurnStarted))]
[JsonSerializable(typeof(StepStarted))]
[JsonSerializable(typeof(TextAdded))]
[JsonSerializable(typeof(ReasoningAdded))]
[JsonSerializable(typeof(StepRetrying))]
[JsonSerializable(typeof(StepEnded))]
[JsonSerializable(typeof(RequestOpened))]
[JsonSerializable(typeof(RequestAnswered))]
[JsonSerializable(typeof(ToolStarted))]
[JsonSerializable(typeof(ToolEnded))]
[JsonSerializable(typeof(TaskStarted))]
[JsonSerializable(typeof(TaskBackgrounded))]
[JsonSerializable(typeof(TaskEnded))]
[JsonSerializable(typeof(TaskCollected))]
[JsonSerializable(typeof(NoticeAdded))]
[JsonSerializable(typeof(TurnEnded))]
internal sealed partial class EventJsonContext : JsonSerializerContext;
