using System.Globalization;
using System.Text;

namespace Berth.Rendering;

/// <summary>
/// The one door through which text becomes cells. Nothing that a model, a tool, a file or a title says can move the
/// cursor, change a mode, or show text in another order than it stands: control characters become visible pictures,
/// bidirectional controls and other invisible characters become their number, broken UTF-16 becomes U+FFFD.
/// </summary>
internal static class SafeText
{
    private const int ZeroWidthNonJoiner = 0x200C;
    private const int ZeroWidthJoiner = 0x200D;

    /// <summary>The text as it may be shown in one row; the same instance when nothing had to change.</summary>
    public static string Clean(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!IsSimple(text[i]))
            {
                return CleanFrom(text, i);
            }
        }

        return text;
    }

    /// <summary>Whether a character is shown as it is, whatever stands beside it.</summary>
    public static bool IsSimple(char c) => c is >= ' ' and <= '~' || IsPlainLetter(c);

    // Latin letters with accents, Greek, Cyrillic, kana, the usual Han characters, box drawing: nothing to look up.
    private static bool IsPlainLetter(char c) =>
        c is (>= '\u00A1' and < '\u0300' and not '\u00AD') or (>= '\u0400' and <= '\u0481') or (>= '\u2500' and <= '\u25FF')
            or (>= '\u3041' and <= '\u3096') or (>= '\u4E00' and <= '\u9FEF') or (>= '\uAC00' and <= '\uD7A3');

    private static string CleanFrom(string text, int from)
    {
        var clean = new StringBuilder(text.Length + 16);
        clean.Append(text, 0, from);
        for (var i = from; i < text.Length;)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                Append(clean, rune);
                i += rune.Utf16SequenceLength;
            }
            else
            {
                clean.Append('\uFFFD');
                i++;
            }
        }

        return clean.ToString();
    }

    private static void Append(StringBuilder clean, Rune rune)
    {
        var value = rune.Value;
        if (value == '\t' || value == '\n')
        {
            // Line ends are cut and tabs expanded before text gets here; in a title they are blanks.
            clean.Append(' ');
        }
        else if (value < 0x20)
        {
            clean.Append((char)(0x2400 + value));
        }
        else if (value == 0x7F)
        {
            clean.Append('\u2421');
        }
        else if (IsHidden(rune))
        {
            clean.Append('<').Append("U+").Append(value.ToString("X4", CultureInfo.InvariantCulture)).Append('>');
        }
        else
        {
            clean.Append(rune.ToString());
        }
    }

    // C1 controls, bidirectional and other format controls, line and paragraph separators, tags, private use and what no
    // standard assigns. Joiners belong to scripts and emoji; variation selectors are marks and stay as well.
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => true,
        UnicodeCategory.Format => rune.Value is not (ZeroWidthNonJoiner or ZeroWidthJoiner),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.PrivateUse => false,
        UnicodeCategory.OtherNotAssigned => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF,
        _ => false,
    };
}
