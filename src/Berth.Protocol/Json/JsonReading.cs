using System.Text;
using System.Text.Json;

namespace Berth.Protocol.Json;

/// <summary>
/// Fields of an object, asked for by name and kind. One that is missing or of another kind is a
/// <see cref="JsonException"/> that names it, unless the question says what counts then; <c>null</c> is as missing.
/// </summary>
public static class JsonReading
{
    /// <summary>A text.</summary>
    public static string Text(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.TextOrNull(name) ?? throw Missing(name);

    /// <summary>A text that may be missing.</summary>
    public static string? TextOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.AnyOrNull(name) is { } value ? TextOf(value, name) : null;

    /// <summary>A whole number of 32 bits.</summary>
    public static int Int(this JsonElement json, ReadOnlySpan<byte> name, int? missing = null) =>
        json.IntOrNull(name) ?? missing ?? throw Missing(name);

    /// <summary>A whole number of 32 bits that may be missing.</summary>
    public static int? IntOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.AnyOrNull(name) is { } value ? IntOf(value, name) : null;

    /// <summary>A whole number of 64 bits.</summary>
    public static long Long(this JsonElement json, ReadOnlySpan<byte> name, long? missing = null) =>
        json.AnyOrNull(name) is { } value ? LongOf(value, name) : missing ?? throw Missing(name);

    /// <summary>A number.</summary>
    public static double Double(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.AnyOrNull(name) is not { } value ? throw Missing(name)
        : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
        : throw Wrong(name, value, "a number");

    /// <summary>True or false; false when it is missing and nothing else is said.</summary>
    public static bool Flag(this JsonElement json, ReadOnlySpan<byte> name, bool missing = false) =>
        json.FlagOrNull(name) ?? missing;

    /// <summary>True or false, or missing.</summary>
    public static bool? FlagOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.AnyOrNull(name) is not { } value ? null
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, value, "true or false"),
        };

    /// <summary>A moment (ISO 8601).</summary>
    public static DateTimeOffset Time(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.AnyOrNull(name) is not { } value ? throw Missing(name)
        : value.ValueKind == JsonValueKind.String && value.TryGetDateTimeOffset(out var time) ? time
        : throw Wrong(name, value, "a time");

    /// <summary>An object of a known shape.</summary>
    public static T Object<T>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<T> shape)
        where T : class => json.ObjectOrNull(name, shape) ?? throw Missing(name);

    /// <summary>An object of a known shape that may be missing.</summary>
    public static T? ObjectOrNull<T>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<T> shape)
        where T : class => json.AnyOrNull(name) is { } value ? shape.Read(value) : null;

    /// <summary>A list of texts.</summary>
    public static IReadOnlyList<string> Texts(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.TextsOrNull(name) ?? throw Missing(name);

    /// <summary>A list of texts that may be missing.</summary>
    public static IReadOnlyList<string>? TextsOrNull(this JsonElement json, ReadOnlySpan<byte> name)
    {
        if (json.AnyOrNull(name) is not { } list)
        {
            return null;
        }

        var texts = new string[LengthOf(list, name)];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = TextOf(list[i], name);
        }

        return texts;
    }

    /// <summary>A list of whole numbers of 32 bits.</summary>
    public static IReadOnlyList<int> Ints(this JsonElement json, ReadOnlySpan<byte> name)
    {
        var list = json.AnyOrNull(name) ?? throw Missing(name);
        var numbers = new int[LengthOf(list, name)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = IntOf(list[i], name);
        }

        return numbers;
    }

    /// <summary>A list of whole numbers of 64 bits.</summary>
    public static IReadOnlyList<long> Longs(this JsonElement json, ReadOnlySpan<byte> name)
    {
        var list = json.AnyOrNull(name) ?? throw Missing(name);
        var numbers = new long[LengthOf(list, name)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = LongOf(list[i], name);
        }

        return numbers;
    }

    /// <summary>A list of objects of a known shape.</summary>
    public static IReadOnlyList<T> List<T>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<T> shape)
        where T : class => ListOf(json.AnyOrNull(name) ?? throw Missing(name), name, shape);

    /// <summary>A list of lists of objects of a known shape.</summary>
    public static IReadOnlyList<IReadOnlyList<T>> Lists<T>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<T> shape)
        where T : class
    {
        var list = json.AnyOrNull(name) ?? throw Missing(name);
        var lists = new IReadOnlyList<T>[LengthOf(list, name)];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = ListOf(list[i], name, shape);
        }

        return lists;
    }

    /// <summary>An object whose fields are all texts, whatever their names.</summary>
    public static IReadOnlyDictionary<string, string> TextsByName(this JsonElement json, ReadOnlySpan<byte> name)
    {
        if (json.AnyOrNull(name) is not { ValueKind: JsonValueKind.Object } fields)
        {
            throw Missing(name);
        }

        var texts = new Dictionary<string, string>();
        foreach (var field in fields.EnumerateObject())
        {
            texts[field.Name] = TextOf(field.Value, name);
        }

        return texts;
    }

    /// <summary>Anything, or missing.</summary>
    public static JsonElement? AnyOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    /// <summary>What a value is, for people.</summary>
    internal static string Words(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null or JsonValueKind.Undefined => "nothing",
        _ => "true or false",
    };

    private static T[] ListOf<T>(JsonElement list, ReadOnlySpan<byte> name, JsonShape<T> shape)
        where T : class
    {
        var values = new T[LengthOf(list, name)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = shape.Read(list[i]);
        }

        return values;
    }

    private static string TextOf(JsonElement value, ReadOnlySpan<byte> name)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw Wrong(name, value, "a text");
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException($"'{Encoding.UTF8.GetString(name)}' is no text: {e.Message}", e);
        }
    }

    private static int IntOf(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number : throw Wrong(name, value, "a whole number");

    private static long LongOf(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number : throw Wrong(name, value, "a whole number");

    private static int LengthOf(JsonElement value, ReadOnlySpan<byte> name) =>
        value.ValueKind == JsonValueKind.Array ? value.GetArrayLength() : throw Wrong(name, value, "a list");

    private static JsonException Missing(ReadOnlySpan<byte> name) =>
        new($"'{Encoding.UTF8.GetString(name)}' is missing.");

    private static JsonException Wrong(ReadOnlySpan<byte> name, JsonElement value, string wanted) =>
        new($"'{Encoding.UTF8.GetString(name)}' must be {wanted}, and {Words(value)} stands there.");
}
