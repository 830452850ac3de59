using Berth.Core.Permissions;
using Berth.Core.Settings;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>What a decision says, grants and survives.</summary>
public sealed class DecisionTests
{
    [Theory]
    [InlineData("ls", """{"decision":"allow","rule":null,"why":"Free: it only reads inside the project, or the mode allows it."}""")]
    [InlineData("rm x", """{"decision":"ask","rule":null,"why":"Asked because rm is not on the read-only list."}""")]
    [InlineData("ls > f", """{"decision":"ask","rule":null,"why":"Asked because it writes to the file f."}""")]
    [InlineData("cat /etc/hosts", """{"decision":"ask","rule":null,"why":"Asked because it reads /etc/hosts, outside the project."}""")]
    [InlineData("npm test", """{"decision":"allow","rule":"bash(npm test*)","why":"Allowed by the rule bash(npm test*) (your settings)."}""")]
    [InlineData("curl x", """{"decision":"deny","rule":"bash(curl*)","why":"Denied by the rule bash(curl*) (your settings)."}""")]
    [InlineData("git push", """{"decision":"ask","rule":"bash(git push*)","why":"The rule bash(git push*) (your settings) wants a question."}""")]
    public void A_decision_explains_itself(string line, string json) => Assert.Equal(
        json.Replace("\\u0027", "'"),
        PermissionTable.Decide(line, PermissionTable.Rules("+bash(npm test*)  ?bash(git push*)  -bash(curl*)")).Explain());

    [Fact]
    public void Plan_mode_tells_the_model_what_to_do_instead() => Assert.Equal(
        "Plan mode is read-only: npm is not on the read-only list. Put it into the plan instead of doing it.",
        PermissionTable.Decide("npm test", mode: PermissionMode.Plan).Why);

    [Theory]
    [InlineData("\u001b[31mred\u0007 x")]
    [InlineData("\u202etxt.exe y")]
    [InlineData("a\rb\tc\u0085")]
    public void No_reason_carries_control_characters(string line)
    {
        foreach (var text in new[] { line, $"cat '{line}'", $"ls > '{line}'", $"{line}=1 ls", $"git '{line}'", $"cd '/{line}'" })
        {
            Assert.DoesNotContain(PermissionTable.Decide(text).Why, c => char.IsControl(c) || c == '\u202e');
        }
    }

    [Fact]
    public void Yes_for_this_session_means_exactly_this_line()
    {
        const string Line = "npm test && rm -rf out/*";
        var rules = RuleSet.Empty.WithGrant(PermissionTable.Decide(Line).GrantRule!.ToString(), exact: true);

        Assert.Equal(Verdict.Allow, PermissionTable.Decide(Line, rules).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide(Line + " ", rules).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide("npm test && rm -rf out/x", rules).Verdict);
        Assert.Equal(Verdict.Ask, PermissionTable.Decide("npm test", rules).Verdict);
        Assert.Equal(Verdict.Deny, PermissionTable.Decide(Line, rules, PermissionMode.Plan).Verdict);
        var denied = rules.With(RuleEffect.Deny, new PermissionRule("bash", "rm*"), RuleOrigin.Global);
        Assert.Equal(Verdict.Deny, PermissionTable.Decide(Line, denied).Verdict);
    }

    [Fact]
    public void Yes_for_this_session_can_be_said_to_lines_that_hide_what_they_run()
    {
        const string Line = "eval \"$(ssh-agent)\"";
        var rules = RuleSet.Empty.WithGrant(PermissionTable.Decide(Line).GrantRule!.ToString(), exact: true);

        Assert.Equal(Verdict.Allow, PermissionTable.Decide(Line, rules).Verdict);
    }

    [Fact]
    public void It_is_not_offered_where_it_would_not_help()
    {
        Assert.Null(PermissionTable.Decide("echo 'unclosed").GrantRule);
        Assert.Null(PermissionTable.Decide("git push", PermissionTable.Rules("?bash(git push*)")).GrantRule);
        Assert.Null(PermissionTable.Decide("touch " + new string('x', 20_000)).GrantRule);
        Assert.Null(PermissionTable.Decide("ls").GrantRule);
    }

    [Theory]
    [InlineData("edit", "src/a.cs", "edit(**)", false)]
    [InlineData("write", "new.txt", "edit(**)", false)]
    [InlineData("edit", "/etc/hosts", "edit(/etc/hosts)", true)]
    [InlineData("edit", "up/x.txt", "edit(/home/me/other/x.txt)", true)]
    [InlineData("edit", ".git/config", null, false)]
    [InlineData("read", "/etc/hosts", "read(/etc/hosts)", true)]
    [InlineData("grep", "~/other", "read(/home/me/other)", true)]
    public void Yes_for_this_session_means_edits_within_the_project(string tool, string path, string? grant, bool exact)
    {
        var access = tool is "edit" or "write" ? PathAccess.Write : PathAccess.Read;
        var request = new PermissionRequest(tool, new PathAction(path, access), FakeFiles.Place());
        var rule = Policy.Decide(request, RuleSet.Empty, PermissionMode.Ask).GrantRule;

        Assert.Equal((grant, grant is not null && exact), (rule?.ToString(), rule?.Exact ?? false));
        if (rule is not null)
        {
            var rules = RuleSet.Empty.WithGrant(rule.ToString(), exact: true);
            Assert.Equal(Verdict.Allow, Policy.Decide(request, rules, PermissionMode.Ask).Verdict);
        }
    }

