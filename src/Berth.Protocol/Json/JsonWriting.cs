using System.Text.Json;

namespace Berth.Protocol.Json;

/// <summary>Fields of an object, one call each. What is null is left out.</summary>
public static class JsonWriting
{
    /// <summary>A text.</summary>
    public static Utf8JsonWriter Text(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }

        return writer;
    }

    /// <summary>A whole number.</summary>
    public static Utf8JsonWriter Number(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, long value)
    {
        writer.WriteNumber(name, value);
        return writer;
    }

    /// <summary>A whole number that may be missing.</summary>
    public static Utf8JsonWriter NumberIfAny(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, int? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(name, number);
        }

        return writer;
    }

    /// <summary>A number.</summary>
    public static Utf8JsonWriter Real(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        writer.WriteNumber(name, value);
        return writer;
    }

    /// <summary>True or false.</summary>
    public static Utf8JsonWriter Flag(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteBoolean(name, flag);
        }

        return writer;
    }

    /// <summary>A moment (ISO 8601).</summary>
    public static Utf8JsonWriter Time(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, DateTimeOffset value)
    {
        writer.WriteString(name, value);
        return writer;
    }

    /// <summary>A list of texts.</summary>
    public static Utf8JsonWriter Texts(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<string>? values)
    {
        if (values is not null)
        {
            writer.WriteStartArray(name);
            for (var i = 0; i < values.Count; i++)
            {
                writer.WriteStringValue(values[i]);
            }

            writer.WriteEndArray();
        }

        return writer;
    }

    /// <summary>A list of whole numbers of 32 bits.</summary>
    public static Utf8JsonWriter Ints(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<int> values)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            writer.WriteNumberValue(values[i]);
        }

        writer.WriteEndArray();
        return writer;
    }

    /// <summary>A list of whole numbers of 64 bits.</summary>
    public static Utf8JsonWriter Longs(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<long> values)
    {
        writer.WriteStartArray(name);
        for (var i = 0; i < values.Count; i++)
        {
            writer.WriteNumberValue(values[i]);
        }

        writer.WriteEndArray();
        return writer;
    }

    /// <summary>A list of objects.</summary>
    public static Utf8JsonWriter List<T>(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<T>? values, JsonShape<T> shape)
        where T : class
    {
        if (values is not null)
        {
            writer.WriteStartArray(name);
            for (var i = 0; i < values.Count; i++)
            {
                shape.Write(writer, values[i]);
            }

            writer.WriteEndArray();
        }

        return writer;
    }

    /// <summary>An object.</summary>
    public static Utf8JsonWriter Object<T>(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, T? value, JsonShape<T> shape)
        where T : class
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            shape.Write(writer, value);
        }

        return writer;
    }

    /// <summary>An object whose fields are all texts.</summary>
    public static Utf8JsonWriter TextsByName(
        this Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyDictionary<string, string> values)
    {
        writer.WriteStartObject(name);
        foreach (var (field, value) in values)
        {
            writer.WriteString(field, value);
        }

        writer.WriteEndObject();
        return writer;
    }

    /// <summary>Anything, as it was read.</summary>
    public static Utf8JsonWriter Any(this Utf8JsonWriter writer, ReadOnlySpan<byte> name, JsonElement? value)
    {
        if (value is { } element)
        {
            writer.WritePropertyName(name);
            element.WriteTo(writer);
        }

        return writer;
    }
}
