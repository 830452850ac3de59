namespace Berth.Core.Permissions;

/// <summary>Assesses the fetching of an address.</summary>
internal static class FetchPolicy
{
    private const string Domain = "domain:";

    /// <summary>What is known about the fetch before the mode speaks. A rule names the host itself; <c>*</c> in it stands
    /// for any characters, so <c>domain:*.example.com</c> means the hosts below.</summary>
    internal static Assessment Assess(string tool, Uri address, RuleSet rules, Budget budget)
    {
        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
        {
            return new Assessment
            {
                Denied = rules.For(RuleEffect.Deny, tool).FirstOrDefault(placed => placed.Rule.IsEveryUse),
                Uncertain = "the address is no plain http or https one",
                Objection = Objection.NotReadOnly("the address is no plain http or https one"),
            };
        }

        var host = address.IdnHost.ToLowerInvariant().TrimEnd('.');
        var allowed = Find(RuleEffect.Allow);
        return new Assessment
        {
            Denied = Find(RuleEffect.Deny),
            Asked = Find(RuleEffect.Ask),
            Objection = allowed is null ? Objection.Unknown($"it fetches from {Plain.Short(host)}") : null,
            Allowed = allowed,
            Grant = PermissionRule.Exactly(tool, Domain + host),
        };

        PlacedRule? Find(RuleEffect effect) => rules.For(effect, tool).FirstOrDefault(placed =>
            placed.Rule.Pattern is not { } pattern || Means(placed.Rule, pattern));

        bool Means(PermissionRule rule, string pattern) => pattern.StartsWith(Domain)
            && (rule.Exact
                ? pattern[Domain.Length..] == host
                : Wildcard.Covers(pattern[Domain.Length..].ToLowerInvariant().TrimEnd('.'), host, budget));
    }
}
