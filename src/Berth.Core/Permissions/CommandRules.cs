namespace Berth.Core.Permissions;

/// <summary>The rules about <c>bash</c>, matched against a line and the programs in it.</summary>
internal sealed class CommandRules(RuleSet rules, string line, CommandAnalysis analysis, Budget budget)
{
    private readonly List<PlacedRule> allow = [.. rules.For(RuleEffect.Allow, "bash")];
    private readonly Lazy<List<string>> texts = new(() => [.. analysis.Calls.SelectMany(CallText.Variants)]);

    /// <summary>Whether any ask or deny rule about commands exists.</summary>
    internal bool CanStop { get; } =
        rules.For(RuleEffect.Ask, "bash").Any() || rules.For(RuleEffect.Deny, "bash").Any();

    /// <summary>The allow rule that takes the line as a whole: every use of bash, or exactly this line.</summary>
    internal PlacedRule? AllowingLine() =>
        allow.Find(placed => placed.Rule.IsEveryUse || (placed.Rule.Exact && placed.Rule.Pattern == line));

    /// <summary>The allow rule that covers one program call with everything its words may turn out to be.</summary>
    /// <param name="withAssignments">The assignments before it may change what it does, so the rule must name them.</param>
    internal PlacedRule? Allowing(ProgramCall call, bool withAssignments)
    {
        if (call.Program is null)
        {
            return null;
        }

        var assigned = string.Join(' ', call.Source.Assignments.Select(a => a.Source));
        var prefix = withAssignments ? assigned + " " : "";
        foreach (var placed in allow)
        {
            if (placed.Rule is { Pattern: { } pattern, Exact: false }
                && Wildcard.LiteralLength(pattern) >= prefix.Length
                && (Covers(pattern, prefix + CallText.Canonical(call.Words))
                    || (!call.IsHidden && Covers(pattern, prefix + CallText.Written(call.Source)))))
            {
                return placed;
            }
        }

        return null;
    }

    /// <summary>Whether a rule that covers a wrapper speaks of the program behind it: its text before the first <c>*</c> must
    /// reach over that program's name. <c>sudo apt*</c> does for apt; <c>find *</c> says nothing about <c>-exec</c>.</summary>
    internal static bool Reaches(PlacedRule placed, ProgramCall outer, int index)
    {
        if (index <= 0)
        {
            return false;
        }

        var upTo = CallText.Canonical([.. outer.Words.Take(index + 1)]);
        var pattern = placed.Rule.Pattern ?? "";
        return Wildcard.LiteralLength(pattern) >= upTo.Length && pattern.StartsWith(upTo);
    }

    /// <summary>The deny or ask rule that means the line or a program in it; null when there is none.</summary>
    internal PlacedRule? Stopping(RuleEffect effect) =>
        rules.For(effect, "bash").FirstOrDefault(placed => Stops(placed.Rule));

    /// <summary>The deny or ask rule that may mean something in the line that is not known yet; null when there is none.
    /// </summary>
    internal PlacedRule? Touching() =>
        rules.Rules.FirstOrDefault(placed => placed.Effect != RuleEffect.Allow && placed.Rule.HoldsFor("bash")
            && placed.Rule is { Exact: false, Pattern: { } pattern }
            && texts.Value.Exists(text => Wildcard.Touches(pattern, text, budget)));

    private bool Stops(PermissionRule rule)
    {
        if (rule.IsEveryUse)
        {
            return true;
        }

        var pattern = rule.Pattern!;
        if (rule.Exact)
        {
            return pattern == line;
        }

        return Covers(pattern, line.Trim())
            || analysis.Commands.Any(command => Covers(pattern, command.Source.Source))
            || texts.Value.Exists(text => Covers(pattern, text));
    }

    private bool Covers(string pattern, string text) => Wildcard.Covers(pattern, text, budget);
}
