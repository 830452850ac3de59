using Berth.Core.Tools;
using Berth.Core.Tools.Search;
using Berth.Platform;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Tools;

/// <summary>What the model gets from <c>glob</c> and <c>grep</c>.</summary>
public sealed class SearchTests : IDisposable
{
    private readonly ToolPlace place = new();

    public void Dispose() => place.Dispose();

    [Theory]
    [InlineData("*.cs", "a.cs", true)]
    [InlineData("*.cs", "deep/er/a.cs", true)]
    [InlineData("*.cs", "a.cs.bak", false)]
    [InlineData("/*.cs", "deep/a.cs", false)]
    [InlineData("src/*.cs", "src/a.cs", true)]
    [InlineData("src/*.cs", "src/b/a.cs", false)]
    [InlineData("src/**/*.cs", "src/a.cs", true)]
    [InlineData("src/**/*.cs", "src/b/c/a.cs", true)]
    [InlineData("src/**", "src/b/c", true)]
    [InlineData("src/**", "src", false)]
    [InlineData("src/", "src/b/c", true)]
    [InlineData("**", "a", true)]
    [InlineData("**/a", "a", true)]
    [InlineData("a**b", "axxb", true)]
    [InlineData("a**b", "a/b", false)]
    [InlineData("*.{ts,tsx}", "a.tsx", true)]
    [InlineData("*.{ts,tsx}", "a.tsy", false)]
    [InlineData("{src,lib}/**/*.{c,h}", "lib/x/y.h", true)]
    [InlineData("{a,b{c,d}}", "bd", true)]
    [InlineData("?.c", "a.c", true)]
    [InlineData("?.c", "ab.c", false)]
    [InlineData("[a-c].c", "b.c", true)]
    [InlineData("[!a-c].c", "b.c", false)]
    [InlineData("[!a].c", "/.c", false)]
    [InlineData("[]x]", "]", true)]
    [InlineData("[", "[", true)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "a", false)]
    [InlineData("a+b(c)$", "a+b(c)$", true)]
    [InlineData("*.CS", "a.cs", false)]
    [InlineData("a\nb", "a\nb", true)]
    [InlineData("a", "a\n", false)]
    public void A_pattern_means_what_it_should(string pattern, string path, bool matches) =>
        Assert.Equal(matches, GlobPattern.Parse(pattern).Matches(path));

    [Theory]
    [InlineData("{a", "has no '}'")]
    [InlineData("{{{{{{{{{{a}}}}}}}}}}", "nest too deeply")]
    public void A_pattern_that_is_none_says_why(string pattern, string why)
    {
        var result = place.Call("glob", ("pattern", pattern));

        Assert.False(result.Ok);
        Assert.Contains(why, result.Output);
    }

    [Fact]
    public void Files_come_newest_first()
    {
        place.With("old.txt", "").With("dir/new.txt", "").With("dir/older.txt", "").With("x.md", "");
        File.SetLastWriteTimeUtc(place.Path("old.txt"), DateTime.UnixEpoch.AddDays(2));
        File.SetLastWriteTimeUtc(place.Path("dir/older.txt"), DateTime.UnixEpoch.AddDays(1));

        Assert.Equal("dir/new.txt\nold.txt\ndir/older.txt", place.Call("glob", ("pattern", "**/*.txt")).Output);
        Assert.Equal("dir/new.txt\ndir/older.txt", place.Call("glob", ("pattern", "*.txt"), ("path", "dir")).Output);
        Assert.Equal("dir/new.txt\ndir/older.txt", place.Call("glob", ("pattern", place.Path("dir/*.txt"))).Output);
        Assert.Equal("dir/new.txt\ndir/older.txt", place.Call("glob", ("pattern", "../dir/*.txt"), ("path", "dir")).Output);
        Assert.StartsWith("No file matches *.rs in ", place.Call("glob", ("pattern", "*.rs")).Output);
    }

    [Fact]
    public void What_git_ignores_and_what_is_hidden_is_left_out()
    {
        Tree();

        Assert.Equal(
            ["keep.log", "src/a.txt", "src/build.txt", "src/gen/keep.gen", "top.txt"],
            Paths(place.Call("glob", ("pattern", "**"))));
        Assert.Equal([".github/ci.yml"], Paths(place.Call("glob", ("pattern", ".github/**"))));
        Assert.Equal([".github/ci.yml"], Paths(place.Call("glob", ("pattern", "*"), ("path", ".github"))));
        Assert.Equal(["build/out.txt"], Paths(place.Call("glob", ("pattern", "*"), ("path", "build"))));
        Assert.Equal(["src/a.txt", "src/build.txt"], Paths(place.Call("glob", ("pattern", "*.txt"), ("path", "src"))));
    }

    [Fact]
    public void A_tree_of_links_that_leads_into_itself_ends()
    {
        place.With("dir/a.txt", "x\n");
        File.CreateSymbolicLink(place.Path("dir/up"), "..");
        File.CreateSymbolicLink(place.Path("dir/self"), "self");

        Assert.Equal(["dir/a.txt"], Paths(place.Call("glob", ("pattern", "*.txt"))));
        Assert.Equal("dir/a.txt:1:x\n(1 match in 1 file)", place.Call("grep", ("pattern", "x")).Output);
    }

    [Fact]
    public void Many_files_are_bounded_and_counted()
    {
        for (var i = 0; i < 310; i++)
        {
            place.With($"f{i}.txt", "");
        }

        var result = place.Call("glob", ("pattern", "*.txt"));

        Assert.Equal(301, result.Output.Split('\n').Length);
        Assert.EndsWith("(10 older files also match; use a narrower pattern)", result.Output);
    }

    [Fact]
    public void Matching_lines_come_with_path_and_number()
    {
        place.With("a.txt", "one\r\ntwo\nthree\n").With("b/c.txt", "two").With("bin", "two\0");

        Assert.Equal("a.txt:2:two\nb/c.txt:1:two\n(2 matches in 2 files)", place.Call("grep", ("pattern", "^two$")).Output);
        Assert.Equal("a.txt:1:one\n(1 match in 1 file)", place.Call("grep", ("pattern", "(?i)ONE$")).Output);
        Assert.Equal("b/c.txt:1:two\n(1 match in 1 file)", place.Call("grep", ("pattern", "t.o"), ("glob", "b/**")).Output);
        Assert.Equal("a.txt:3:three\n(1 match in 1 file)", place.Call("grep", ("pattern", "(?<=th)r(?=e)"), ("path", "a.txt")).Output);
        Assert.StartsWith("No line in a.txt matches four.", place.Call("grep", ("pattern", "four"), ("path", "a.txt")).Output);
        Assert.Contains("no text file", place.Call("grep", ("pattern", "two"), ("path", "bin")).Output);
    }

    [Fact]
    public void Context_stands_beside_matches_once()
    {
        place.With("a.txt", "1\n2\nx\n4\nx\n6\n7\n8\n9\nx\n");

        Assert.Equal(
            "a.txt-2-2\na.txt:3:x\na.txt-4-4\na.txt:5:x\na.txt-6-6\n--\na.txt-9-9\na.txt:10:x\n(3 matches in 1 file)",
            place.Call("grep", ("pattern", "x"), ("context", 1)).Output);
    }

    [Fact]
    public void What_is_too_much_is_counted()
    {
        place.With("a.txt", string.Concat(Enumerable.Repeat("x\n", 60))).With("b.txt", "x\nx\n");

        Assert.Equal(
            "a.txt:1:x\na.txt:2:x\n(2 of 62 matches in 2 files shown; narrow pattern, path or glob, or raise limit)",
            place.Call("grep", ("pattern", "x"), ("limit", 2)).Output);
        Assert.EndsWith(
            "a.txt:50:x\nb.txt:1:x\nb.txt:2:x\n(52 of 62 matches in 2 files shown; narrow pattern, path or glob, or raise limit)",
            place.Call("grep", ("pattern", "x")).Output);
        Assert.EndsWith("a.txt:60:x\n(60 matches in 1 file)", place.Call("grep", ("pattern", "x"), ("path", "a.txt")).Output);
    }

    [Fact]
    public void A_long_line_is_cut_around_its_match()
    {
        place.With("a.txt", new string('a', 5_000) + "NEEDLE" + new string('b', 5_000) + "\n");

        Assert.Equal(
            $"a.txt:1:…{new string('a', 100)}NEEDLE{new string('b', 394)}…\n(1 match in 1 file)",
            place.Call("grep", ("pattern", "NEEDLE")).Output);
    }

    [Fact]
    public void Lines_and_numbers_are_right_over_the_borders_of_blocks()
    {
        place.With("a.txt", string.Concat(Enumerable.Range(1, 200_000).Select(n => $"line {n}\n")));

        Assert.Equal(
            "a.txt:199999:line 199999\n(1 match in 1 file)", place.Call("grep", ("pattern", "line 199999$")).Output);
    }

    [Fact]
    public void A_pattern_that_explodes_ends_with_words()
    {
        place.With("a.txt", new string('a', 40) + "\n");

        Assert.Equal("a.txt:1:" + new string('a', 40) + "\n(1 match in 1 file)", place.Call("grep", ("pattern", "(a+)+(b|a)$")).Output);
        Assert.Contains("takes too long", place.Call("grep", ("pattern", @"^(a+)+\1b$")).Output);
    }

    [Theory]
    [InlineData("(", "no regular expression")]
    [InlineData("a\nb", "line end")]
    public void A_pattern_that_is_no_expression_says_why(string pattern, string why) =>
        Assert.Contains(why, place.Call("grep", ("pattern", pattern)).Output);

    [Fact]
    public void Files_that_a_rule_keeps_from_being_read_are_left_out()
    {
        place.With("open.txt", "x\n").With("secret.txt", "x\n");
        place.MayRead = path => !path.EndsWith("secret.txt", StringComparison.Ordinal);

        Assert.Equal("open.txt:1:x\n(1 match in 1 file)", place.Call("grep", ("pattern", "x")).Output);
        Assert.Equal("open.txt", place.Call("glob", ("pattern", "*.txt")).Output);
    }

    [Fact]
    public void A_link_to_a_file_elsewhere_is_not_looked_through()
    {
        place.With("dir/a.txt", "");
        using var elsewhere = new Scratch();
        File.WriteAllText(elsewhere.Path("secret"), "password\n");
        File.CreateSymbolicLink(place.Path("dir/link"), elsewhere.Path("secret"));

        Assert.StartsWith("No line", place.Call("grep", ("pattern", "password")).Output);
    }

    [Fact]
    public void With_and_without_ripgrep_the_results_are_the_same()
    {
        var path = Environment.GetEnvironmentVariable("PATH")!;
        Assert.SkipWhen(Programs.Find("rg", path) is null, "ripgrep is not on this machine's PATH");
        Tree();
        place.With("crlf.txt", "needle\r\nhay\r\n").With("ütf.txt", "ünï needle\n").With("-e", "needle\n");
        File.CreateSymbolicLink(place.Path("src/link"), "../top.txt");
        var calls = new (string, object)[][]
        {
            [("pattern", "needle$")], [("pattern", "needle"), ("glob", "*.txt")], [("pattern", "needle"), ("path", "src")],
            [("pattern", "needle"), ("path", "build")], [("pattern", "needle"), ("context", 2)], [("pattern", "(?<=u)p")],
            [("pattern", "-needle")], [("pattern", "nowhere")], [("pattern", "needle"), ("glob", ".github/**")], [("pattern", "n(?P<x>e+)d")],
        };

        foreach (var call in calls)
        {
            place.SearchPath = "/nowhere";
            var own = place.Call("grep", call);
            place.SearchPath = path;
            Assert.Equal(own, place.Call("grep", call));
        }
    }

    private void Tree()
    {
        place.With(".git/HEAD", "x needle").With(".git/info/exclude", "excluded\n").With("excluded", "needle")
            .With(".gitignore", "*.log\n!keep.log\n/build\nnode_modules/\n# comment\n\\#hash\nsrc/gen/*\n!src/gen/keep.gen\ntrail \n")
            .With("top.txt", "needle up\n").With("a.log", "needle").With("keep.log", "needle").With("build/out.txt", "needle")
            .With("src/build.txt", "needle").With("src/a.txt", "one\ntwo\nneedle\n").With("src/b.tmp", "needle")
            .With("src/.gitignore", "*.tmp\n").With("node_modules/x/i.js", "needle").With("#hash", "needle").With("trail", "needle")
            .With("src/gen/x.gen", "needle").With("src/gen/keep.gen", "needle").With(".github/ci.yml", "needle\n").With(".env", "needle");
    }

    private static List<string> Paths(ToolResult result) => [.. result.Output.Split('\n').Order(StringComparer.Ordinal)];
}
