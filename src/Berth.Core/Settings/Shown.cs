using System.Globalization;
using System.Text;

namespace Berth.Core.Settings;

/// <summary>Foreign text made fit for one line of a message: no control character gets to a screen through it.</summary>
internal static class Shown
{
    /// <summary>The text without control and format characters, cut to a number of characters.</summary>
    public static string Line(string text, int longest)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= longest)
            {
                return line.Append('…').ToString();
            }

            var category = Rune.GetUnicodeCategory(rune);
            line.Append(category is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                ? "?"
                : rune.ToString());
        }

        return line.ToString();
    }
}
