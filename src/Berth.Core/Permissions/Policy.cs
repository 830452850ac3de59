using Berth.Core.Settings;
using Berth.Protocol;

namespace Berth.Core.Permissions;

/// <summary>
/// Decides, in one place, whether a tool may act. Pure and total: whatever goes wrong inside (a line that cannot be
/// parsed, a limit, a fault) becomes a question or, in plan mode, a refusal; never a permission.
/// </summary>
internal static class Policy
{
    /// <summary>Decides one request.</summary>
    /// <param name="rules">The rules in force; those of an untrusted project's own files are left out here too.</param>
    internal static Decision Decide(PermissionRequest request, RuleSet rules, PermissionMode mode)
    {
        try
        {
            var assessment = Assess(request, rules.In(request.Place), mode, new Budget(Limits.PermissionSteps));
            return Combine(Complete(assessment, request, rules), mode);
        }
        catch (Exception fault)
        {
            // A fault in here must not end the session, let alone let the tool act: it is one more thing not understood.
            var why = fault is UnclearException ? fault.Message : "it cannot be judged";
            return new Decision(mode == PermissionMode.Plan ? Verdict.Deny : Verdict.Ask, null, Sentence(why));
        }
    }

    /// <summary>For a tool that walks through directories: whether it may look into one file (an absolute path), because
    /// no deny or ask rule means it. False where that cannot be told.</summary>
    internal static Func<string, bool> WalkFilter(string tool, Place place, RuleSet rules)
    {
        var filter = PathPolicy.WalkFilter(tool, place, rules.In(place), () => new Budget(Limits.PermissionSteps));
        return path =>
        {
            try
            {
                return filter(path);
            }
            catch (Exception fault) when (fault is UnclearException or IOException or UnauthorizedAccessException)
            {
                return false;
            }
        };
    }

    private static Assessment Assess(PermissionRequest request, RuleSet rules, PermissionMode mode, Budget budget)
    {
        var place = request.Place;
        return request.Action switch
        {
            CommandAction command => CommandPolicy.Assess(command.Line, place, rules, mode, budget),
            PathAction paths => PathPolicy.Assess(request.Tool, paths.Uses, place, rules, mode, budget),
            FetchAction fetch => FetchPolicy.Assess(request.Tool, fetch.Address, rules, budget),
            SessionAction => WholeTool(request.Tool, rules, null),
            _ => WholeTool(request.Tool, rules, Objection.NotReadOnly($"{Plain.Short(request.Tool)} is not known to only read")),
        };
    }

    // For tools of which only the name can be judged.
    private static Assessment WholeTool(string tool, RuleSet rules, Objection? objection)
    {
        var allowed = rules.For(RuleEffect.Allow, tool).FirstOrDefault();
        return new Assessment
        {
            Denied = rules.For(RuleEffect.Deny, tool).FirstOrDefault(),
            Asked = rules.For(RuleEffect.Ask, tool).FirstOrDefault(),
            Objection = allowed is null ? objection : null,
            Allowed = objection is null ? null : allowed,
        };
    }

    // A deny rule that was lost might have meant anything but the session's own affairs.
    private static Assessment Complete(Assessment assessment, PermissionRequest request, RuleSet rules) =>
        rules.Incomplete && request.Action is not SessionAction
            ? assessment with { Uncertain = assessment.Uncertain ?? "some rules could not be read" }
            : assessment;

    private static Decision Combine(Assessment assessment, PermissionMode mode)
    {
        if (assessment.Denied is { } denied)
        {
            return new Decision(Verdict.Deny, denied, $"Denied by the rule {denied.Described}.");
        }

        if (mode == PermissionMode.Plan && assessment.Objection is { OnlyReads: false } change)
        {
            return new Decision(
                Verdict.Deny, null, $"Plan mode is read-only: {change.Why}. Put it into the plan instead of doing it.");
        }

        if (assessment.Asked is { } asked)
        {
            return new Decision(Verdict.Ask, asked, $"The rule {asked.Described} wants a question.");
        }

        if (assessment.Uncertain is { } uncertain)
        {
            return new Decision(Verdict.Ask, null, Sentence(uncertain));
        }

        if (assessment.Objection is null)
        {
            return assessment.Allowed is { } rule
                ? new Decision(Verdict.Allow, rule, $"Allowed by the rule {rule.Described}.")
                : new Decision(Verdict.Allow, null, "Free: it only reads inside the project, or the mode allows it.");
        }

        return mode == PermissionMode.Bypass
            ? new Decision(Verdict.Allow, null, "Free: bypass mode, and no rule forbids it.")
            : new Decision(Verdict.Ask, null, Sentence(assessment.Objection.Why), assessment.Grant);
    }

    private static string Sentence(string why) => $"Asked because {why}.";
}
