namespace Berth.Core.Permissions;

/// <summary>The rules about paths, ready to be matched against where paths really lie.</summary>
internal sealed class PathRules
{
    private readonly Budget budget;
    private readonly List<Entry> entries = [];

    // A rule's pattern as it is written, and with the links in its known beginning resolved.
    private sealed record Entry(PlacedRule Placed, string? Written, string? Real);

    internal PathRules(RuleSet rules, Place place, PathScope scope, Budget budget)
    {
        this.budget = budget;
        foreach (var placed in rules.Rules)
        {
            if (placed.Rule.Tool is "read" or "edit" or "write" or "glob" or "grep")
            {
                var written = placed.Rule.Pattern is { } pattern ? Absolute(pattern, place) : null;
                entries.Add(new Entry(placed, written, written is null ? null : Resolve(placed.Rule, written, scope)));
            }
        }
    }

    /// <summary>Whether any deny or ask rule about paths exists.</summary>
    internal bool CanStop => entries.Exists(entry => entry.Placed.Effect != RuleEffect.Allow);

    /// <summary>The allow rule that covers the path for a tool; null when there is none.</summary>
    /// <param name="below">It must cover everything below the path too.</param>
    internal PlacedRule? Allowing(string tool, PathFact fact, bool below = false)
    {
        foreach (var entry in For(RuleEffect.Allow, tool))
        {
            if (Allows(entry, fact.Real, below) && (fact.ProtectedBy is null || Names(entry, fact.ProtectedBy)))
            {
                return entry.Placed;
            }
        }

        return null;
    }

    /// <summary>The deny or ask rule that matches the path, as it is written or as it is; null when there is none.</summary>
    internal PlacedRule? Stopping(RuleEffect effect, string tool, PathFact fact) =>
        For(effect, tool).FirstOrDefault(entry => entry.Written is null
            || Stops(entry, fact.Written) || Stops(entry, fact.Real))?.Placed;

    /// <summary>A deny or ask rule that may match something below a directory; null when there is none.</summary>
    internal PlacedRule? Below(string tool, PathFact fact) =>
        Touching(tool, fact.Written + "/" + Wildcard.Unknown) ?? Touching(tool, fact.Real + "/" + Wildcard.Unknown);

    /// <summary>A deny or ask rule that may match a path of which only a sketch is known; null when there is none.</summary>
    internal PlacedRule? Touching(string tool, string sketch) => entries.FirstOrDefault(entry =>
        entry.Placed.Effect != RuleEffect.Allow && entry.Placed.Rule.HoldsFor(tool)
        && (entry.Written is null || Touches(entry.Written, sketch) || Touches(entry.Real!, sketch)))?.Placed;

    // Only where the path really lies counts, so a link never carries a permission to another place.
    private bool Allows(Entry entry, string path, bool below)
    {
        if (entry.Real is not { } pattern)
        {
            return true;
        }

        return below || pattern.EndsWith("/*") || pattern.EndsWith("/**")
            ? Matches(entry, pattern, path + "/" + Wildcard.Unknown) || (!below && Matches(entry, pattern, path))
            : Matches(entry, pattern, path);
    }

    private bool Touches(string pattern, string sketch) =>
        Wildcard.Touches(pattern, sketch, budget) || Wildcard.Touches(pattern + "/*", sketch, budget);

    private IEnumerable<Entry> For(RuleEffect effect, string tool) =>
        entries.Where(entry => entry.Placed.Effect == effect && entry.Placed.Rule.HoldsFor(tool));

    // Deny and ask rules hold for a directory and everything in it, however their end is written.
    private bool Stops(Entry entry, string path) => Stops(entry, entry.Written!, path) || Stops(entry, entry.Real!, path);

    private bool Stops(Entry entry, string pattern, string path)
    {
        if (entry.Placed.Rule.Exact)
        {
            return path == pattern;
        }

        var directory = pattern.TrimEnd('*').TrimEnd('/');
        return Matches(entry, pattern, path) || Matches(entry, pattern + "/*", path)
            || ((pattern.EndsWith("/*") || pattern.EndsWith("/**")) && Matches(entry, directory, path));
    }

    private bool Matches(Entry entry, string pattern, string path)
    {
        if (entry.Placed.Rule.Exact)
        {
            return pattern == path;
        }

        // "**/" may also stand for no directory at all.
        return Wildcard.Covers(pattern, path, budget)
            || (pattern.Contains("/**/") && Wildcard.Covers(pattern.Replace("/**/", "/"), path, budget));
    }

    // A protected file is allowed only by a rule that names what protects it: edit(**) does not open .git.
    private static bool Names(Entry entry, string protection) =>
        entry.Placed.Rule.Pattern is { } pattern && pattern.Split('/').Contains(protection);

    private static string Absolute(string pattern, Place place) => pattern switch
    {
        "~" => place.Home,
        ['~', '/', ..] => place.Home + pattern[1..],
        ['/', ..] => pattern,
        ['.', '/', ..] => $"{place.Project.TrimEnd('/')}/{pattern[2..]}",
        _ => $"{place.Project.TrimEnd('/')}/{pattern}",
    };

    private static string Resolve(PermissionRule rule, string written, PathScope scope)
    {
        var star = rule.Exact ? -1 : written.IndexOf('*');
        if (star < 0)
        {
            return scope.Real(written) ?? written;
        }

        var known = written.LastIndexOf('/', star);
        return known <= 0 ? written : (scope.Real(written[..known]) ?? written[..known]).TrimEnd('/') + written[known..];
    }
}
