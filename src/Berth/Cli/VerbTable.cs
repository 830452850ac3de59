namespace Berth.Cli;

/// <summary>The program's verbs. The last row stands for every slash command, which the daemon knows.</summary>
internal static class VerbTable
{
    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<Verb> All() =>
    [
        TerminalVerb.Row, RunVerb.Row, AttachVerb.Row, LogsVerb.Row, DaemonControlVerb.Row, HelpVerb.Row, VersionVerb.Row,
        LineVerb.Row,
    ];

    /// <summary>The verb of this name; any other word is a slash command's.</summary>
    public static Verb Find(string name)
    {
        foreach (var verb in All())
        {
            if (verb.Name == name)
            {
                return verb;
            }
        }

        return LineVerb.Row;
    }
}
