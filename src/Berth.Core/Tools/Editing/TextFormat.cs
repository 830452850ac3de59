using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Berth.Core.Tools.Editing;

/// <summary>How a file turns text into bytes.</summary>
internal enum TextEncoding
{
    /// <summary>UTF-8; bytes that are none are kept as they are.</summary>
    Utf8,

    /// <summary>UTF-16, little end first.</summary>
    Utf16Little,

    /// <summary>UTF-16, big end first.</summary>
    Utf16Big,

    /// <summary>One byte a character, for old texts that are no UTF-8.</summary>
    Latin1,
}

/// <summary>
/// The encoding of a text file and whether it begins with a byte order mark. What it decodes it encodes to the very same
/// bytes, so that an edit changes nothing but what it means.
/// </summary>
internal readonly record struct TextFormat(TextEncoding Encoding, bool HasMark)
{
    /// <summary>Bytes at the beginning of a file that are looked at to tell its format.</summary>
    public const int LookedBytes = 64 * 1024;

    // Bytes that are no UTF-8 stand in a decoded text as lone surrogates from here on, which no text has.
    private const int Escape = 0xdc00;

    /// <summary>UTF-8 without a mark: what new files get.</summary>
    public static TextFormat New { get; } = new(TextEncoding.Utf8, HasMark: false);

    /// <summary>Bytes of the mark.</summary>
    public int MarkBytes => !HasMark ? 0 : Encoding == TextEncoding.Utf8 ? 3 : 2;

    /// <summary>In words, for a person.</summary>
    public string Name => Encoding switch
    {
        TextEncoding.Utf8 => HasMark ? "UTF-8 with a byte order mark" : "UTF-8",
        TextEncoding.Utf16Little => "UTF-16 LE",
        TextEncoding.Utf16Big => "UTF-16 BE",
        _ => "Latin-1",
    };

    /// <summary>The format of a file that begins like this; null when it is no text.</summary>
    /// <param name="start">Its first bytes, up to <see cref="LookedBytes"/>.</param>
    public static TextFormat? Of(ReadOnlySpan<byte> start)
    {
        start = start[..Math.Min(start.Length, LookedBytes)];
        switch (start)
        {
            case [0xef, 0xbb, 0xbf, ..]:
                return start.Contains((byte)0) ? null : new TextFormat(TextEncoding.Utf8, HasMark: true);
            case [0xff, 0xfe, 0, 0, ..]:
                return null; // UTF-32: too rare for a guess that could also be an empty UTF-16 text
            case [0xff, 0xfe, ..]:
                return new TextFormat(TextEncoding.Utf16Little, HasMark: true);
            case [0xfe, 0xff, ..]:
                return new TextFormat(TextEncoding.Utf16Big, HasMark: true);
        }

        if (start.Contains((byte)0))
        {
            return null;
        }

        // The cut may stand in the middle of a character.
        var whole = start;
        for (var i = 0; i < 3 && whole.Length > 0 && start.Length == LookedBytes && !Utf8.IsValid(whole); i++)
        {
            whole = whole[..^1];
        }

        return Utf8.IsValid(whole) ? New
            : HasManyControls(start) ? null
            : new TextFormat(TextEncoding.Latin1, HasMark: false);
    }

    /// <summary>The text of a whole file, without its mark; null when these bytes would not come back from it.</summary>
    public string? Decode(ReadOnlySpan<byte> file)
    {
        var bytes = file[MarkBytes..];
        if (Encoding is TextEncoding.Utf16Little or TextEncoding.Utf16Big)
        {
            return bytes.Length % 2 == 0 ? FromUtf16(bytes) : null;
        }

        return Encoding == TextEncoding.Latin1
            ? System.Text.Encoding.Latin1.GetString(bytes)
            : Utf8.IsValid(bytes) ? System.Text.Encoding.UTF8.GetString(bytes) : FromBrokenUtf8(bytes);
    }

    /// <summary>The bytes of a whole file, mark included; null when the encoding lacks a character of the text.</summary>
    public byte[]? Encode(string text)
    {
        switch (Encoding)
        {
            case TextEncoding.Utf16Little or TextEncoding.Utf16Big:
                return ToUtf16(text);
            case TextEncoding.Latin1:
                return text.AsSpan().ContainsAnyExceptInRange('\0', '\u00ff')
                    ? null
                    : System.Text.Encoding.Latin1.GetBytes(text);
            default:
                return ToUtf8(text);
        }
    }

    // Compressed data may lack a NUL; a text in an old encoding has hardly any control character.
    private static bool HasManyControls(ReadOnlySpan<byte> start)
    {
        var controls = 0;
        foreach (var b in start)
        {
            controls += b < 0x20 && b is not ((byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f' or 0x1b) ? 1 : 0;
        }

        return controls * 20 > start.Length;
    }

    private string FromUtf16(ReadOnlySpan<byte> bytes)
    {
        var units = new char[bytes.Length / 2];
        for (var i = 0; i < units.Length; i++)
        {
            units[i] = (char)(Encoding == TextEncoding.Utf16Little
                ? BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..])
                : BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]));
        }

        return new string(units);
    }

    private byte[] ToUtf16(string text)
    {
        var bytes = new byte[MarkBytes + (2 * text.Length)];
        var units = MemoryMarshal.Cast<char, ushort>(text.AsSpan());
        for (var i = -MarkBytes / 2; i < units.Length; i++)
        {
            var unit = i < 0 ? (ushort)0xfeff : units[i];
            var at = bytes.AsSpan(MarkBytes + (2 * i));
            if (Encoding == TextEncoding.Utf16Little)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(at, unit);
            }
            else
            {
                BinaryPrimitives.WriteUInt16BigEndian(at, unit);
            }
        }

        return bytes;
    }

    private static string FromBrokenUtf8(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> units = stackalloc char[2];
        while (bytes.Length > 0)
        {
            var isWhole = Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done;
            if (isWhole)
            {
                text.Append(units[..rune.EncodeToUtf16(units)]);
            }
            else
            {
                foreach (var lone in bytes[..used])
                {
                    text.Append((char)(Escape + lone));
                }
            }

            bytes = bytes[used..];
        }

        return text.ToString();
    }

    private byte[]? ToUtf8(string text)
    {
        using var bytes = new MemoryStream(MarkBytes + text.Length);
        if (HasMark)
        {
            bytes.Write([0xef, 0xbb, 0xbf]);
        }

        Span<byte> units = stackalloc byte[4];
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            var plain = rest.IndexOfAnyInRange('\ud800', '\udfff');
            var length = plain < 0 ? rest.Length : plain;
            bytes.Write(System.Text.Encoding.UTF8.GetBytes(rest[..length].ToString()));
            rest = rest[length..];
            if (rest.Length == 0)
            {
                break;
            }

            if (Rune.DecodeFromUtf16(rest, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                bytes.Write(units[..rune.EncodeToUtf8(units)]);
            }
            else if (rest[0] is >= (char)(Escape + 0x80) and <= (char)(Escape + 0xff))
            {
                bytes.WriteByte((byte)(rest[0] - Escape));
            }
            else
            {
                return null;
            }

            rest = rest[used..];
        }

        return bytes.ToArray();
    }
}
