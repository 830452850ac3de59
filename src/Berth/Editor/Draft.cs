using System.Text;

namespace Berth.Editor;

/// <summary>What stands in the line: its text, the caret, and large pastes that show as one placeholder.</summary>
/// <param name="Text">Each paste is one character from <see cref="FirstPaste"/> on.</param>
/// <param name="Caret">A place between two clusters.</param>
/// <param name="Pastes">What the placeholders stand for.</param>
internal sealed record Draft(string Text, int Caret, IReadOnlyList<string> Pastes)
{
    /// <summary>
    /// Placeholders are noncharacters: Unicode promises that no text holds them, and what is typed loses them.
    /// </summary>
    public const char FirstPaste = '\uFDD0';

    /// <summary>The last of them.</summary>
    public const char LastPaste = '\uFDEF';

    /// <summary>An empty line.</summary>
    public static Draft Empty { get; } = new("", 0, []);

    /// <summary>Whether the character is a placeholder.</summary>
    public static bool IsPaste(char c) => c is >= FirstPaste and <= LastPaste;

    /// <summary>The text with every paste in full.</summary>
    public string Expanded
    {
        get
        {
            if (Pastes.Count == 0)
            {
                return Text;
            }

            var whole = new StringBuilder();
            foreach (var c in Text)
            {
                if (IsPaste(c))
                {
                    whole.Append(Pastes[c - FirstPaste]);
                }
                else
                {
                    whole.Append(c);
                }
            }

            return whole.ToString();
        }
    }

    /// <summary>What the screen shows for a placeholder.</summary>
    public string Placeholder(char c)
    {
        var lines = 1;
        foreach (var pasted in Pastes[c - FirstPaste])
        {
            lines += pasted == '\n' ? 1 : 0;
        }

        return lines > 1 ? $"[Pasted {lines} lines]" : $"[Pasted {Pastes[c - FirstPaste].Length} characters]";
    }
}
