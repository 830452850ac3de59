namespace Berth.Protocol.Messages;

/// <summary>
/// Where in a line a mention is being written: a terminal asks for candidates there, and the daemon knows what they are for.
/// </summary>
public static class MentionWord
{
    private const int Longest = 1_000;

    /// <summary>
    /// The place of the <c>@</c> of the mention that ends at the caret; -1 when none does. Behind <c>@"</c> it may hold
    /// blanks until the quotation is closed.
    /// </summary>
    public static int Start(string text, int caret)
    {
        var head = text.AsSpan(0, Math.Clamp(caret, 0, text.Length));
        var from = Math.Max(0, head.Length - Longest);
        for (var at = head.LastIndexOf('@'); at >= from; at = head[..at].LastIndexOf('@'))
        {
            // Not in the middle of a word: addresses and handles have one there.
            if (at > 0 && (char.IsAsciiLetterOrDigit(head[at - 1]) || head[at - 1] is '_' or '-' or '.' or '@' or '/'))
            {
                continue;
            }

            var rest = head[(at + 1)..];
            if (rest.StartsWith("\"") ? rest[1..].IndexOfAny('"', '\n') < 0 : !HasWhiteSpace(rest))
            {
                return at;
            }
        }

        return -1;
    }

    private static bool HasWhiteSpace(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                return true;
            }
        }

        return false;
    }
}
