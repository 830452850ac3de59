using Berth.Core.Permissions;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>
/// Reads tables of decisions: one row a line, <c>verdict line</c>. In a line <c>⏎</c> is a newline, <c>␍</c> a carriage
/// return, <c>␀</c> a NUL, <c>⎵</c> a no-break space. A row <c>rules: …</c> sets rules for the rows below it
/// (<c>+allow</c>, <c>?ask</c>, <c>-deny</c>, two spaces between them), a row <c>mode: …</c> the mode; lines that begin
/// with <c># </c> are comments.
/// </summary>
internal static class PermissionTable
{
    internal sealed record Row(Verdict Verdict, string Line, RuleSet Rules, PermissionMode Mode, string Shown)
    {
        public override string ToString() => Shown;
    }

    internal static IReadOnlyList<Row> Read(string table)
    {
        var rows = new List<Row>();
        var rules = RuleSet.Empty;
        var mode = PermissionMode.Ask;
        foreach (var text in table.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var space = text.IndexOf(' ');
            var (head, rest) = space < 0 ? (text, "") : (text[..space], text[(space + 1)..].Trim());
            switch (head)
            {
                case "#":
                    break;
                case "rules:":
                    rules = Rules(rest);
                    break;
                case "mode:":
                    mode = PermissionModes.Parse(rest) ?? throw new InvalidOperationException($"no mode: {rest}");
                    break;
                default:
                    rows.Add(new Row(Parse(head, text), Unfold(rest), rules, mode, $"[{PermissionModes.Word(mode)}] {text}"));
                    break;
            }
        }

        return rows;
    }

    /// <summary>Decides every row and compares all of them at once, so that a failure shows the whole picture.</summary>
    internal static void Holds(string table)
    {
        var rows = Read(table);
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var decision = Decide(row.Line, row.Rules, row.Mode);
            if (decision.Verdict != row.Verdict)
            {
                wrong.Add($"{row.Shown}   → {decision.Verdict}: {decision.Why}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {rows.Count} rows differ:\n{string.Join('\n', wrong)}");
    }

    internal static Decision Decide(string line, RuleSet? rules = null, PermissionMode mode = PermissionMode.Ask) =>
        Policy.Decide(
            new PermissionRequest("bash", new CommandAction(line), FakeFiles.Place()), rules ?? RuleSet.Empty, mode);

    internal static RuleSet Rules(string text)
    {
        var rules = RuleSet.Empty;
        foreach (var one in text.Split("  ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var effect = one[0] switch
            {
                '+' => RuleEffect.Allow,
                '?' => RuleEffect.Ask,
                '-' => RuleEffect.Deny,
                _ => throw new InvalidOperationException($"a rule begins with +, ? or -: {one}"),
            };
            Assert.True(PermissionRule.TryParse(one[1..], out var rule, out var error), error);
            rules = rules.With(effect, rule, RuleOrigin.Global);
        }

        return rules;
    }

    private static Verdict Parse(string word, string text) => word switch
    {
        "allow" => Verdict.Allow,
        "ask" => Verdict.Ask,
        "deny" => Verdict.Deny,
        _ => throw new InvalidOperationException($"a row begins with allow, ask or deny: {text}"),
    };

    private static string Unfold(string line) =>
        line.Replace('⏎', '\n').Replace('␍', '\r').Replace('␀', '\0').Replace('⎵', '\u00a0');
}
