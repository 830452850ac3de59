using System.Text;

namespace Berth.Views;

/// <summary>
/// The end of a command's raw output as lines for people: escape sequences removed, progress that draws over itself
/// reduced to its last state. What is still a control character after that is made visible where text becomes cells.
/// </summary>
internal static class TaskOutput
{
    /// <summary>The last lines, blank ones at the end left out.</summary>
    public static List<string> Lines(ReadOnlySpan<byte> tail, int most)
    {
        var text = StripSequences(Encoding.UTF8.GetString(tail));
        var lines = new List<string>();
        foreach (var line in text.Replace("\r\n", "\n").TrimEnd().Split('\n'))
        {
            var kept = line.TrimEnd('\r');
            var overwritten = kept.LastIndexOf('\r');
            lines.Add(Rendering.Wrapping.ExpandTabs(overwritten < 0 ? kept : kept[(overwritten + 1)..]));
        }

        if (lines.Count == 1 && lines[0].Length == 0)
        {
            lines.Clear();
        }

        return lines.Count <= most ? lines : lines.GetRange(lines.Count - most, most);
    }

    // CSI: parameters and a final byte. OSC, DCS, APC, PM, SOS: up to BEL or ST. Others: one character.
    private static string StripSequences(string text)
    {
        if (!text.Contains('\x1b'))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\x1b')
            {
                plain.Append(text[i]);
            }
            else if (i + 1 < text.Length)
            {
                i = text[i + 1] switch
                {
                    '[' => EndOfControl(text, i + 2),
                    ']' or 'P' or '_' or '^' or 'X' => EndOfString(text, i + 2),
                    _ => i + 1,
                };
            }
        }

        return plain.ToString();
    }

    private static int EndOfControl(string text, int at)
    {
        while (at < text.Length && text[at] is >= ' ' and < '@')
        {
            at++;
        }

        return at;
    }

    private static int EndOfString(string text, int at)
    {
        while (at < text.Length && text[at] is not '\a' and not '\n')
        {
            if (text[at] == '\x1b' && at + 1 < text.Length && text[at + 1] == '\\')
            {
                return at + 1;
            }

            at++;
        }

        // A line end is no part of it: the rest of the output is not swallowed.
        return at < text.Length && text[at] == '\n' ? at - 1 : at;
    }
}
