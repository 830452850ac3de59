using Berth.Core.Commands;
using Berth.Core.Instructions;
using Berth.Core.Permissions;
using Berth.Core.Sessions;
using Berth.Core.Settings;

namespace Berth.Daemon;

/// <summary>Brings together what a decision is made from: the rules of all files and of the session, and the place.</summary>
internal static class SessionRules
{
    /// <summary>Judges an action of a session.</summary>
    public static Decision Decide(SettingsStores settings, SessionFacts facts, string mode, string tool, ToolAction action)
    {
        var request = new PermissionRequest(tool, action, PlaceOf(settings, facts));
        var rules = Rules(Config(settings, facts), facts);
        var parsed = PermissionModes.Parse(mode) ?? PermissionMode.Ask;
        var decision = Policy.Decide(request, rules, parsed);

        // The folders are looked for only when they could matter: what only reads, and would be asked for no rule's sake.
        return decision is { Verdict: Verdict.Ask, Rule: null } && action is PathAction { Uses: var uses }
            && uses.All(use => use.Access != PathAccess.Write)
            ? Policy.Decide(request, WithSkills(rules, settings, facts), parsed)
            : decision;
    }

    // The model was told of these skills, so it may read them; a project's own lie in the project and are free anyway.
    private static RuleSet WithSkills(RuleSet rules, SettingsStores settings, SessionFacts facts)
    {
        var scope = settings.Scope(new Project(facts.Project), facts.Environment.Variables);
        foreach (var skill in Skills.Of(scope).Found.Where(s => s.Place.Within is null && !s.Directory.Contains('*')))
        {
            rules = rules.With(RuleEffect.Allow, new PermissionRule("read", $"{skill.Directory}/**"), RuleOrigin.Skill);
        }

        return rules;
    }

    /// <summary>The test for every file that a walking tool of a session meets.</summary>
    public static Func<string, bool> WalkFilter(SettingsStores settings, SessionFacts facts, string tool) =>
        Policy.WalkFilter(tool, PlaceOf(settings, facts), Rules(Config(settings, facts), facts));

    /// <summary>Why a person's <c>@path</c> is not shown; null: it is.</summary>
    public static string? WhyNotShown(SettingsStores settings, SessionFacts facts, string path)
    {
        // Without questions of the mode what is left are the rules. One that asks is answered: the person named the file.
        var action = new PathAction(path, PathAccess.Read);
        var decision = Decide(settings, facts, PermissionModes.Word(PermissionMode.Bypass), "read", action);
        return decision.Verdict switch
        {
            Verdict.Allow => null,
            Verdict.Ask when decision.Rule is not null => null,
            Verdict.Deny when decision.Rule is { } rule => $"the rule {rule.Described} forbids it",
            _ => "it cannot be told whether a rule forbids it",
        };
    }

    private static Config Config(SettingsStores settings, SessionFacts facts) =>
        settings.Config.Get(new Project(facts.Project));

    private static Place PlaceOf(SettingsStores settings, SessionFacts facts) => new(
        facts.Directory, facts.Project, facts.Environment.Variables.GetValueOrDefault("HOME", "/"),
        settings.Trust.IsTrusted(new Project(facts.Project)), DiskLookup.Of(facts.Environment.Variables.GetValueOrDefault("PATH"), facts.Directory));

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
}
