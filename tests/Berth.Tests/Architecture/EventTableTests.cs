using System.Buffers;
using System.Text;
using System.Text.Json;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Architecture;

public sealed class EventTableTests
{
    public static TheoryData<Type> Cases() =>
        [.. typeof(SessionEvent).Assembly.GetTypes().Where(type =>
            type.IsSubclassOf(typeof(SessionEvent)) && type != typeof(UnknownEvent))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_event_is_written_and_read_back_the_same(Type type)
    {
        var stored = new StoredEvent(7, new DateTimeOffset(2026, 5, 6, 20, 14, 3, 123, TimeSpan.Zero), Sample(type));

        var json = Write(stored);
        var back = EventJson.Read(json);

        Assert.Equivalent(stored, back, strict: true);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(Write(back)));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_events_name_is_its_types_in_small_letters(Type type) =>
        Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name), EventJson.NameOf(Sample(type)));

    private static byte[] Write(StoredEvent stored)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(output, stored);
        return output.WrittenSpan.ToArray();
    }

    // Every field gets a value that is not its default, so that one which is not written is missed.
    private static SessionEvent Sample(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;
        return (SessionEvent)constructor.Invoke([.. constructor.GetParameters().Select(p => Value(p.ParameterType, p.Name!))]);
    }

    private static object Value(Type type, string name) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => $"{name} \"ä\n\u001b😀",
        var t when t == typeof(int) => 41,
        var t when t == typeof(long) => 1L << 40,
        var t when t == typeof(double) => 1.25,
        var t when t == typeof(bool) => true,
        var t when t == typeof(Usage) => new Usage(1, 2, 3),
        var t when t == typeof(JsonElement) => JsonDocument.Parse("""{"a":[1,null]}""").RootElement.Clone(),
        var t when t == typeof(IReadOnlyList<ToolCall>) => new[] { new ToolCall("c1", "bash", "{\"command\":\"ls\"}") },
        var t when t == typeof(IReadOnlyList<int>) => new[] { 1, 2 },
        var t when t == typeof(IReadOnlyList<long>) => new[] { 1L, 2 },
        var t when t == typeof(IReadOnlyList<string>) => new[] { "a", "" },
        _ => throw new NotSupportedException($"No sample for {type} {name}: add one."),
    };
}
