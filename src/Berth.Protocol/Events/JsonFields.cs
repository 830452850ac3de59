using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>The fields of our JSON objects. A field that may be absent is left out when it is null.</summary>
internal static class JsonFields
{
    /// <summary>Reads bytes that are one JSON object and nothing else.</summary>
    /// <exception cref="JsonException">They are something else, or a field is missing or of another kind.</exception>
    public static T Parse<T>(ReadOnlySpan<byte> bytes, Func<JsonElement, T> read)
    {
        var reader = new Utf8JsonReader(bytes);
        using var document = JsonDocument.ParseValue(ref reader);
        if (reader.Read() || document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("Expected one object.");
        }

        try
        {
            return read(document.RootElement);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException)
        {
            // A field of another kind, a number out of range, text that is no Unicode.
            throw new JsonException(e.Message, e);
        }
    }

    public static string Text(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.TextOrNull(name) ?? throw Missing(name);

    public static string? TextOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Field(name) is { } field ? field.GetString() : null;

    public static int Int(this JsonElement json, ReadOnlySpan<byte> name) => json.IntOrNull(name) ?? throw Missing(name);

    public static int? IntOrNull(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.GetInt32();

    public static long Long(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Field(name)?.GetInt64() ?? throw Missing(name);

    public static long? LongOrNull(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.GetInt64();

    public static long LongOrZero(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.GetInt64() ?? 0;

    public static decimal? DecimalOrNull(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.GetDecimal();

    public static double Double(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Field(name)?.GetDouble() ?? throw Missing(name);

    public static bool Flag(this JsonElement json, ReadOnlySpan<byte> name) => json.FlagOrNull(name) ?? false;

    public static bool? FlagOrNull(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.GetBoolean();

    public static DateTimeOffset Moment(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.Field(name)?.GetDateTimeOffset() ?? throw Missing(name);

    public static JsonElement? Json(this JsonElement json, ReadOnlySpan<byte> name) => json.Field(name)?.Clone();

    public static IReadOnlyList<TItem> List<TItem>(
        this JsonElement json, ReadOnlySpan<byte> name, Func<JsonElement, TItem> read) =>
        json.ListOrNull(name, read) ?? throw Missing(name);

    public static IReadOnlyList<TItem>? ListOrNull<TItem>(
        this JsonElement json, ReadOnlySpan<byte> name, Func<JsonElement, TItem> read)
    {
        return json.Field(name) is { } array ? array.Items(read) : null;
    }

    public static IReadOnlyList<TItem> Items<TItem>(this JsonElement array, Func<JsonElement, TItem> read)
    {
        var items = new TItem[array.GetArrayLength()];
        var at = 0;
        foreach (var item in array.EnumerateArray())
        {
            items[at++] = read(item);
        }

        return items;
    }

    public static IReadOnlyList<string> Texts(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.List(name, ReadText);

    public static IReadOnlyList<string>? TextsOrNull(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.ListOrNull(name, ReadText);

    public static TItem? ObjectOrNull<TItem>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<TItem> shape)
        where TItem : class => json.Field(name) is { } field ? shape.Read(field) : null;

    public static TItem Object<TItem>(this JsonElement json, ReadOnlySpan<byte> name, JsonShape<TItem> shape)
        where TItem : class => json.ObjectOrNull(name, shape) ?? throw Missing(name);

    /// <summary>Writes a text unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }

    /// <summary>Writes a number unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    /// <summary>Writes a decimal number unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, decimal? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    /// <summary>Writes a number unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }
    }

    /// <summary>Writes a flag unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
        }
    }

    /// <summary>Writes a value as it is unless it is null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { } element)
        {
            writer.WritePropertyName(name);
            element.WriteTo(writer);
        }
    }

    /// <summary>Writes texts unless they are null.</summary>
    public static void Optional(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is not null)
        {
            writer.Items(name, values, static (w, text) => w.WriteStringValue(text));
        }
    }

    /// <summary>Writes a list unless it is null.</summary>
    public static void Optional<TItem>(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<TItem>? items, Action<Utf8JsonWriter, TItem> write)
    {
        if (items is not null)
        {
            writer.Items(name, items, write);
        }
    }

    /// <summary>Writes an object unless it is null.</summary>
    public static void Optional<TItem>(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, TItem? value, JsonShape<TItem> shape)
        where TItem : class
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            shape.Write(writer, value);
        }
    }

    /// <summary>Writes a list.</summary>
    public static void Items<TItem>(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<TItem> items, Action<Utf8JsonWriter, TItem> write)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < items.Count; i++)
        {
            write(writer, items[i]);
        }

        writer.WriteEndArray();
    }

    private static string ReadText(JsonElement json) => json.GetString() ?? throw new JsonException("A text is null.");

    private static JsonElement? Field(this JsonElement json, ReadOnlySpan<byte> name) =>
        json.TryGetProperty(name, out var field) && field.ValueKind != JsonValueKind.Null ? field : null;

    private static JsonException Missing(ReadOnlySpan<byte> name) =>
        new($"'{System.Text.Encoding.UTF8.GetString(name)}' is missing.");
}
