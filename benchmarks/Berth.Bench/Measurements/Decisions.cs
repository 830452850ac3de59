using System.Diagnostics;
using Berth.Bench.Place;
using Berth.Core.Permissions;
using Berth.Core.Settings;
using Berth.Daemon;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>What a permission decision costs for lines as models write them, and at worst for a line of a megabyte.</summary>
internal static class Decisions
{
    private const int Rounds = 40;

    private static readonly string[] Lines =
    [
        "ls -la src", "git status", "npm test -- --watch=false", "grep -rn 'TODO' src | head -20", "cat package.json",
        "cd src && dotnet build -c Release 2>&1 | tail -40", "find . -name '*.cs' -not -path './obj/*' | xargs wc -l",
        "for f in src/*.ts; do echo \"$f\"; sed -n 1,20p \"$f\"; done", "python3 - <<'E'\nimport sys\nprint(sys.version)\nE\n",
        "rm -rf build && mkdir -p build && cmake -S . -B build", "curl -s http://127.0.0.1:8080/health || echo down",
        "timeout 60 bash -c 'until nc -z localhost 5432; do sleep 1; done'",
    ];

    // Each is one megabyte of something that looks harmless or costly to a reader of shell lines.
    private static readonly (string Name, Func<string> Make)[] Worst =
    [
        ("one word", () => new string('a', Limits.LineBytes)),
        ("open quotes", () => Repeat("\"a")),
        ("nested substitutions", () => Repeat("$(")),
        ("a pipeline", () => Repeat("cat x|")),
        ("lists", () => Repeat("ls;")),
        ("words", () => "ls " + Repeat("a ")),
        ("globs", () => "ls " + Repeat("*[a-")),
        ("braces", () => "ls " + Repeat("{a,b}")),
        ("assignments", () => Repeat("A=1 ")),
        ("redirections", () => "ls " + Repeat("2>&1 ")),
        ("a here-document", () => "cat <<'E'\n" + Repeat("text\n") + "E\n"),
        ("backslashes", () => Repeat("\\\\")),
        ("eval", () => Repeat("eval ")),
        ("bash -c", () => "bash -c '" + Repeat("ls;") + "'"),
        ("variables", () => "ls " + Repeat("$a${b:-c}")),
        ("arithmetic", () => Repeat("((1+")),
        ("NUL and others", () => Repeat("\0\u00a0\ufeff")),
    ];

    public static Measurement Row { get; } = new("permission", "decisions about command lines", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var folder = new TemporaryFolder();
        var place = new Core.Permissions.Place(folder.Path, folder.Path, "/nowhere", Trusted: true, DiskLookup.Of("/usr/local/bin:/usr/bin:/bin", folder.Path));
        var rules = Rules();
        var ordinary = new Samples();
        for (var i = 0; i <= Rounds; i++)
        {
            var began = Stopwatch.GetTimestamp();
            foreach (var line in Lines)
            {
                Decide(line, place, rules);
            }

            if (i > 0)
            {
                ordinary.Add(Stopwatch.GetElapsedTime(began).TotalMicroseconds / Lines.Length);
            }
        }

        var worst = Worst.Select(shape => (shape.Name, Time: Long(shape.Make(), place, rules))).OrderByDescending(one => one.Time).ToList();
        return
        [
            new($"a decision about an ordinary line ({1_000_000 / ordinary.Median:N0} a second)", ordinary.Median, Unit.Microseconds),
            new($"a line of 1 MB, the worst of {worst.Count} kinds ({worst[0].Name})", worst[0].Time, Unit.Milliseconds),
            new($"… the second worst ({worst[1].Name})", worst[1].Time, Unit.Milliseconds),
        ];
    }

    private static double Long(string line, Core.Permissions.Place place, RuleSet rules)
    {
        var times = new Samples();
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.GetTimestamp();
            Decide(line, place, rules);
            times.Add(Stopwatch.GetElapsedTime(began));
        }

        return times.Median;
    }

    private static void Decide(string line, Core.Permissions.Place place, RuleSet rules) =>
        _ = Policy.Decide(new PermissionRequest("bash", new CommandAction(line), place), rules, PermissionMode.Ask);

    private static RuleSet Rules()
    {
        var rules = RuleSet.Empty;
        foreach (var (effect, text) in new[]
        {
            (RuleEffect.Allow, "bash(npm test*)"), (RuleEffect.Allow, "bash(dotnet build*)"), (RuleEffect.Ask, "bash(git push*)"),
            (RuleEffect.Deny, "bash(rm -rf /*)"), (RuleEffect.Deny, "read(~/.ssh/**)"), (RuleEffect.Deny, "bash(*curl*)"),
        })
        {
            rules = PermissionRule.TryParse(text, out var rule, out _) ? rules.With(effect, rule, RuleOrigin.Global) : rules;
        }

        return rules;
    }

    private static string Repeat(string piece) => string.Concat(Enumerable.Repeat(piece, Limits.LineBytes / piece.Length));
}
