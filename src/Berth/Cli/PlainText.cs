using System.Text;
using Berth.Rendering;

namespace Berth.Cli;

/// <summary>
/// Text of models, tools and files on its way to standard output and error: line ends and tabs stay, no other control
/// character does. On a terminal those become visible; in a pipe they are left out, and the rest is as it was.
/// </summary>
internal static class PlainText
{
    /// <summary>The text for where it goes.</summary>
    public static string For(string text, bool terminal)
    {
        var first = FirstToChange(text, terminal);
        if (first < 0)
        {
            return text;
        }

        return terminal ? Visible(text) : Without(text, first);
    }

    private static int FirstToChange(string text, bool terminal)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]) ? text[i] is not ('\n' or '\t') : terminal && text[i] > '~')
            {
                return i;
            }
        }

        return -1;
    }

    private static string Without(string text, int first)
    {
        var clean = new StringBuilder(text, 0, first, text.Length);
        foreach (var c in text.AsSpan(first))
        {
            if (!char.IsControl(c) || c is '\n' or '\t')
            {
                clean.Append(c);
            }
        }

        return clean.ToString();
    }

    private static string Visible(string text)
    {
        var clean = new StringBuilder(text.Length + 16);
        var from = 0;
        while (from < text.Length)
        {
            var end = text.AsSpan(from).IndexOfAny('\n', '\t');
            var to = end < 0 ? text.Length : from + end;
            // A carriage return before a line end is that line end's.
            var shown = end >= 0 && text[to] == '\n' && to > from && text[to - 1] == '\r' ? to - 1 : to;
            clean.Append(SafeText.Clean(text[from..shown]));
            if (end >= 0)
            {
                clean.Append(text[to]);
            }

            from = to + 1;
        }

        return clean.ToString();
    }
}
