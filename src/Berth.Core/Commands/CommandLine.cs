using System.Text;

namespace Berth.Core.Commands;

/// <summary>
/// A line that begins with a command: its name and its words. Words are parted by white space; single and double
/// quotes hold one together. Sub-commands may be written with or without their slash.
/// </summary>
internal sealed class CommandLine
{
    private readonly List<(string Text, int End, bool Quoted)> words = [];

    private CommandLine(string line) => Line = line;

    /// <summary>The line as it was typed.</summary>
    public string Line { get; }

    /// <summary>The command's name, without the slash, in lower case.</summary>
    public string Name { get; private set; } = "";

    /// <summary>How many words follow the name.</summary>
    public int Count => words.Count;

    /// <summary>A word behind the name, counted from 0; empty when there is none.</summary>
    public string this[int index] => index < words.Count ? words[index].Text : "";

    /// <summary>The sub-command that stands first, without its slash; empty when the first word is quoted or absent.</summary>
    public string SubCommand => words.Count == 0 || words[0].Quoted
        ? ""
        : words[0].Text.TrimStart('/').ToLowerInvariant();

    /// <summary>
    /// What follows the first <paramref name="count"/> words, as it was typed, without space around it; without its
    /// quotes when it is one quoted word.
    /// </summary>
    public string RestAfter(int count) => count == words.Count - 1 && words[count].Quoted ? words[count].Text
        : count == 0
        ? Line[NameEnd..].Trim()
        : count <= words.Count ? Line[words[count - 1].End..].Trim() : "";

    /// <summary>Whether a word is an option of this name, with or without its slash.</summary>
    public bool Is(int index, string option) =>
        index >= 0 && index < words.Count && !words[index].Quoted
        && string.Equals(words[index].Text.TrimStart('/'), option, StringComparison.OrdinalIgnoreCase);

    private int NameEnd { get; set; }

    /// <summary>Takes a line apart.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static CommandLine Parse(string line)
    {
        var parsed = new CommandLine(line);
        var at = 0;
        while (NextWord(line, ref at) is { } word)
        {
            if (parsed.NameEnd == 0)
            {
                parsed.Name = word.Text.TrimStart('/').ToLowerInvariant();
                parsed.NameEnd = word.End;
            }
            else
            {
                parsed.words.Add(word);
            }
        }

        return parsed;
    }

    private static (string Text, int End, bool Quoted)? NextWord(string line, ref int at)
    {
        while (at < line.Length && char.IsWhiteSpace(line[at]))
        {
            at++;
        }

        if (at == line.Length)
        {
            return null;
        }

        var text = new StringBuilder();
        var quoted = false;
        for (; at < line.Length && !char.IsWhiteSpace(line[at]); at++)
        {
            // A quote in the middle of a word is part of it: don't.
            if (line[at] is not ('"' or '\'') || text.Length > 0)
            {
                text.Append(line[at]);
                continue;
            }

            var close = line.IndexOf(line[at], at + 1);
            if (close < 0)
            {
                throw new FormatException($"The quote {line[at]} is not closed.");
            }

            text.Append(line, at + 1, close - at - 1);
            quoted = true;
            at = close;
        }

        return (text.ToString(), at, quoted);
    }
}
