using System.Buffers;
using System.Text.Json;

namespace Berth.Protocol.Json;

/// <summary>
/// How one type stands in JSON: an object, written and read field by field by two functions. They are written by hand,
/// because the generated kind builds a description of every field when it is first used: five hundred methods that each
/// new process compiles before its first message, more than half of what a short call costs.
/// </summary>
/// <param name="write">Writes the fields, without the braces.</param>
/// <param name="read">Makes the value; a field that is missing or of the wrong kind is a <see cref="JsonException"/>.</param>
public sealed class JsonShape<T>(Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read)
{
    /// <summary>Writes a whole object.</summary>
    public void Write(Utf8JsonWriter writer, T value)
    {
        writer.WriteStartObject();
        write(writer, value);
        writer.WriteEndObject();
    }

    /// <summary>A whole object as UTF-8.</summary>
    public byte[] Bytes(T value)
    {
        var bytes = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, value);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads an object; fields that are not known are passed over.</summary>
    /// <exception cref="JsonException">The text is no JSON, or has another shape.</exception>
    public T Read(ReadOnlySpan<byte> json) => Read(JsonElement.Parse(json));

    /// <summary>Reads an object that stands in another one.</summary>
    /// <exception cref="JsonException">It has another shape.</exception>
    public T Read(JsonElement json) => json.ValueKind == JsonValueKind.Object
        ? read(json) : throw new JsonException($"An object is wanted, and {JsonReading.Words(json)} stands there.");
}
