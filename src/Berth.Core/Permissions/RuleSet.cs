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
                _ => "this session",
            };
            return $"{Plain.Short(Rule.ToString())} ({origin})";
        }
    }
}

/// <summary>The rules in force for one session, in the order in which they were read.</summary>
internal sealed record RuleSet(IReadOnlyList<PlacedRule> Rules)
{
    /// <summary>No rules.</summary>
    internal static RuleSet Empty { get; } = new([]);

    /// <summary>These rules and one more.</summary>
    internal RuleSet With(RuleEffect effect, PermissionRule rule, RuleOrigin origin) =>
        new([.. Rules, new PlacedRule(effect, rule, origin)]);

    /// <summary>These rules without those a checkout brings that nobody trusted yet.</summary>
    internal RuleSet In(Place place) =>
        place.Trusted ? this : new([.. Rules.Where(placed => placed.Origin != RuleOrigin.ProjectFile)]);

    /// <summary>The rules of one effect that speak of a tool.</summary>
    internal IEnumerable<PlacedRule> For(RuleEffect effect, string tool) =>
        Rules.Where(placed => placed.Effect == effect && placed.Rule.HoldsFor(tool));
}
