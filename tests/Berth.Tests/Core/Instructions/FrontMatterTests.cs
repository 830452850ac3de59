using Berth.Core.Instructions;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class FrontMatterTests
{
    [Fact]
    public void A_head_and_a_body_are_taken_apart()
    {
        var file = Parse("---\nname: tidy\ndescription: Keeps it tidy\n---\n\n# Tidy\n\nDo it.\n");

        Assert.Equal([("name", 2, "tidy"), ("description", 3, "Keeps it tidy")], file.Fields.Select(f => (f.Name, f.Line, f.Text)));
        Assert.Equal(("# Tidy\n\nDo it.", 5), (file.Body, file.BodyLine));
    }

    [Theory]
    [InlineData("Just text\n---\nmore\n", "Just text\n---\nmore")]
    [InlineData("", "")]
    [InlineData(" ---\nname: no\n---\n", "---\nname: no\n---")]
    public void Without_a_head_all_is_body(string text, string body)
    {
        var file = Parse(text);

        Assert.Empty(file.Fields);
        Assert.Equal(body, file.Body);
    }

    [Theory]
    [InlineData("a: plain", "plain")]
    [InlineData("a:   blanks around  ", "blanks around")]
    [InlineData("a: with # comment", "with")]
    [InlineData("a: C#code", "C#code")]
    [InlineData("a: Use it: always, \"so\"", "Use it: always, \"so\"")]
    [InlineData("a: one\n  two\n\n  three", "one two\nthree")]
    [InlineData("a:\n  below\n  it", "below it")]
    [InlineData("a: http://x.y/z:8", "http://x.y/z:8")]
    [InlineData("a:", "")]
    [InlineData("a: ~", "")]
    [InlineData("a: null", "")]
    [InlineData("a: \"x\\n\\\"y\\\" \\u00e4\\x41 # no\" # yes", "x\n\"y\" äA # no")]
    [InlineData("a: \"one\n  two\n\n  three\"", "one two\nthree")]
    [InlineData("a: \"\\e[31mred\\u202E\\r\"", "[31mred")]
    [InlineData("a: 'it''s \\n'", "it's \\n")]
    [InlineData("a: ''", "")]
    [InlineData("a: |\n  one\n    two\n\n  three\n", "one\n  two\n\nthree\n")]
    [InlineData("a: |-\n  one\n  two", "one\ntwo")]
    [InlineData("a: |+\n  one\n\n\nb: x", "one\n\n\n")]
    [InlineData("a: |2-\n    one", "  one")]
    [InlineData("a: >\n  one\n  two\n\n  three\n    deep\n  four\n", "one two\nthree\n  deep\nfour\n")]
    [InlineData("a: >- # folded\n  one\n  two\n", "one two")]
    [InlineData("a: |\nb: x", "")]
    [InlineData("A-b.c_D: x", "x")]
    [InlineData("# first\n\na: x # y", "x")]
    [InlineData("a: x\u0007y", "xy")]
    public void A_scalar_has_the_value_that_yaml_gives_it(string head, string value) =>
        Assert.Equal(value, Parse($"---\n{head}\n---\nbody").Fields[0].Text);

    [Theory]
    [InlineData("a: [one, \"two, too\", 'three']", "one|two, too|three")]
    [InlineData("a: [ one ,] # end", "one")]
    [InlineData("a: []", "")]
    [InlineData("a:\n  - one\n  - \"two\"\n\n  # no\n  - three # c\n    goes on", "one|two|three goes on")]
    [InlineData("a:\n- one\n- two\nb: x", "one|two")]
    [InlineData("a: Read, Grep , Glob", "Read|Grep|Glob")]
    [InlineData("a: one", "one")]
    [InlineData("a:", "")]
    public void A_list_is_written_in_several_ways(string head, string items) =>
        Assert.Equal(items, string.Join('|', Parse($"---\n{head}\n---").List("a")!));

    [Fact]
    public void A_mapping_within_a_field_is_passed_over()
    {
        var file = Parse("---\nmetadata:\n  a: 1\n  b:\n    - c\nflow: {x: 1,\n  y: 2}\nname: n\n---\n");

        Assert.Equal([("metadata", ""), ("flow", ""), ("name", "n")], file.Fields.Select(f => (f.Name, f.Text)));
    }

    [Theory]
    [InlineData("---\nname: x\n", "f.md:1:1: the front matter that begins here has no end: a line '---'")]
    [InlineData("---\nname: x\n  \nno field\n---\n", "f.md:4:1: expected 'name: value'")]
    [InlineData("---\nname:x\n---\n", "f.md:2:1: expected 'name: value'")]
    [InlineData("---\n  name: x\n---\n", "f.md:2:1: an indented line that belongs to no field")]
    [InlineData("---\na: 1\nb: 2\nA: 3\n---\n", "f.md:4:1: 'a' is there twice")]
    [InlineData("---\na: &x y\n---\n", "f.md:2:4: a value that begins with '&' must be quoted")]
    [InlineData("---\na:\n  - *x\n---\n", "f.md:3:5: a value that begins with '*' must be quoted")]
    [InlineData("---\na: !!binary x\n---\n", "f.md:2:4: a value that begins with '!' must be quoted")]
    [InlineData("---\na: \"x\n---\n", "f.md:2:6: the quotation has no closing \"")]
    [InlineData("---\na: 'x' y\n---\n", "f.md:2:8: text behind the value")]
    [InlineData("---\na: \"\\q\"\n---\n", "f.md:2:7: an escape that is not known; a backslash is written twice")]
    [InlineData("---\na: [x, y\n---\n", "f.md:2:9: the list has no ']' on its line")]
    [InlineData("---\na: [x, {y: 1}]\n---\n", "f.md:2:8: expected an item: a word or a quoted text")]
    [InlineData("---\na: [\"x\" \"y\"]\n---\n", "f.md:2:9: expected ',' or ']'")]
    [InlineData("---\na: |x\n  y\n---\n", "f.md:2:4: expected a block scalar: '|' or '>'")]
    [InlineData("---\na: |\n    one\n  two\n---\n", "f.md:4:3: a line that is less indented than the block's first one")]
    [InlineData("---\na:\n\t- x\n---\n", "f.md:3:1: a tab in the indentation; use blanks")]
    public void What_does_not_hold_is_named_with_its_place(string text, string problem)
    {
        Assert.Null(FrontMatter.Parse(text, "f.md", out var found));
        Assert.Equal(problem, found!.ToString());
    }

    [Fact]
    public void No_text_breaks_it()
    {
        const string Alphabet = "-ab:\n\n  \t\"'\\|>+[]{},#&*!~\u0007\ud800\u00e4";
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var text = "---\n" + string.Create(random.Next(60), random, static (span, r) =>
            {
                foreach (ref var c in span)
                {
                    c = Alphabet[r.Next(Alphabet.Length)];
                }
            }) + "\n---\nbody";

            var file = FrontMatter.Parse(text, "f.md", out var problem);

            Assert.True(file is null != problem is null, $"seed {seed}");
            Assert.True(problem is null || problem.Line <= text.Split('\n').Length, $"seed {seed}");
        }
    }

    private static FrontMatter Parse(string text)
    {
        var file = FrontMatter.Parse(text, "f.md", out var problem);
        Assert.Null(problem?.ToString());
        return file!;
    }
}
