using System.Text;

namespace Berth.Core.Tasks;

/// <summary>Text of any kind as a part of one line.</summary>
internal static class OneLine
{
    /// <summary>
    /// Text on one line: white space and control characters become one space, and what is too long is cut.
    /// </summary>
    /// <param name="chars">Most UTF-16 units.</param>
    public static string Of(string text, int chars)
    {
        var line = new StringBuilder();
        var space = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                space = line.Length > 0;
                continue;
            }

            if (line.Length + (space ? 1 : 0) + rune.Utf16SequenceLength > chars)
            {
                return Cut(line, chars - 1);
            }

            line.Append(space ? " " : "").Append(rune.ToString());
            space = false;
        }

        return line.ToString();
    }

    private static string Cut(StringBuilder line, int chars)
    {
        chars = Math.Min(chars, line.Length);
        chars -= chars > 0 && char.IsHighSurrogate(line[chars - 1]) ? 1 : 0;
        return line.ToString(0, chars).TrimEnd() + "…";
    }
}
