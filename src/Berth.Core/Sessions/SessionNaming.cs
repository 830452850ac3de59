using System.Globalization;
using System.Text;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that gives it a name.
internal sealed partial class Session
{
    // A session without a name takes one from the message it gets; a person may give another one at any time.
    private async ValueTask<IReadOnlyList<SessionEvent>> NameItselfAsync(string message)
    {
        if (state.Name is not null || IsAgent || SessionName.From(message) is not { Length: > 0 } wanted)
        {
            return [];
        }

        try
        {
            return [new SessionRenamed(await host.Board.ClaimNameAsync(Project, Id, wanted).ConfigureAwait(false))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The list of sessions cannot be read: a message is worth more than a name.
            return [];
        }
    }
}

/// <summary>Names of sessions.</summary>
internal static class SessionName
{
    /// <summary>The longest name a person can give, in characters as people count them.</summary>
    public const int Longest = 100;

    private const int OwnLength = 40;

    /// <summary>A short name from the first line of a message that has words; empty when it has none.</summary>
    public static string From(string message)
    {
        foreach (var line in message.Split('\n'))
        {
            // What would read as a row, a command or a quote in a line does not begin a name.
            var words = Plain(line).TrimStart('#', '/', '!', '@', '"', '\'', '-', '*', '>', '`', ' ');
            if (words.Length > 0)
            {
                return Cut(words).TrimEnd(' ', '.', ',', ':', ';', '"', '\'', '`');
            }
        }

        return "";
    }

    /// <summary>How many characters a name has, as people count them.</summary>
    public static int LengthOf(string name) => new StringInfo(name).LengthInTextElements;

    // One line: white space becomes one space, and what cannot be seen is left out.
    private static string Plain(string line)
    {
        var plain = new StringBuilder();
        foreach (var rune in line.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune))
            {
                plain.Append(plain.Length > 0 && plain[^1] != ' ' ? " " : "");
            }
            else if (!Rune.IsControl(rune) && rune != Rune.ReplacementChar)
            {
                plain.Append(rune);
            }
        }

        return plain.ToString().TrimEnd();
    }

    private static string Cut(string words)
    {
        var text = new StringInfo(words);
        if (text.LengthInTextElements <= OwnLength)
        {
            return words;
        }

        var head = text.SubstringByTextElements(0, OwnLength);
        var space = head.LastIndexOf(' ');
        return space > OwnLength / 2 ? head[..space] : head;
    }
}
