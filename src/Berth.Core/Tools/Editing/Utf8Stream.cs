using System.Text;

namespace Berth.Core.Tools.Editing;

/// <summary>Turns blocks of a text file, whatever its encoding, into UTF-8, so that lines are found in one way.</summary>
internal sealed class Utf8Stream(TextFormat format)
{
    private readonly Decoder? decoder = format.Encoding switch
    {
        TextEncoding.Utf16Little => Encoding.Unicode.GetDecoder(),
        TextEncoding.Utf16Big => Encoding.BigEndianUnicode.GetDecoder(),
        TextEncoding.Latin1 => Encoding.Latin1.GetDecoder(),
        _ => null,
    };

    private char[] units = [];
    private byte[] bytes = [];

    /// <summary>The next block in UTF-8; valid until the next call.</summary>
    /// <param name="isLast">No block follows.</param>
    public ReadOnlySpan<byte> Convert(ReadOnlySpan<byte> block, bool isLast)
    {
        if (decoder is null)
        {
            return block;
        }

        if (units.Length < block.Length + 2)
        {
            units = new char[block.Length + 2];
            bytes = new byte[3 * units.Length];
        }

        var count = decoder.GetChars(block, units, flush: isLast);
        return bytes.AsSpan(0, Encoding.UTF8.GetBytes(units.AsSpan(0, count), bytes));
    }
}
