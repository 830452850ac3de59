using System.Globalization;
using System.Text;

namespace Berth.Rendering;

/// <summary>
/// How many cells text takes. The unit is the grapheme cluster, cut by the runtime's own Unicode 16 rules. The table
/// holds the code points of two cells: East_Asian_Width W and F and the emoji shown as pictures, of Unicode 17.
/// </summary>
internal static class Widths
{
    private const int FirstWide = 0x1100;
    private const int EmojiPresentation = 0xFE0F;
    private const int ZeroWidthJoiner = 0x200D;
    private const int FirstSymbol = 0x203C;

    // Pairs: first and last code point of a range.
    private static ReadOnlySpan<int> Wide =>
    [
        0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3,
        0x25FD, 0x25FE, 0x2614, 0x2615, 0x2630, 0x2637, 0x2648, 0x2653, 0x267F, 0x267F, 0x268A, 0x268F,
        0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE,
        0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD,
        0x2705, 0x2705, 0x270A, 0x270B, 0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755,
        0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF, 0x2B1B, 0x2B1C, 0x2B50, 0x2B50,
        0x2B55, 0x2B55, 0x2E80, 0x2E99, 0x2E9B, 0x2EF3, 0x2F00, 0x2FD5, 0x2FF0, 0x3029, 0x3030, 0x303E,
        0x3041, 0x3096, 0x309B, 0x30FF, 0x3105, 0x312F, 0x3131, 0x3163, 0x3165, 0x318E, 0x3190, 0x31E5,
        0x31EF, 0x321E, 0x3220, 0x3247, 0x3250, 0xA48C, 0xA490, 0xA4C6, 0xA960, 0xA97C, 0xAC00, 0xD7A3,
        0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE52, 0xFE54, 0xFE66, 0xFE68, 0xFE6B, 0xFF01, 0xFF60,
        0xFFE0, 0xFFE6, 0x16FE0, 0x16FE3, 0x16FF2, 0x16FF6, 0x17000, 0x18CD5, 0x18CFF, 0x18D1E, 0x18D80, 0x18DF2,
        0x1AFF0, 0x1AFF3, 0x1AFF5, 0x1AFFB, 0x1AFFD, 0x1AFFE, 0x1B000, 0x1B122, 0x1B132, 0x1B132, 0x1B150, 0x1B152,
        0x1B155, 0x1B155, 0x1B164, 0x1B167, 0x1B170, 0x1B2FB, 0x1D300, 0x1D356, 0x1D360, 0x1D376, 0x1F004, 0x1F004,
        0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F1E6, 0x1F202, 0x1F210, 0x1F23B, 0x1F240, 0x1F248,
        0x1F250, 0x1F251, 0x1F260, 0x1F265, 0x1F300, 0x1F320, 0x1F32D, 0x1F335, 0x1F337, 0x1F37C, 0x1F37E, 0x1F393,
        0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0, 0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440,
        0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567, 0x1F57A, 0x1F57A, 0x1F595, 0x1F596,
        0x1F5A4, 0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2, 0x1F6D5, 0x1F6D8,
        0x1F6DC, 0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7EB, 0x1F7F0, 0x1F7F0, 0x1F90C, 0x1F93A,
        0x1F93C, 0x1F945, 0x1F947, 0x1F9FF, 0x1FA70, 0x1FA7C, 0x1FA80, 0x1FA8A, 0x1FA8E, 0x1FAC6, 0x1FAC8, 0x1FAC8,
        0x1FACD, 0x1FADC, 0x1FADF, 0x1FAEA, 0x1FAEF, 0x1FAF8, 0x20000, 0x2FFFD, 0x30000, 0x3FFFD,    ];

    /// <summary>The length in UTF-16 units of the cluster at the beginning of a text that is not empty.</summary>
    public static int NextCluster(ReadOnlySpan<char> text)
    {
        // Two ASCII characters never join (CR LF never gets here).
        if (text.Length == 1 || (text[0] < 0x80 && text[1] < 0x80))
        {
            return 1;
        }

        return StringInfo.GetNextTextElementLength(text);
    }

    /// <summary>The cells of one cluster. A picture made of several (a family, a flag, a skin tone) takes two, whatever it is made
    /// of; in scripts that stack letters the parts add up.</summary>
    public static int OfCluster(ReadOnlySpan<char> cluster)
    {
        if (cluster.Length == 1)
        {
            return OfCodePoint(cluster[0]);
        }

        var width = 0;
        var first = 0;
        var joined = false;
        while (cluster.Length > 0)
        {
            Rune.DecodeFromUtf16(cluster, out var rune, out var used);
            first = first == 0 ? rune.Value : first;
            if (rune.Value == EmojiPresentation)
            {
                width = first >= FirstSymbol && width == 1 ? 2 : width;
            }
            else if (rune.Value == ZeroWidthJoiner)
            {
                joined = width == 2;
            }
            else if (width < 2 || !(joined || OfCodePoint(rune.Value) == 2))
            {
                width += OfCodePoint(rune.Value);
            }

            cluster = cluster[used..];
        }

        return width;
    }

    /// <summary>The cells of a text.</summary>
    public static int Of(ReadOnlySpan<char> text)
    {
        var width = 0;
        while (text.Length > 0)
        {
            var length = NextCluster(text);
            width += OfCluster(text[..length]);
            text = text[length..];
        }

        return width;
    }

    /// <summary>
    /// Whether terminals may disagree about a text's width, or its characters may join: false only for text of which each
    /// UTF-16 unit is a cluster of a width that all agree on.
    /// </summary>
    public static bool IsDisputed(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c >= 0x300 && !IsAgreed(c))
            {
                return true;
            }
        }

        return false;
    }

    // Greek, Cyrillic, dashes and quotes, arrows, box drawing and shapes, a few signs of ours, kana, Han, Hangul
    // syllables, full-width forms.
    private static bool IsAgreed(char c) => c is
        (>= '\u0370' and <= '\u0481') or (>= '\u2010' and <= '\u2027') or (>= '\u2030' and <= '\u205E')
        or (>= '\u2190' and <= '\u2193') or (>= '\u2400' and <= '\u2424') or (>= '\u2500' and <= '\u25F7')
        or (>= '\u2800' and <= '\u28FF') or '\u2713' or '\u2717' or '\u276F' or (>= '\u3001' and <= '\u3003')
        or (>= '\u3041' and <= '\u3096') or (>= '\u30A1' and <= '\u30FC') or (>= '\u4E00' and <= '\u9FEF')
        or (>= '\uAC00' and <= '\uD7A3') or (>= '\uFF01' and <= '\uFF5E');

    private static int OfCodePoint(int value)
    {
        if (value < 0x300)
        {
            return 1;
        }

        // Hangul vowels and finals join the syllable before them.
        if (value is (>= 0x1160 and <= 0x11FF) or (>= 0xD7B0 and <= 0xD7FB))
        {
            return 0;
        }

        if (value >= FirstWide && IsWide(value))
        {
            return 2;
        }

        return CharUnicodeInfo.GetUnicodeCategory(value)
            is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format ? 0 : 1;
    }

    private static bool IsWide(int value)
    {
        var low = 0;
        var high = (Wide.Length / 2) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < Wide[middle * 2])
            {
                high = middle - 1;
            }
            else if (value > Wide[(middle * 2) + 1])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}
