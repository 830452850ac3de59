using System.Globalization;
using System.Text;

namespace Berth.Core.Permissions;

/// <summary>Makes text that a model or a repository wrote fit for one line in front of a person.</summary>
internal static class Plain
{
    private const int ShownChars = 80;

    /// <summary>At most 80 characters, without control, invisible or direction-changing ones.</summary>
    internal static string Short(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= ShownChars)
            {
                return shown.Append('…').ToString();
            }

            _ = rune.Value <= Wildcard.One ? shown.Append('…')
                : IsTrap(rune) ? shown.Append('\uFFFD')
                : shown.Append(rune.ToString());
        }

        return shown.ToString();
    }

    /// <summary>Whether a character looks like nothing or like a space without being one, so that a person reads another
    /// line than the shell does.</summary>
    internal static bool IsTrap(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.Surrogate
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned =>
            true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        // Fillers that are drawn as nothing although they count as letters.
        _ => rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800 || rune == Rune.ReplacementChar,
    };
}
