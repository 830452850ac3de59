namespace Berth.Core.Settings;

/// <summary>What happens to a tool call for which no rule speaks.</summary>
public enum PermissionMode
{
    /// <summary>Only what reads.</summary>
    Plan,

    /// <summary>Reading in the project is free, the rest is asked.</summary>
    Ask,

    /// <summary>As <see cref="Ask"/>, and edits in the project are free.</summary>
    AcceptEdits,

    /// <summary>Nothing is asked; deny rules hold all the same.</summary>
    Bypass,
}

/// <summary>The words of <see cref="PermissionMode"/>, as config files, commands and options have them.</summary>
public static class PermissionModes
{
    /// <summary>All words, from the strictest to the freest.</summary>
    public static IReadOnlyList<string> Words { get; } = ["plan", "ask", "accept_edits", "bypass"];

    /// <summary>The word of a mode.</summary>
    public static string Word(PermissionMode mode) => Words[(int)mode];

    /// <summary>The mode of a word; null when it is none.</summary>
    public static PermissionMode? Parse(string word)
    {
        for (var index = 0; index < Words.Count; index++)
        {
            if (Words[index] == word)
            {
                return (PermissionMode)index;
            }
        }

        return null;
    }

    /// <summary>The stricter of two words; one that is none counts for nothing.</summary>
    public static string? Stricter(string? one, string? other) => (one is null ? null : Parse(one), other is null ? null : Parse(other)) switch
    {
        ({ } a, { } b) => Word((PermissionMode)Math.Min((int)a, (int)b)),
        ({ } a, null) => Word(a),
        (null, { } b) => Word(b),
        _ => null,
    };
}

/// <summary>How a terminal calls its person.</summary>
public enum NotifyMode
{
    /// <summary>The terminal's bell.</summary>
    Bell,

    /// <summary>A desktop notification by OSC 9, in terminals that know it.</summary>
    Osc9,

    /// <summary>Not at all.</summary>
    Off,
}

/// <summary>The words of <see cref="NotifyMode"/>.</summary>
public static class NotifyModes
{
    /// <summary>All words, in the order of the modes.</summary>
    public static IReadOnlyList<string> Words { get; } = ["bell", "osc9", "off"];
}
