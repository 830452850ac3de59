using System.Text;
using Berth.Core.Permissions;
using Berth.Core.Settings;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Berth.Tests.Core.Permissions;

/// <summary>What holds for every line, not only for those somebody thought of.</summary>
public sealed class PropertyTests
{
    private static readonly string[] Pieces =
    [
        "ls", "cat", "rm", "a.txt", "-o", "-rf", "echo", "sort", "sed", "find", "git", "bash", "-c", "eval", "$x", "${x", "}", "$(", ")",
        "`", "'", "\"", "\\", "\n", ";", "&&", "||", "|", "&", ">", "<", "<<", "<<<", "EOF", "(", "{", "#", "*", "?", "[", "]", "[[", "]]",
        "((", "))", "$((", "if", "then", "fi", "for", "in", "do", "done", "while", "case", "esac", "function", "f()", "!", "time", "=",
        "x=", "PATH=", "~", "/", "..", "{a,b}", "$'", "\\x", "é", "\u00a0", "\u202e", "\r", "\t", " ", " ", " ", "xargs", "env", "timeout",
        "5", "2>&1", "/dev/null", "-", "--", "cd", "src", "\0", "\uffff", "\ud800",
    ];

    private static readonly string[] Free =
    [
        "ls", "cat a.txt", "ls -la src", "grep -rn x src | head -3", "echo \"$(ls)\"", "find . -name '*.cs'", "cd src && ls", "echo $?",
        "cat <<'E'\nx\nE\n", "for i in 1 2; do echo $i; done", "sed -n 1,3p a.txt", "wc -l < a.txt", "[ -f a.txt ]", "x=1; echo $x",
        "diff <(ls) <(ls)", "timeout 5 ls", "bash -c 'ls; pwd'", "[[ -n a ]]", "git --version", "(ls)", "{ ls; }", "ls 2>&1", "date +%F",
    ];

    // Each asks for sure: nothing in it is on the read-only list.
    private static readonly string[] Dangerous = ["rm -rf /", "$x", "ls > f", "sort -o f a.txt", "eval ls", "cat /etc/passwd"];

    // Words around a line that change nothing about what it runs.
    private static readonly Func<string, string>[] Wraps =
    [
        line => $"( {line}\n)", line => $"{{ {line}\n}}", line => $"! {{ {line}\n}}", line => $"time {{ {line}\n}}",
        line => $"echo \"$( {line}\n)\"", line => $"if true; then {line}\nfi", line => $"while false; do {line}\ndone",
        line => $"cat <( {line}\n)", line => $"case a in a) {line}\n;; esac", line => $"true && {{ {line}\n}}",
        line => $"bash -c '{line.Replace("'", "'\\''")}'", line => $"timeout 5 bash -c '{line.Replace("'", "'\\''")}'",
    ];

    private static readonly RuleSet Rules = PermissionTable.Rules(
        "+bash(npm test*)  +read(/etc/hosts)  ?bash(git push*)  -bash(rm*)  -read(~/.ssh/**)  -bash(*curl*)");

    private static readonly PermissionMode[] Modes =
        [PermissionMode.Plan, PermissionMode.Ask, PermissionMode.AcceptEdits, PermissionMode.Bypass];

    private static Gen<string> Soup => Gen.ArrayOf(Gen.Elements(Pieces)).Resize(40).Select(string.Concat);

    private static Gen<string> Bytes => Gen.ArrayOf(Gen.Choose(0, 255).Select(i => (byte)i)).Resize(60).Select(Encoding.UTF8.GetString);

    private static Gen<string> FreeLines =>
        from first in Gen.Elements(Free)
        from rest in Gen.ListOf(Gen.Elements("\n", "; ", " && ", " || ", " | ").Zip(Gen.Elements(Free))).Resize(3)
        select rest.Aggregate(first, (line, next) => line.EndsWith('\n') ? line + next.Item2 : line + next.Item1 + next.Item2);

    [Fact]
    public void Nothing_makes_the_policy_throw() => Check(Gen.OneOf(Soup, Bytes), line =>
    {
        foreach (var mode in Modes)
        {
            Assert.NotNull(Decide(line, Rules, mode).Why);
        }
    });

    // What is long enough to be no word by chance, and neither an assignment nor `:`, which do nothing and are free.
    [Fact]
    public void Noise_is_never_allowed() => Check(Bytes.Where(line => line.Length > 7 && line.IndexOfAny([':', '=']) < 0), line => Assert.NotEqual(Verdict.Allow, Decide(line).Verdict));

    [Fact]
    public void Every_combination_of_free_lines_is_free() => Check(FreeLines, line =>
        Assert.Equal((line, Verdict.Allow), (line, Decide(line).Verdict)));

    [Fact]
    public void No_free_line_hides_what_is_added_to_it() =>
        Check(FreeLines.Zip(Gen.Elements(Dangerous)), pair =>
        {
            var (line, added) = pair;
            foreach (var whole in new[]
                { $"{line}\n{added}", $"{added}\n{line}", $"( {added} )\n{line}", $"{line.TrimEnd('\n')}\n\n({added}) &" })
            {
                Assert.Equal((whole, Verdict.Ask), (whole, Decide(whole).Verdict));
            }
        });

    [Fact]
    public void Adding_a_command_to_any_allowed_soup_is_never_allowed() => Check(Soup, line =>
    {
        // A line that ends in a comment or here-document takes what follows into it; then it is no command.
        if (Decide(line).Verdict == Verdict.Allow && !line.Contains('#') && !line.Contains("<<"))
        {
            var whole = line + "; rm -rf /";
            Assert.Equal((whole, Verdict.Ask), (whole, Decide(whole).Verdict));
        }
    });

    [Fact]
    public void Wrapping_a_line_never_makes_it_freer() =>
        Check(Gen.OneOf(FreeLines, Gen.Elements(Dangerous), Soup).Zip(Gen.Elements(Wraps)), pair =>
        {
            var (line, wrap) = pair;
            // A line that is empty, or cannot be read, has no meaning that could be kept.
            var readable = CommandAnalysis.Of(line, FakeFiles.Home, new Budget(1_000_000)) is { Failure: null, Commands.Count: > 0 };
            foreach (var mode in Modes)
            {
                var (before, after) = (Decide(line, Rules, mode).Verdict, Decide(wrap(line), Rules, mode).Verdict);
                Assert.True(!readable || after >= before, $"{mode}: {before} {line}\nbecame {after} {wrap(line)}");
            }
        });

    [Fact]
    public void A_deny_rule_more_never_makes_a_line_freer() => Check(Gen.OneOf(FreeLines, Soup), line =>
    {
        foreach (var mode in Modes)
        {
            var with = Rules.With(RuleEffect.Deny, new PermissionRule("bash", "*x*"), RuleOrigin.Global);
            Assert.True(Decide(line, with, mode).Verdict >= Decide(line, Rules, mode).Verdict, line);
        }
    });

    private static Decision Decide(string line, RuleSet? rules = null, PermissionMode mode = PermissionMode.Ask) =>
        PermissionTable.Decide(line, rules, mode);

    private static void Check<T>(Gen<T> gen, Action<T> property) =>
        Prop.ForAll(gen.ToArbitrary(), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(600).WithQuietOnSuccess(true));
}
