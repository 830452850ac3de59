using Berth.Core.Settings;

namespace Berth.Core.Permissions;

/// <summary>What a rule does with what it matches. The later one wins: deny beats ask beats allow.</summary>
internal enum RuleEffect
{
    /// <summary>Free.</summary>
    Allow,

    /// <summary>A person is asked, in every mode.</summary>
    Ask,

    /// <summary>Refused, in every mode.</summary>
    Deny,
}

/// <summary>Where a rule comes from.</summary>
internal enum RuleOrigin
{
    /// <summary>The user's global settings.</summary>
    Global,

    /// <summary>The user's own settings for this project.</summary>
    OwnProject,

    /// <summary>The checkout's <c>.berth/</c>; counts only in a trusted project.</summary>
    ProjectFile,

    /// <summary>The command line (<c>--allow</c>).</summary>
    CommandLine,

    /// <summary>A "yes for this session".</summary>
    Session,

    /// <summary>A folder of one of the user's skills, which may be read.</summary>
    Skill,
}

/// <summary>A rule, what it does and where it comes from.</summary>
internal sealed record PlacedRule(RuleEffect Effect, PermissionRule Rule, RuleOrigin Origin)
{
    /// <summary>The rule and its origin in words, for the reason of a decision.</summary>
    internal string Described
    {
        get
        {
            var origin = Origin switch
            {
                RuleOrigin.Global => "your settings",
                RuleOrigin.OwnProject => "your settings for this project",
                RuleOrigin.ProjectFile => "the project's .berth/",
                RuleOrigin.CommandLine => "the command line",
                RuleOrigin.Skill => "a skill of yours",
                _ => "this session",
            };
            return $"{Plain.Short(Rule.ToString())} ({origin})";
        }
    }
}

/// <summary>The rules in force for one session, in the order in which they were read.</summary>
/// <param name="Incomplete">Some rules could not be read. Then nothing is allowed that a lost deny rule might have
/// forbidden.</param>
internal sealed record RuleSet(IReadOnlyList<PlacedRule> Rules, bool Incomplete = false)
{
    /// <summary>No rules.</summary>
    internal static RuleSet Empty { get; } = new([]);

    /// <summary>The rules of a configuration, in which a line that is no rule counts as a lost one.</summary>
    internal static RuleSet Of(Config config)
    {
        var rules = new RuleSet([], config.RulesLost);
        foreach (var (effect, lines) in new[]
            { (RuleEffect.Deny, config.Deny), (RuleEffect.Ask, config.Ask), (RuleEffect.Allow, config.Allow) })
        {
            foreach (var line in lines)
            {
                var origin = line.Origin switch
                {
                    ConfigOrigin.User => RuleOrigin.OwnProject,
                    ConfigOrigin.Project => RuleOrigin.ProjectFile,
                    _ => RuleOrigin.Global,
                };
                // A lost allow rule permits nothing; only the other two are missed.
                rules = PermissionRule.TryParse(line.Text, out var rule, out _)
                    ? rules.With(effect, rule, origin)
                    : rules with { Incomplete = rules.Incomplete || effect != RuleEffect.Allow };
            }
        }

        return rules;
    }

    /// <summary>These rules and one more.</summary>
    internal RuleSet With(RuleEffect effect, PermissionRule rule, RuleOrigin origin) =>
        this with { Rules = [.. Rules, new PlacedRule(effect, rule, origin)] };

    /// <summary>These rules and what a session was granted; a text that is no rule grants nothing.</summary>
    /// <param name="exact">The text in brackets is literal.</param>
    internal RuleSet WithGrant(string text, bool exact, RuleOrigin origin = RuleOrigin.Session) =>
        PermissionRule.TryParse(text, out var rule, out _, exact) ? With(RuleEffect.Allow, rule, origin) : this;

    /// <summary>These rules without those a checkout brings that nobody trusted yet.</summary>
    internal RuleSet In(Place place) => place.Trusted
        ? this
        : this with { Rules = [.. Rules.Where(placed => placed.Origin != RuleOrigin.ProjectFile)] };

    /// <summary>The rules of one effect that speak of a tool.</summary>
    internal IEnumerable<PlacedRule> For(RuleEffect effect, string tool) =>
        Rules.Where(placed => placed.Effect == effect && placed.Rule.HoldsFor(tool));
}
