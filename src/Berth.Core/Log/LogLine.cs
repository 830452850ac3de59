using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Berth.Core.Log;

/// <summary>
/// One line of a journal: a JSON object that begins with its sequence number and ends with the checksum of all bytes
/// before it: <c>{"seq":7,…,"sum":"9c1f02ab"}</c>.
/// </summary>
internal static class LogLine
{
    private const int SumLength = 8;

    private static ReadOnlySpan<byte> SumStart => ",\"sum\":\""u8;

    private static ReadOnlySpan<byte> SeqStart => "{\"seq\":"u8;

    private static ReadOnlySpan<byte> AtStart => ",\"at\":\""u8;

    private static ReadOnlySpan<byte> TypeStart => "\",\"type\":\""u8;

    private static int TailLength => SumStart.Length + SumLength + 2;

    /// <summary>Appends a JSON object (written without a checksum) as a whole line with its line end.</summary>
    public static void Seal(ArrayBufferWriter<byte> lines, ReadOnlySpan<byte> json)
    {
        var body = json[..^1];
        lines.Write(body);
        lines.Write(SumStart);
        Span<byte> hex = stackalloc byte[SumLength];
        Utf8Formatter.TryFormat(Checksum.Of(body), hex, out _, new StandardFormat('x', SumLength));
        lines.Write(hex);
        lines.Write("\"}\n"u8);
    }

    /// <summary>The sequence number that a line begins with, whole or not.</summary>
    public static bool TryReadSeq(ReadOnlySpan<byte> line, out long seq)
    {
        seq = 0;
        return line.StartsWith(SeqStart) && Utf8Parser.TryParse(line[SeqStart.Length..], out seq, out _) && seq > 0;
    }

    /// <summary>A line from the name of its kind on: <c>user_message","text":…</c>; empty when it does not begin as ours do.</summary>
    public static ReadOnlySpan<byte> FieldsFromType(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(SeqStart))
        {
            return default;
        }

        var at = SeqStart.Length;
        while (at < line.Length && char.IsAsciiDigit((char)line[at]))
        {
            at++;
        }

        var rest = line[at..];
        if (!rest.StartsWith(AtStart) || rest[AtStart.Length..].IndexOf((byte)'"') is not (>= 0 and var end))
        {
            return default;
        }

        rest = rest[(AtStart.Length + end)..];
        return rest.StartsWith(TypeStart) ? rest[TypeStart.Length..] : default;
    }

    /// <summary>A line without its checksum: the JSON object that was sealed.</summary>
    public static ReadOnlySpan<byte> Unsealed(ReadOnlySpan<byte> line, ArrayBufferWriter<byte> into)
    {
        into.Clear();
        into.Write(line[..^TailLength]);
        into.Write("}"u8);
        return into.WrittenSpan;
    }

    /// <summary>The escaped text that is the last field of a line, from its first byte on.</summary>
    public static bool TextAfter(ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        var end = rest.Length - TailLength - 1;
        var isText = end >= 0 && rest[end] == '"' && rest[(end + 1)..].StartsWith(SumStart);
        text = isText ? rest[..end] : default;
        return isText;
    }

    /// <summary>Whether the line (without its line end) is whole; then also its sequence number.</summary>
    public static bool TryVerify(ReadOnlySpan<byte> line, out long seq)
    {
        seq = 0;
        if (line.Length <= SeqStart.Length + TailLength || !line.StartsWith(SeqStart) || !line.EndsWith("\"}"u8))
        {
            return false;
        }

        var tail = line[^TailLength..];
        return tail.StartsWith(SumStart)
            && uint.TryParse(Encoding.ASCII.GetString(tail.Slice(SumStart.Length, SumLength)),
                NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var sum)
            && Utf8Parser.TryParse(line[SeqStart.Length..], out seq, out _)
            && seq > 0
            && sum == Checksum.Of(line[..^TailLength]);
    }
}
