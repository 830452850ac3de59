using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Berth.Core.Settings;

/// <summary>Text that is no JSON, or not the JSON that was expected, and where.</summary>
/// <param name="line">Counted from 1.</param>
/// <param name="column">In characters, counted from 1.</param>
internal sealed class PlacedJsonException(string what, int line, int column) : Exception(what)
{
    public int Line { get; } = line;

    public int Column { get; } = column;
}

/// <summary>A value in a JSON text and the bytes it stands in, so that it can be named and replaced alone.</summary>
/// <param name="Start">The first byte.</param>
/// <param name="End">The byte after the last.</param>
/// <param name="Text">A string's content, a number as written, "true", "false", "null"; empty for the others.</param>
internal sealed record PlacedValue(
    JsonTokenType Kind, int Start, int End, string Text, IReadOnlyList<PlacedMember> Members,
    IReadOnlyList<PlacedValue> Items)
{
    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    /// <summary>The member that counts where a name stands twice: the last, as JSON parsers commonly have it.</summary>
    public PlacedMember? Find(string name)
    {
        for (var index = Members.Count - 1; index >= 0; index--)
        {
            if (Members[index].Name == name)
            {
                return Members[index];
            }
        }

        return null;
    }
}

/// <summary>A name and its value; <paramref name="Start"/> is the byte of the name's quotation mark.</summary>
internal sealed record PlacedMember(string Name, int Start, PlacedValue Value);

/// <summary>
/// A JSON text as people write it by hand (comments and trailing commas are fine) with the place of every value.
/// </summary>
internal sealed class PlacedJson
{
    /// <summary>Deeper nesting is no settings file, and would cost stack.</summary>
    private const int Depth = 32;

    private PlacedJson(byte[] bytes, PlacedValue root)
    {
        Bytes = bytes;
        Root = root;
    }

    /// <summary>The whole text, UTF-8, with its byte order mark if it has one.</summary>
    public byte[] Bytes { get; }

    public PlacedValue Root { get; }

    /// <summary>Reads a text.</summary>
    /// <exception cref="PlacedJsonException">It is no JSON; names the place.</exception>
    public static PlacedJson Parse(byte[] bytes)
    {
        var start = bytes.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        if (!Utf8.IsValid(bytes))
        {
            throw At(bytes, FirstInvalid(bytes), "not UTF-8");
        }

        var reader = new Utf8JsonReader(
            bytes.AsSpan(start),
            new JsonReaderOptions
            {
                AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Depth,
            });
        try
        {
            reader.Read();
            var root = Value(ref reader, start, bytes);
            reader.Read();
            return new PlacedJson(bytes, root);
        }
        catch (JsonException failure)
        {
            throw At(bytes, Offset(bytes, start, failure), Plain(failure.Message));
        }
    }

    /// <summary>Refuses a text that is an array, a string or the like.</summary>
    /// <exception cref="PlacedJsonException">It is.</exception>
    public void RequireObject()
    {
        if (!Root.IsObject)
        {
            throw At(Bytes, Root.Start, "not an object {…}");
        }
    }

    /// <summary>Line and column of a byte, both counted from 1, the column in characters.</summary>
    public (int Line, int Column) Place(int offset) => Place(Bytes, offset);

    /// <summary>The same text as the JSON library's element, for values that are handed on as they are.</summary>
    public JsonElement Element(PlacedValue value)
    {
        using var document = JsonDocument.Parse(
            Bytes.AsMemory(value.Start, value.End - value.Start),
            new JsonDocumentOptions
            {
                AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = Depth,
            });
        return document.RootElement.Clone();
    }

    private static PlacedValue Value(ref Utf8JsonReader reader, int shift, byte[] bytes)
    {
        var kind = reader.TokenType;
        var start = (int)reader.TokenStartIndex + shift;
        var members = new List<PlacedMember>();
        var items = new List<PlacedValue>();
        var text = "";
        if (kind == JsonTokenType.StartObject)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var at = (int)reader.TokenStartIndex + shift;
                var name = Unescaped(ref reader, bytes, at);
                reader.Read();
                members.Add(new PlacedMember(name, at, Value(ref reader, shift, bytes)));
            }
        }
        else if (kind == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                items.Add(Value(ref reader, shift, bytes));
            }
        }
        else
        {
            text = kind == JsonTokenType.String
                ? Unescaped(ref reader, bytes, start)
                : Encoding.UTF8.GetString(reader.ValueSpan);
        }

        return new PlacedValue(kind, start, (int)reader.BytesConsumed + shift, text, members, items);
    }

    private static string Unescaped(ref Utf8JsonReader reader, byte[] bytes, int at)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as an escape.
            throw At(bytes, at, "a string that is no text");
        }
    }

    private static PlacedJsonException At(byte[] bytes, int offset, string what)
    {
        var (line, column) = Place(bytes, offset);
        return new PlacedJsonException(what, line, column);
    }

    private static (int Line, int Column) Place(byte[] bytes, int offset)
    {
        var before = bytes.AsSpan(0, Math.Clamp(offset, 0, bytes.Length));
        var line = before.Count((byte)'\n');
        var rest = before[(before.LastIndexOf((byte)'\n') + 1)..];
        if (line == 0 && rest.StartsWith("\uFEFF"u8))
        {
            rest = rest[3..];
        }

        var column = 0;
        foreach (var one in rest)
        {
            column += (one & 0xC0) == 0x80 ? 0 : 1;
        }

        return (line + 1, column + 1);
    }

    private static int Offset(byte[] bytes, int start, JsonException failure)
    {
        var offset = start;
        for (var line = failure.LineNumber ?? 0; line > 0; line--)
        {
            var end = bytes.AsSpan(offset).IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            offset += end + 1;
        }

        return (int)Math.Min(offset + (failure.BytePositionInLine ?? 0), bytes.Length);
    }

    /// <summary>The library's sentence without the place, which it counts from 0 and in bytes.</summary>
    private static string Plain(string message)
    {
        var end = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        var sentence = (end < 0 ? message : message[..end]).Trim().TrimEnd('.');
        return string.Concat(sentence.Where(character => !char.IsControl(character)));
    }

    private static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var offset = 0;
        while (Rune.DecodeFromUtf8(bytes[offset..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            offset += length;
        }

        return offset;
    }
}