    [Theory]
    [InlineData("https://example.com/x", "", "Ask")]
    [InlineData("https://example.com/x", "+web_fetch(domain:example.com)", "Allow")]
    [InlineData("https://EXAMPLE.com./x", "+web_fetch(domain:Example.com)", "Allow")]
    [InlineData("https://example.com:8443/x", "+web_fetch(domain:example.com)", "Allow")]
    [InlineData("https://www.example.com/x", "+web_fetch(domain:example.com)", "Ask")]
    [InlineData("https://www.example.com/x", "+web_fetch(domain:*.example.com)", "Allow")]
    [InlineData("https://evilexample.com/x", "+web_fetch(domain:*.example.com)", "Ask")]
    [InlineData("https://example.com.evil.org/", "+web_fetch(domain:example.com)", "Ask")]
    [InlineData("https://example.com@evil.org/", "+web_fetch(domain:example.com)", "Ask")]
    [InlineData("https://example.com@evil.org/", "+web_fetch", "Ask")]
    [InlineData("file:///etc/passwd", "+web_fetch", "Ask")]
    [InlineData("https://example.com/", "-web_fetch(domain:example.com)  +web_fetch", "Deny")]
    [InlineData("https://example.com/", "?web_fetch(domain:*)  +web_fetch", "Ask")]
    public void Addresses_are_judged_by_their_host(string address, string rules, string verdict) => Assert.Equal(
        verdict,
        Policy.Decide(
            new PermissionRequest("web_fetch", new FetchAction(new Uri(address)), FakeFiles.Place()),
            PermissionTable.Rules(rules), PermissionMode.Ask).Verdict.ToString());

    [Fact]
    public void What_concerns_only_the_session_is_free_and_what_is_unknown_is_asked_for()
    {
        Assert.Equal(Verdict.Allow, Decide(new SessionAction(), PermissionMode.Plan));
        Assert.Equal(Verdict.Deny, Decide(new SessionAction(), PermissionMode.Ask, "-task_stop"));
        Assert.Equal(Verdict.Ask, Decide(new OtherAction(), PermissionMode.Ask));
        Assert.Equal(Verdict.Deny, Decide(new OtherAction(), PermissionMode.Plan));
        Assert.Equal(Verdict.Allow, Decide(new OtherAction(), PermissionMode.Ask, "+task_stop"));

        static Verdict Decide(ToolAction action, PermissionMode mode, string rules = "") => Policy.Decide(
            new PermissionRequest("task_stop", action, FakeFiles.Place()), PermissionTable.Rules(rules), mode).Verdict;
    }

    [Fact]
    public void A_fault_of_the_file_system_is_never_a_permission()
    {
        var place = FakeFiles.Place() with
        {
            Files = new FileLookup(
                _ => throw new IOException("gone"), _ => throw new IOException("gone"), _ => throw new IOException("gone"),
                _ => throw new IOException("gone")),
        };
        foreach (var mode in new[] { PermissionMode.Ask, PermissionMode.AcceptEdits, PermissionMode.Bypass })
        {
            Assert.Equal(Verdict.Ask, Policy.Decide(new("bash", new CommandAction("ls"), place), RuleSet.Empty, mode).Verdict);
            Assert.Equal(
                Verdict.Ask,
                Policy.Decide(new("read", new PathAction("a", PathAccess.Read), place), RuleSet.Empty, mode).Verdict);
        }

        Assert.Equal(
            Verdict.Deny, Policy.Decide(new("bash", new CommandAction("ls"), place), RuleSet.Empty, PermissionMode.Plan).Verdict);
        Assert.False(Policy.WalkFilter("grep", place, PermissionTable.Rules("-read(x)"))("/home/me/proj/a"));
    }

    public static TheoryData<string, string> LongLines { get; } = new()
    {
        { "one word", new string('a', 999_999) },
        { "brackets", new string('(', 999_999) },
        { "arithmetic", Many("$((", 999_999) },
        { "braces", "echo " + Many("{a,b}", 900_000) },
        { "open braces", "echo " + new string('{', 900_000) },
        { "open square brackets", "echo " + new string('[', 900_000) },
        { "files", "cat " + Many("a ", 900_000) },
        { "globs", "cat " + Many("* ", 900_000) },
        { "variables", "tool " + Many("$x", 900_000) },
        { "wrappers", Many("xargs ", 900_000) },
        { "finds", "find . " + Many("-exec ", 900_000) },
        { "directories", Many("cd src;", 12_000) },
        { "backticks", new string('`', 999_999) },
        { "commands", Many("ls;", 999_999) },
        { "too long", new string('a', 1_000_001) },
    };

    [Theory]
    [MemberData(nameof(LongLines))]
    public void A_line_of_a_megabyte_has_its_end_in_bounded_steps(string what, string line)
    {
        var rules = PermissionTable.Rules("+bash(npm test*)  ?bash(*git*push*)  -bash(*curl*x*)  -read(~/.ssh/**)");
        var budget = new Budget(Berth.Protocol.Limits.PermissionSteps);
        try
        {
            var assessment = CommandPolicy.Assess(line, FakeFiles.Place(), rules, PermissionMode.Ask, budget);
            Assert.True(assessment.Objection is not null || assessment.Uncertain is not null, what);
        }
        catch (UnclearException)
        {
            // The budget was used up, which the policy turns into a question.
        }

        Assert.Equal(Verdict.Ask, PermissionTable.Decide(line, rules).Verdict);
    }

    private static string Many(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length));
}
