using Berth.Core.Settings;
namespace Berth.Core.Permissions;

/// <summary>Assesses the use of files by a tool.</summary>
internal static class PathPolicy
{
    /// <summary>What is known about the use before the mode speaks.</summary>
    internal static Assessment Assess(
        string tool, IReadOnlyList<PathUse> uses, Place place, RuleSet rules, PermissionMode mode, Budget budget)
    {
        var scope = new PathScope(place, budget);
        var pathRules = new PathRules(rules, place, scope, budget);
        var whole = new Assessment { Grant = Grant(tool, uses, place, scope) };
        if (uses.Count == 0)
        {
            return whole with { Objection = Objection.NotReadOnly("it names no file") };
        }

        foreach (var use in uses)
        {
            var one = AssessOne(tool, use, place, scope, pathRules, mode);
            whole = whole with
            {
                Denied = whole.Denied ?? one.Denied,
                Asked = whole.Asked ?? one.Asked,
                Uncertain = whole.Uncertain ?? one.Uncertain,
                Objection = whole.Objection is { OnlyReads: false } ? whole.Objection : one.Objection ?? whole.Objection,
                Allowed = whole.Allowed ?? one.Allowed,
            };
        }

        return whole;
    }

    /// <summary>A test for every file a walking tool meets: true when no deny or ask rule means it.</summary>
    internal static Func<string, bool> WalkFilter(string tool, Place place, RuleSet rules, Func<Budget> budget)
    {
        var stopping = new RuleSet(
            [.. rules.Rules.Where(r => r.Effect != RuleEffect.Allow && r.Rule.HoldsFor(tool))]);
        if (stopping.Rules.Count == 0)
        {
            return _ => true;
        }

        return path =>
        {
            var scope = new PathScope(place, budget());
            var pathRules = new PathRules(stopping, place, scope, budget());
            return scope.Look(path, place.Directory) is { } fact
                && pathRules.Stopping(RuleEffect.Deny, tool, fact) is null
                && pathRules.Stopping(RuleEffect.Ask, tool, fact) is null;
        };
    }

    private static Assessment AssessOne(
        string tool, PathUse use, Place place, PathScope scope, PathRules rules, PermissionMode mode)
    {
        var writes = use.Access == PathAccess.Write;
        if (scope.Look(use.Path, place.Directory, expandHome: true) is not { } fact)
        {
            var why = $"it cannot be told where {Plain.Short(use.Path)} leads";
            return new Assessment { Uncertain = why, Objection = new Objection(why, OnlyReads: !writes) };
        }

        var below = use.Access == PathAccess.Walk ? rules.Below(tool, fact) : null;
        var assessment = new Assessment
        {
            Denied = rules.Stopping(RuleEffect.Deny, tool, fact),
            Asked = rules.Stopping(RuleEffect.Ask, tool, fact),
            Uncertain = below is null ? null : $"the rule {below.Described} means files below {Plain.Short(use.Path)}",
        };
        if (IsFree(use, fact, scope, mode))
        {
            return assessment;
        }

        var walks = use.Access is PathAccess.Walk or PathAccess.FilteredWalk;
        var allowed = writes && mode == PermissionMode.Plan ? null : rules.Allowing(tool, fact, walks);
        return allowed is not null
            ? assessment with { Allowed = allowed }
            : assessment with { Objection = new Objection(Why(use, fact, writes), OnlyReads: !writes) };
    }

    private static bool IsFree(PathUse use, PathFact fact, PathScope scope, PermissionMode mode) => use.Access switch
    {
        PathAccess.Write => mode == PermissionMode.AcceptEdits && fact.InProject && fact.ProtectedBy is null,
        PathAccess.Read => fact.InProject,
        _ => fact.InProject && !scope.HidesSecrets(fact.Real),
    };

    private static string Why(PathUse use, PathFact fact, bool writes)
    {
        var path = Plain.Short(use.Path);
        var leads = fact.Written == fact.Real ? "" : $" (it leads to {Plain.Short(fact.Real)})";
        return (writes, fact.InProject) switch
        {
            (false, _) => $"it reads {path}{leads}, outside the project",
            (true, false) => $"it changes {path}{leads}, outside the project",
            (true, true) when fact.ProtectedBy is { } name => $"it changes {path}, and {name} is never edited without a question",
            _ => $"it changes {path}",
        };
    }

    // Edits within the project; outside of it, and for reading, only this very path.
    private static PermissionRule? Grant(string tool, IReadOnlyList<PathUse> uses, Place place, PathScope scope)
    {
        var facts = uses.Select(use => scope.Look(use.Path, place.Directory, expandHome: true)).ToList();
        if (facts.Count == 0 || facts.Exists(fact => fact is null || fact.ProtectedBy is not null))
        {
            return null;
        }

        if (tool is "edit" or "write" && facts.TrueForAll(fact => fact!.InProject))
        {
            return new PermissionRule("edit", "**");
        }

        var holder = tool is "edit" or "write" ? "edit" : "read";
        return facts.Count == 1 ? PermissionRule.Exactly(holder, facts[0]!.Real) : null;
    }
}
