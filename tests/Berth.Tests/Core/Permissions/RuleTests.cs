using Berth.Core.Permissions;
using Berth.Core.Permissions.Programs;
using Berth.Core.Settings;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>How rules are written, and what is said about those that are none.</summary>
public sealed class RuleTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("bash(npm test*)")]
    [InlineData("bash(echo (a) b)")]
    [InlineData("bash(*)")]
    [InlineData("edit(src/**)")]
    [InlineData("read(~/.ssh/**)")]
    [InlineData("web_fetch(domain:example.com)")]
    [InlineData("web_fetch(domain:*.example.com)")]
    [InlineData("RunSubagents")]
    public void A_rule_reads_as_it_is_written(string text)
    {
        Assert.True(PermissionRule.TryParse(text, out var rule, out _));
        Assert.Equal(text, rule.ToString());
    }

    [Theory]
    [InlineData(" bash ( npm test ) ", "bash(npm test)")]
    [InlineData("BASH(x)", "bash(x)")]
    [InlineData("runsubagents", "RunSubagents")]
    public void Spaces_and_case_around_a_rule_do_not_matter(string text, string meant)
    {
        Assert.True(PermissionRule.TryParse(text, out var rule, out _));
        Assert.Equal(meant, rule.ToString());
    }

    [Theory]
    [InlineData("", "A rule is empty. Write tool or tool(pattern), for example bash(npm test*).")]
    [InlineData(null, "A rule is empty. Write tool or tool(pattern), for example bash(npm test*).")]
    [InlineData("(x)", "'(x)' names no tool. Write tool(pattern), for example bash(npm test*).")]
    [InlineData("bsh(x)", "There is no tool 'bsh'; did you mean 'bash'?")]
    [InlineData("npm test", "There is no tool 'npm test'.")]
    [InlineData("bash(x", "'bash(x' does not end with ')'. Write bash(npm test*).")]
    [InlineData("bash(x) y", "'bash(x) y' does not end with ')'. Write bash(npm test*).")]
    [InlineData("edit()", "edit() has nothing in its brackets. Write edit alone for every use of it.")]
    [InlineData("bash( )", "bash() has nothing in its brackets. Write bash alone for every use of it.")]
    [InlineData("bash(a\nb)", "The pattern holds a control character, which nothing would match.")]
    [InlineData("task_stop(1)", "task_stop takes no pattern. Write task_stop alone.")]
    [InlineData("web_fetch(example.com)", "A pattern of web_fetch names a host. Write web_fetch(domain:example.com).")]
    [InlineData("web_fetch(domain:)", "A pattern of web_fetch names a host. Write web_fetch(domain:example.com).")]
    [InlineData("web_fetch(domain:example.com/x)", "A pattern of web_fetch names a host. Write web_fetch(domain:example.com).")]
    public void What_is_no_rule_says_why(string? text, string why)
    {
        Assert.False(PermissionRule.TryParse(text, out _, out var error));
        Assert.Equal(why, error);
    }

    [Fact]
    public void A_pattern_has_a_longest_length()
    {
        Assert.False(PermissionRule.TryParse($"bash({new string('a', 501)})", out _, out var error));
        Assert.Equal("The pattern is longer than 500 characters. Use * for a part of it.", error);
    }

    [Fact]
    public void A_granted_line_is_literal_and_comes_back_from_its_text()
    {
        const string Line = "echo '* ) (' && touch  'a\nb'; x";
        var granted = PermissionTable.Decide(Line).GrantRule!;
        Assert.True(PermissionRule.TryParse(granted.ToString(), out var again, out _, exact: true));

        Assert.Equal(granted, again);
        Assert.Equal(new PermissionRule("bash", Line, Exact: true), again);
    }

    [Fact]
    public void A_granted_edit_is_a_pattern_all_the_same()
    {
        Assert.True(PermissionRule.TryParse("edit(**)", out var rule, out _, exact: true));
        Assert.Equal(new PermissionRule("edit", "**"), rule);
    }

    [Theory]
    [InlineData("edit", "write", true)]
    [InlineData("write", "edit", false)]
    [InlineData("read", "glob", true)]
    [InlineData("read", "grep", true)]
    [InlineData("grep", "read", false)]
    [InlineData("read", "edit", false)]
    public void Some_rules_hold_for_more_than_their_own_tool(string rule, string tool, bool holds) =>
        Assert.Equal(holds, new PermissionRule(rule).HoldsFor(tool));

    [Theory]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "ac", true)]
    [InlineData("a*c", "acb", false)]
    [InlineData("*", "", true)]
    [InlineData("**x**", "axb", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("a?c", "abc", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("rm*", "r\0", false)]
    [InlineData("rm*", "rm \0", true)]
    [InlineData("rm *x", "rm \0", false)]
    public void A_star_stands_for_any_characters(string pattern, string sketch, bool covers) =>
        Assert.Equal(covers, Wildcard.Covers(pattern, sketch, new Budget(1_000)));

    [Theory]
    [InlineData("rm*", "r\0", true)]
    [InlineData("rm*", "\0", true)]
    [InlineData("rm*", "\0x", true)]
    [InlineData("rm*", "l\0", false)]
    [InlineData("*.pem", "a\0", true)]
    [InlineData("*.pem", "a\0.txt", false)]
    [InlineData("a*b", "\0c", false)]
    [InlineData("a*bc", "\0b\0", true)]
    [InlineData("abc", "\0\0\0\0\0", true)]
    [InlineData("abc", "a\0d\0c", false)]
    [InlineData("a*c", "abc", true)]
    public void An_unknown_part_touches_what_it_may_turn_out_to_be(string pattern, string sketch, bool touches) =>
        Assert.Equal(touches, Wildcard.Touches(pattern, sketch, new Budget(1_000)));

    [Fact]
    public void The_rules_of_a_configuration_keep_their_origin()
    {
        var rules = RuleSet.Of(new Config
        {
            Allow = [new ConfigRule("bash(npm test*)", ConfigOrigin.User, "own.json")],
            Ask = [new ConfigRule("edit(src/**)", ConfigOrigin.Project, ".berth/config.json")],
            Deny = [new ConfigRule("bash(rm*)", ConfigOrigin.Global, "config.json")],
        });

        Assert.False(rules.Incomplete);
        Assert.Equal(
            [
                "Deny bash(rm*) (your settings)", "Ask edit(src/**) (the project's .berth/)",
                "Allow bash(npm test*) (your settings for this project)",
            ],
            rules.Rules.Select(rule => $"{rule.Effect} {rule.Described}"));
    }

    [Fact]
    public void Where_a_deny_rule_was_lost_nothing_is_allowed()
    {
        var broken = new Config { Deny = [new ConfigRule("bsh(rm*)", ConfigOrigin.Global, "config.json")] };

        Assert.Equal(Verdict.Ask, PermissionTable.Decide("ls", RuleSet.Of(broken)).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide("ls", RuleSet.Of(broken), PermissionMode.Bypass).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide("ls", RuleSet.Of(new Config { RulesLost = true })).Verdict);
    }

    [Fact]
    public void A_lost_allow_rule_only_permits_nothing()
    {
        var broken = new Config { Allow = [new ConfigRule("bsh(npm*)", ConfigOrigin.Global, "config.json")] };

        Assert.Equal(Verdict.Allow, PermissionTable.Decide("ls", RuleSet.Of(broken)).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide("npm test", RuleSet.Of(broken)).Verdict);
    }

    [Fact]
    public void The_documentation_names_the_whole_read_only_list()
    {
        var text = File.ReadAllText(Checkout.Place("docs/security.md"));
        var list = text[text.IndexOf("### The read-only list", StringComparison.Ordinal)..].Split('`', ' ', '\n');

        Assert.All(ReadOnlyPrograms.Names, name => Assert.Contains(name, list));
    }

    [Fact]
    public void A_checkouts_own_rules_wait_for_trust()
    {
        var rules = RuleSet.Empty.With(RuleEffect.Allow, new PermissionRule("bash", "npm test*"), RuleOrigin.ProjectFile);

        Assert.Equal(Verdict.Allow, Decide(trusted: true));
        Assert.Equal(Verdict.Ask, Decide(trusted: false));

        Verdict Decide(bool trusted) => Policy.Decide(
            new PermissionRequest("bash", new CommandAction("npm test"), FakeFiles.Place(trusted: trusted)),
            rules, PermissionMode.Ask).Verdict;
    }
}
