using Berth.Core.Settings;
namespace Berth.Core.Permissions;

/// <summary>Assesses a command line.</summary>
internal static class CommandPolicy
{
    // A longer line would make the session's log grow with every grant, and nobody grants what nobody can read.
    private const int GrantChars = 10_000;

    /// <summary>What is known about a line before the mode speaks.</summary>
    internal static Assessment Assess(string line, Place place, RuleSet rules, PermissionMode mode, Budget budget)
    {
        var analysis = CommandAnalysis.Of(line, place.Home, budget);
        var commandRules = new CommandRules(rules, line, analysis, budget);
        var denied = commandRules.Stopping(RuleEffect.Deny);
        var asked = commandRules.Stopping(RuleEffect.Ask);
        if (analysis.Failure is { } failure)
        {
            return new Assessment
            {
                Denied = denied,
                Asked = asked,
                Uncertain = $"the line cannot be analysed: {failure}",
                Objection = Objection.NotReadOnly($"the line cannot be analysed: {failure}"),
            };
        }

        var scope = new PathScope(place, budget);
        var pathRules = new PathRules(rules, place, scope, budget);
        var reads = new ReadCheck(place, scope, pathRules, budget);
        var judge = new CommandJudge(
            analysis, commandRules, pathRules, scope, reads, place, budget, rulesOpenWrites: mode != PermissionMode.Plan);
        var objection = analysis.Commands.Count == 0 ? Objection.NotReadOnly("it holds no command") : judge.Judge();
        var used = judge.Used;
        if (objection is not null && (mode != PermissionMode.Plan || objection.OnlyReads)
            && commandRules.AllowingLine() is { } whole)
        {
            (objection, used) = (null, whole);
        }

        var words = new CommandPaths(analysis, place, scope, pathRules, reads, budget);
        return new Assessment
        {
            Denied = denied ?? words.Stopping(RuleEffect.Deny),
            Asked = asked ?? words.Stopping(RuleEffect.Ask),
            Uncertain = Uncertain(analysis, commandRules, words),
            Objection = objection,
            Allowed = used,
            Grant = line.Length <= GrantChars ? PermissionRule.Exactly("bash", line) : null,
        };
    }

    // An ask or deny rule may mean something that cannot be seen.
    private static string? Uncertain(CommandAnalysis analysis, CommandRules rules, CommandPaths words)
    {
        if (rules.CanStop && analysis.Doubts.FirstOrDefault(doubt => doubt.MayRun) is { } doubt)
        {
            return $"it {doubt.Why}, and there are rules that may forbid it";
        }

        return (rules.CanStop ? rules.Touching() : null) is { } rule
            ? $"the rule {rule.Described} may mean it"
            : words.Touching() is { } path ? $"the rule {path.Described} may mean a file of it" : null;
    }
}
