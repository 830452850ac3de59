using System.Reflection;
using System.Text;
using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Json;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;
using Xunit;

namespace Berth.Tests.Architecture;

/// <summary>Every message says in JSON all that it holds, and nothing that another version adds disturbs it.</summary>
public sealed class MessageTableTests
{
    public static TheoryData<string> Shapes() =>
        [.. typeof(MessageJson).GetProperties(BindingFlags.Instance | BindingFlags.Public).Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_message_is_written_and_read_back_the_same(string name)
    {
        var (bytes, read, type) = Shape(name);
        var sample = Sample(type);

        var json = bytes(sample);

        Assert.Equivalent(sample, read(json), strict: true);
        Assert.Equal(Encoding.UTF8.GetString(json), Encoding.UTF8.GetString(bytes(read(json))));
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_fields_are_the_parameters_in_small_letters_and_unknown_ones_are_passed_over(string name)
    {
        var (bytes, read, type) = Shape(name);
        var sample = Sample(type);
        var json = Encoding.UTF8.GetString(bytes(sample));

        var fields = JsonDocument.Parse(json).RootElement.EnumerateObject().Select(f => f.Name);
        var parameters = Longest(type).GetParameters().Select(p => JsonNamingPolicy.SnakeCaseLower.ConvertName(p.Name!));
        Assert.Equal(parameters, fields);
        Assert.Equivalent(sample, read(Encoding.UTF8.GetBytes("""{"later":{"a":[1]},""" + json[1..])), strict: true);
    }

    [Theory]
    [InlineData("""{"text":7}""", "'text' must be a text, and a number stands there.")]
    [InlineData("""{"message":true}""", "'text' is missing.")]
    [InlineData("""{"text":"a","message":"yes"}""", "'message' must be true or false, and a text stands there.")]
    [InlineData("""["a"]""", "An object is wanted, and a list stands there.")]
    [InlineData("""{"text":"\ud800"}""", "'text' is no text")]
    public void What_has_another_shape_is_refused_with_words(string json, string words)
    {
        var failure = Assert.Throws<JsonException>(() => MessageJson.Default.SendLine.Read(Encoding.UTF8.GetBytes(json)));

        Assert.StartsWith(words, failure.Message);
    }

    private static (Func<object, byte[]> Bytes, Func<byte[], object> Read, Type Type) Shape(string name)
    {
        var shape = typeof(MessageJson).GetProperty(name)!.GetValue(MessageJson.Default)!;
        var type = shape.GetType().GetGenericArguments()[0];
        return (
            value => (byte[])shape.GetType().GetMethod(nameof(JsonShape<>.Bytes))!.Invoke(shape, [value])!,
            json => typeof(MessageTableTests).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(type).Invoke(null, [shape, json])!,
            type);
    }

    private static object Read<T>(JsonShape<T> shape, byte[] json) => shape.Read(json)!;

    private static ConstructorInfo Longest(Type type) => type.GetConstructors().MaxBy(one => one.GetParameters().Length)!;

    // Every field gets a value that is not its default, so that one which is not written is missed.
    private static object Sample(Type type) =>
        Longest(type).Invoke([.. Longest(type).GetParameters().Select(p => Value(p.ParameterType, p.Name!))]);

    private static object Value(Type type, string name) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(string) => $"{name} \"ä\n\u001b😀",
        var t when t == typeof(int) => 41,
        var t when t == typeof(long) => 1L << 40,
        var t when t == typeof(bool) => name != "Watch",
        var t when t == typeof(DateTimeOffset) => new DateTimeOffset(2026, 5, 6, 20, 14, 3, 123, TimeSpan.Zero),
        var t when t == typeof(JsonElement) => JsonDocument.Parse("""{"a":[1,null]}""").RootElement.Clone(),
        var t when t == typeof(IReadOnlyList<string>) => new[] { "a", "" },
        var t when t == typeof(IReadOnlyDictionary<string, string>) => new Dictionary<string, string> { ["A b"] = "ü" },
        var t when t == typeof(IReadOnlyList<Completion>) => new[] { new Completion("a", "b"), new Completion("c") },
        var t when t == typeof(IReadOnlyList<SessionRow>) => new[] { (SessionRow)Sample(typeof(SessionRow)) },
        var t when t == typeof(Table) => new Table(["x", "y"], [[new Cell("1", "dim"), new Cell("2")], []]),
        var t when t == typeof(Usage) => new Usage(1, 2, 3),
        var t when t == typeof(ErrorInfo) || t == typeof(BoardNews) || t == typeof(SessionRow) => Sample(t),
        _ => throw new NotSupportedException($"No sample for {type} {name}: add one."),
    };
}
