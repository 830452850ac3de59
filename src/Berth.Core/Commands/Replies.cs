using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary>The shapes of answers that several commands give.</summary>
internal static class Replies
{
    /// <summary>Lines for people.</summary>
    public static Reply Lines(params IReadOnlyList<string> lines) => new(lines);

    /// <summary>The line was wrong; nothing happened.</summary>
    public static Reply Wrong(string what, string? hint = null) => new(Error: new ErrorInfo(what, hint, Usage: true));

    /// <summary>The line was right and could not be done; nothing happened.</summary>
    public static Reply Failed(string what, string? hint = null) => new(Error: new ErrorInfo(what, hint));

    /// <summary>A JSON value, written by hand so that every field is there, null or not.</summary>
    public static JsonElement Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    /// <summary>A JSON array with one object a row.</summary>
    public static JsonElement JsonRows<T>(IEnumerable<T> rows, Action<Utf8JsonWriter, T> fields) => Json(writer =>
    {
        writer.WriteStartArray();
        foreach (var row in rows)
        {
            writer.WriteStartObject();
            fields(writer, row);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>A field that is a number or null.</summary>
    public static void Number(Utf8JsonWriter writer, string field, long? value)
    {
        if (value is { } number)
        {
            writer.WriteNumber(field, number);
        }
        else
        {
            writer.WriteNull(field);
        }
    }

    /// <summary>A moment as JSON has it: UTC, whole seconds.</summary>
    public static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>A moment as people read it.</summary>
    public static string Local(DateTimeOffset at, TimeProvider time) =>
        TimeZoneInfo.ConvertTime(at, time.LocalTimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>A session's state with its unread mark.</summary>
    public static Cell State(SessionRow row) => new(row.Unread ? $"{row.State} •" : row.State, row.State);

    /// <summary>How a session is called in a sentence: <c>[#1] 12d1bd74 (state: running)</c>.</summary>
    public static string Called(SessionRow row, int? slot) =>
        slot is { } n ? $"[#{n}] {row.Id} (state: {row.State})" : $"{row.Id} (state: {row.State})";
}
