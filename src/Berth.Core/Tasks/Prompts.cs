namespace Berth.Core.Tasks;

/// <summary>Recognizes the last line of a command that waits for somebody to type.</summary>
internal static class Prompts
{
    private const int LongestLine = 200;

    private static readonly string[] Endings =
        ["?", "? ", ":", ": ", "> ", "$ ", "# ", "(y/n)", "[y/n]", "(yes/no)", "[yes/no]", "(y/n) ", "[y/n] "];

    private static readonly string[] Words =
        ["password", "passphrase", "press any key", "press enter", "(y/n)", "[y/n]", "are you sure", "continue?", "overwrite"];

    /// <summary>Whether a line looks like a question to a person.</summary>
    /// <param name="line">The last line, cleaned; null when there is none.</param>
    public static bool LooksLikeOne(string? line)
    {
        if (line is null || line.Length is 0 or > LongestLine)
        {
            return false;
        }

        return Endings.Any(e => line.EndsWith(e, StringComparison.OrdinalIgnoreCase))
            || Words.Any(w => line.Contains(w, StringComparison.OrdinalIgnoreCase));
    }
}
