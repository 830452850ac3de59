using System.Buffers;
using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;
using Xunit;

namespace Berth.Tests.Architecture;

/// <summary>The shapes that are written by hand are those that a serializer would write by our two rules.</summary>
public sealed class JsonShapeTests
{
    private static readonly JsonSerializerOptions Rules = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private static readonly JsonSerializerOptions LogRules =
        new(Rules) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Messages() =>
        [.. typeof(MessageJson).GetProperties(BindingFlags.Public | BindingFlags.Static).Select(shape => shape.Name), "Row"];

    public static TheoryData<Type> Events() =>
        [.. typeof(SessionEvent).Assembly.GetTypes().Where(type =>
            type.IsSubclassOf(typeof(SessionEvent)) && type != typeof(UnknownEvent))];

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_is_written_by_the_rules_and_read_back_the_same(string name)
    {
        dynamic shape = name == "Row" ? RowJson.Shape : typeof(MessageJson).GetProperty(name)!.GetValue(null)!;
        Type type = shape.GetType().GetGenericArguments()[0];
        foreach (var sample in new[] { Samples.Full(type), Samples.Sparse(type) })
        {
            var json = Written(writer => shape.Write(writer, (dynamic)sample));

            Assert.Equal(JsonSerializer.Serialize(sample, type, Rules), json);
            Assert.Equivalent(sample, (object)Read(shape, json), strict: true);
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_is_written_by_the_rules_and_read_back_the_same(Type type)
    {
        foreach (var sample in new[] { (SessionEvent)Samples.Full(type), (SessionEvent)Samples.Sparse(type) })
        {
            var stored = new StoredEvent(7, new DateTimeOffset(2026, 5, 6, 20, 14, 3, 123, TimeSpan.Zero), sample);
            var output = new ArrayBufferWriter<byte>();
            EventJson.Write(output, stored);

            var fields = JsonSerializer.Serialize(sample, type, LogRules)[1..^1];
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name);
            Assert.Equal(
                $$"""{"seq":7,"at":"2026-05-06T20:14:03.123Z","type":"{{name}}"{{(fields.Length > 0 ? "," : "")}}{{fields}}}""",
                Encoding.UTF8.GetString(output.WrittenSpan));
            Assert.Equivalent(stored, EventJson.Read(output.WrittenSpan), strict: true);
            Assert.Equal(name, EventJson.NameOf(sample));
        }
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void What_has_a_default_may_be_missing(Type type)
    {
        var full = Samples.Full(type);
        var json = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(JsonSerializer.Serialize(full, type, LogRules))!;
        RemoveDefaults(json, type);
        var line = $$"""{"seq":7,"at":"2026-05-06T20:14:03.123Z","type":"{{JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name)}}",{{json.ToJsonString()[1..]}}""";

        var read = EventJson.Read(Encoding.UTF8.GetBytes(line.Replace(",}", "}"))).Event;

        Assert.Equivalent(WithDefaults(full, type), read, strict: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z"}""")]
    [InlineData("""{"seq":0,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"a"}""")]
    [InlineData("""{"seq":1,"at":"yesterday","type":"user_message","text":"a"}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message"}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":null}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":7}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"\ud800"}""")]
    [InlineData("""{"seq":1.5,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"a"}""")]
    [InlineData("""{"seq":99999999999999999999,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"a"}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"user_message","text":"a"} {}""")]
    [InlineData("""{"seq":1,"at":"2026-05-06T20:14:03.123Z","type":"notice_added","tasks":{},"lines":[],"text":"","wakes":false}""")]
    public void What_is_no_event_is_refused_as_such(string json) =>
        Assert.ThrowsAny<JsonException>(() => EventJson.Read(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_kind_of_a_newer_version_is_read_as_unknown() => Assert.Equal(
        new UnknownEvent("dreamt"),
        EventJson.Read("""{"type":"dreamt","of":["sheep"],"at":"2026-05-06T20:14:03Z","seq":3}"""u8).Event);

    private static void RemoveDefaults(System.Text.Json.Nodes.JsonObject json, Type type)
    {
        foreach (var parameter in Parameters(type))
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(parameter.Name!);
            if (parameter.HasDefaultValue)
            {
                json.Remove(name);
            }
            else if (json[name] is System.Text.Json.Nodes.JsonObject inner && parameter.ParameterType != typeof(JsonElement?))
            {
                RemoveDefaults(inner, parameter.ParameterType);
            }
        }
    }

    private static object WithDefaults(object full, Type type) => Constructor(type).Invoke(
    [
        .. Parameters(type).Select(parameter =>
        {
            var value = type.GetProperty(parameter.Name!)!.GetValue(full);
            return parameter.HasDefaultValue ? parameter.DefaultValue
                : value is Usage ? WithDefaults(value, typeof(Usage)) : value;
        }),
    ]);

    private static ConstructorInfo Constructor(Type type) => type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;

    private static ParameterInfo[] Parameters(Type type) => Constructor(type).GetParameters();

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static object Read<T>(JsonShape<T> shape, string json)
        where T : class => shape.Read(Encoding.UTF8.GetBytes(json));
}
