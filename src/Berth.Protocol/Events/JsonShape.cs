using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>
/// How a type looks as JSON: two functions, written by hand. The generated serializers compile three hundred methods
/// before a client's first message is out, most of the time until its first answer; a test holds these to the same
/// shape (snake_case, nulls left out).
/// </summary>
/// <param name="write">Writes a value.</param>
/// <param name="read">Reads one.</param>
public sealed class JsonShape<T>(Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read)
    where T : class
{
    /// <summary>Writes a value.</summary>
    public void Write(Utf8JsonWriter writer, T value) => write(writer, value);

    /// <summary>Reads a value.</summary>
    /// <exception cref="JsonException">The JSON has another shape.</exception>
    public T Read(ReadOnlySpan<byte> json) => JsonFields.Parse(json, read);

    internal T Read(JsonElement json) => read(json);
}
