namespace Berth.Cli;

/// <summary>The program's own verbs. Any other word is a slash command, which the daemon knows.</summary>
internal static class VerbTable
{
    /// <summary>All verbs, in the order of the help.</summary>
    public static IReadOnlyList<Verb> All() =>
    [
        RunVerb.Row, TerminalVerb.AttachRow, LogsVerb.Row, DaemonControlVerb.Row, HelpVerb.Row, VersionVerb.Row,
    ];

    /// <summary>The verb of this name; null when it is none of ours.</summary>
    public static Verb? Find(string name)
    {
        foreach (var verb in All())
        {
            if (verb.Name == name && name.Length > 0)
            {
                return verb;
            }
        }

        return null;
    }
}
