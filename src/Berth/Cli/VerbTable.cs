namespace Berth.Cli;

/// <summary>The program's verbs. The last row stands for every slash command, which the daemon knows.</summary>
internal static class VerbTable
{
    // A row is made when it is asked for: a call needs one of them.
    private static readonly (string Name, Func<Verb> Row)[] Rows =
    [
        ("terminal", static () => TerminalVerb.Row),
        ("run", static () => RunVerb.Row),
        ("attach", static () => AttachVerb.Row),
        ("logs", static () => LogsVerb.Row),
        ("daemon", static () => DaemonControlVerb.Row),
        ("help", static () => HelpVerb.Row),
        ("version", static () => VersionVerb.Row),
        ("", static () => LineVerb.Row),
    ];

    /// <summary>All verbs, in the order of the help.</summary>
    public static IEnumerable<Verb> All()
    {
        foreach (var (_, row) in Rows)
        {
            yield return row();
        }
    }

    /// <summary>The verb of this name; any other word is a slash command's.</summary>
    public static Verb Find(string name)
    {
        foreach (var (known, row) in Rows)
        {
            if (known == name)
            {
                return row();
            }
        }

        return LineVerb.Row;
    }
}
