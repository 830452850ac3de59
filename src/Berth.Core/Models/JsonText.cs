using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// Reads strings of a server's JSON without ever refusing one: invalid UTF-8 becomes U+FFFD, and half of an escaped
/// surrogate pair is kept, because some servers cut an emoji between two pieces and the next one brings the other half.
/// </summary>
internal static class JsonText
{
    /// <summary>The string the reader stands on; null for anything that is no string.</summary>
    public static string? Read(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        if (!reader.ValueIsEscaped)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Unescape(reader.ValueSpan);
        }
    }

    /// <summary>The JSON value the reader stands on, as its own text; the reader then stands on its end.</summary>
    public static string ReadRaw(ref Utf8JsonReader reader, ReadOnlySpan<byte> json) =>
        Encoding.UTF8.GetString(Slice(ref reader, json));

    /// <summary>The string of an element; "" for anything that is no string.</summary>
    public static string OfElement(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return "";
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(element));
        reader.Read();
        return Read(ref reader)!;
    }

    /// <summary>Goes to the name of the next field of the object the reader is in; false at its end.</summary>
    public static bool NextField(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>From a field's name to the end of its value.</summary>
    public static void SkipField(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>The bytes of the JSON value the reader stands on; the reader then stands on its end.</summary>
    public static ReadOnlySpan<byte> Slice(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }

    /// <summary>The text with U+FFFD in the place of every half of a surrogate pair.</summary>
    public static string WithoutHalves(string text)
    {
        var start = 0;
        while (start < text.Length && !char.IsSurrogate(text[start]))
        {
            start++;
        }

        if (start == text.Length)
        {
            return text;
        }

        var whole = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            whole.Append(rune.ToString());
        }

        return whole.ToString();
    }

    // Escapes: RFC 8259, section 7. The reader has already checked that each one is well formed.
    private static string Unescape(ReadOnlySpan<byte> escaped)
    {
        var text = new StringBuilder(escaped.Length);
        while (escaped.IndexOf((byte)'\\') is var at and >= 0)
        {
            text.Append(Encoding.UTF8.GetString(escaped[..at]));
            var letter = escaped[at + 1];
            if (letter == 'u')
            {
                text.Append((char)ushort.Parse(escaped.Slice(at + 2, 4), NumberStyles.AllowHexSpecifier, null));
                escaped = escaped[(at + 6)..];
                continue;
            }

            text.Append(letter switch
            {
                (byte)'n' => '\n',
                (byte)'r' => '\r',
                (byte)'t' => '\t',
                (byte)'b' => '\b',
                (byte)'f' => '\f',
                _ => (char)letter,
            });
            escaped = escaped[(at + 2)..];
        }

        return text.Append(Encoding.UTF8.GetString(escaped)).ToString();
    }
}
