using System.Text;

namespace Berth.Cli;

/// <summary>The words of a call as the line a person would type in the terminal.</summary>
internal static class LineText
{
    /// <summary><c>bg list</c> becomes <c>/bg list</c>. Words that hold white space are quoted.</summary>
    public static string Of(string command, IReadOnlyList<string> words)
    {
        var line = new StringBuilder().Append('/').Append(command);
        foreach (var word in words)
        {
            line.Append(' ').Append(Quoted(word));
        }

        return line.ToString();
    }

    // A quote is one only where a word begins, and it ends at the next of its kind: there is no escape in a line. Text
    // with both kinds stands as it is, which is right where a line's rest is free text.
    private static string Quoted(string word)
    {
        var needs = word.Length == 0 || word[0] is '"' or '\'';
        foreach (var c in word)
        {
            needs |= char.IsWhiteSpace(c);
        }

        return !needs ? word
            : !word.Contains('"') ? $"\"{word}\""
            : !word.Contains('\'') ? $"'{word}'"
            : word;
    }
}
