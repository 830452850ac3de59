using System.Globalization;
using System.Text;

namespace Berth.Core.Instructions;

/// <summary>
/// Foreign text on its way to a model, and by its answers to a screen: without control characters, and without the
/// characters that a person does not see and a model reads all the same.
/// </summary>
internal static class CleanText
{
    /// <summary>Keeps line feeds and tabs; CR LF becomes LF. Invalid UTF-8 becomes U+FFFD.</summary>
    public static string Of(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        return Of(Encoding.UTF8.GetString(utf8));
    }

    /// <summary>Keeps line feeds and tabs; CR LF becomes LF.</summary>
    public static string Of(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsHidden(rune))
            {
                clean.Append(rune.ToString());
            }
        }

        return clean.ToString();
    }

    /// <summary>The same on one line: what would end it becomes a space.</summary>
    public static string Line(string text) => Of(text).Replace('\n', ' ').Replace('\t', ' ');

    /// <summary>
    /// Control characters, the overrides of writing direction, and the tag characters that spell invisible text.
    /// Joiners stay: emoji and several scripts need them.
    /// </summary>
    private static bool IsHidden(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control
        || rune.Value is >= 0x202A and <= 0x202E or >= 0x2066 and <= 0x2069 or >= 0xE0000 and <= 0xE007F;
}
