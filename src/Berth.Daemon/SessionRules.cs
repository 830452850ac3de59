using Berth.Core.Commands;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Platform;

namespace Berth.Daemon;

/// <summary>Brings together what a decision is made from: the rules of all files and of the session, and the place.</summary>
internal static class SessionRules
{
    // More names in one directory than this make a glob in a command line undecidable.
    private const int MostNames = 10_000;

    /// <summary>Judges an action of a session.</summary>
    public static Decision Decide(SettingsStores settings, SessionFacts facts, string mode, string tool, ToolAction action)
    {
        var request = new PermissionRequest(tool, action, PlaceOf(settings, facts));
        return Policy.Decide(request, Rules(Config(settings, facts), facts), PermissionModes.Parse(mode) ?? PermissionMode.Ask);
    }

    /// <summary>The test for every file that a walking tool of a session meets.</summary>
    public static Func<string, bool> WalkFilter(SettingsStores settings, SessionFacts facts, string tool) =>
        Policy.WalkFilter(tool, PlaceOf(settings, facts), Rules(Config(settings, facts), facts));

    private static Config Config(SettingsStores settings, SessionFacts facts) =>
        settings.Config.Get(new Project(facts.Project));

    private static Place PlaceOf(SettingsStores settings, SessionFacts facts) => new(
        facts.Directory, facts.Project, facts.Environment.Variables.GetValueOrDefault("HOME", "/"),
        settings.Trust.IsTrusted(new Project(facts.Project)), Lookup(facts.Environment));

    private static RuleSet Rules(Config config, SessionFacts facts)
    {
        var rules = RuleSet.Of(config);
        foreach (var (text, exact) in facts.Rules)
        {
            // They were checked when they were granted; one that cannot be read any more allows nothing.
            if (PermissionRule.TryParse(text, out var rule, out _, exact))
            {
                rules = rules.With(RuleEffect.Allow, rule, exact ? RuleOrigin.Session : RuleOrigin.CommandLine);
            }
        }

        return rules;
    }

    private static FileLookup Lookup(TerminalEnvironment environment) => new(
        RealPath.Of, NamesIn, Directory.Exists,
        name => Programs.Find(name, environment.Variables.GetValueOrDefault("PATH")));

    private static IReadOnlyList<string>? NamesIn(string directory)
    {
        try
        {
            var names = new List<string>();
            foreach (var entry in Directory.EnumerateFileSystemEntries(directory))
            {
                if (names.Count == MostNames)
                {
                    return null;
                }

                names.Add(Path.GetFileName(entry));
            }

            return names;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
