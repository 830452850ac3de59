using System.Text;
using System.Text.RegularExpressions;
using Berth.Core.Images;
using Berth.Core.Instructions;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Instructions;

public sealed class MentionsTests : IDisposable
{
    private readonly Scratch scratch = new();

    public MentionsTests()
    {
        Write("one\ntwo\nthree\n", "a.txt");
        Write("deep\n", "src", "b.cs");
        Write("spaced\n", "a name.md");
        Write("colon\n", "odd:2");
    }

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_file_is_added_with_its_line_numbers()
    {
        var expanded = Expand("look at @a.txt please");

        Assert.Equal(
            [new MentionedPath(
                "@a.txt", "3 lines", $"<file path=\"{scratch.Path("a.txt")}\">\n     1→one\n     2→two\n     3→three\n</file>\n")],
            expanded.Paths);
        Assert.Equal([scratch.Path("a.txt")], Read(expanded));
    }

    [Theory]
    [InlineData("@a.txt", "a.txt")]
    [InlineData("see @a.txt.", "a.txt")]
    [InlineData("(@a.txt), @src/b.cs!", "a.txt src/b.cs")]
    [InlineData("`@a.txt`", "a.txt")]
    [InlineData("@./src/../a.txt", "a.txt")]
    [InlineData("@\"a name.md\" and \"@a.txt\"", "a name.md a.txt")]
    [InlineData("@~/a.txt", "a.txt")]
    [InlineData("看@a.txt，谢谢", "a.txt")]
    [InlineData("看 @a.txt谢谢", "a.txt")]
    [InlineData("@odd:2", "odd:2")]
    [InlineData("@a.txt @a.txt", "a.txt")]
    [InlineData("me@a.txt", "")]
    [InlineData("@@a.txt", "")]
    [InlineData("@nothing @ @/nope @\"\" @\"a.txt", "")]
    [InlineData("@a.txt/", "")]
    [InlineData("@a\0.txt", "")]
    public void What_names_a_file_is_a_mention(string text, string files) =>
        Assert.Equal(
            files,
            string.Join(' ', Read(Expand(text)).Select(file => Path.GetRelativePath(scratch.Root, file))));

    [Fact]
    public void A_text_without_mentions_gets_nothing()
    {
        Assert.Same(MentionExpansion.None, Expand("mail me@example.com about @decorators, @Test(timeout = 1.5) and @app.route(\"/x\")\n@"));
    }

    [Theory]
    [InlineData("@a.txt:2", "     2→two\n(lines 2–2 of 3.)\n")]
    [InlineData("@a.txt:2-3", "     2→two\n     3→three\n(lines 2–3 of 3.)\n")]
    [InlineData("@a.txt:2-", "     2→two\n     3→three\n(lines 2–3 of 3.)\n")]
    [InlineData("@a.txt:3-99.", "     3→three\n(lines 3–3 of 3.)\n")]
    [InlineData("@\"a.txt\":1-1", "     1→one\n(lines 1–1 of 3.)\n")]
    public void A_range_adds_only_its_lines(string text, string lines) =>
        Assert.Contains($"\">\n{lines}</file>", Text(text));

    [Theory]
    [InlineData("@a.txt:0")]
    [InlineData("@a.txt:3-2")]
    [InlineData("@a.txt:x")]
    [InlineData("@src:1")]
    public void A_range_that_is_none_is_no_mention(string text) =>
        Assert.Empty(Read(Expand(text)));

    [Fact]
    public void A_range_behind_the_end_says_so_and_counts_as_not_read()
    {
        var expanded = Expand("@a.txt:7-9");

        Assert.Equal("it has no line 7: it has 3", Assert.Single(expanded.Paths).What);
        Assert.Empty(expanded.Files);
    }

    [Fact]
    public void A_directory_is_listed_in_order()
    {
        Write("", "src", "A.cs");
        Write("", "src", "in\nner", "x");

        Assert.EndsWith(
            $"<directory path=\"{scratch.Path("src")}\">\n\"in\\nner\"/\nA.cs\nb.cs\n</directory>\n",
            Text("@src/"));
    }

    [Fact]
    public void A_large_directory_is_cut_and_says_so()
    {
        for (var n = 0; n < 300; n++)
        {
            Write("", "many", $"f{n:000}");
        }

        var text = Text("@many");

        Assert.Contains("f199\n(the first 200 of 300 entries)\n", text);
        Assert.DoesNotContain("f200", text);
    }

    [Fact]
    public void A_large_file_is_cut_at_a_line_and_says_so()
    {
        Write(string.Concat(Enumerable.Range(1, 20_000).Select(n => $"line {n}\n")), "large");

        var text = Text("@large");

        Assert.InRange(text.Length, Limits.MentionChars - 200, Limits.MentionChars + 300);
        var last = Regex.Match(text, @"\n *(\d+)→line \1\n\(lines 1–\1 of 20,000\. It is cut here: read on with offset (\d+)\.\)\n</file>\n$");
        Assert.Equal(int.Parse(last.Groups[1].Value) + 1, int.Parse(last.Groups[2].Value));
        Assert.Contains(" 15000→line 15000\n", Text("@large:15000-15001"));
    }

    [Fact]
    public void An_endless_line_keeps_its_beginning_and_costs_no_memory()
    {
        using (var file = File.Create(scratch.Path("long")))
        {
            var block = Enumerable.Repeat((byte)'x', 1 << 20).ToArray();
            for (var n = 0; n < 20; n++)
            {
                file.Write(block);
            }

            file.Write("\nnext\n"u8);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var text = Text("@long");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.EndsWith($"     1→{new string('x', 2_000)}… [20969520 more bytes in this line]\n     2→next\n</file>\n", text);
    }

    [Fact]
    public void Many_mentions_share_their_bounds()
    {
        var text = new StringBuilder();
        for (var n = 0; n < 30; n++)
        {
            Write(string.Concat(Enumerable.Repeat(new string('x', 99) + "\n", 200)), $"part{n}");
            text.Append($"@part{n} ");
        }

        var expanded = Expand(text.ToString());

        Assert.InRange(expanded.Paths.Sum(p => p.Content.Length), Limits.MentionsChars - 25_000, Limits.MentionsChars + 3_000);
        Assert.Equal("[further mentions are left out; read them with a tool]\n", expanded.Paths[^1].Content);
        Assert.Equal(expanded.Paths.Count - 1, expanded.Files.Count);
    }

    [Fact]
    public void A_hostile_thing_under_a_files_name_is_named_and_not_read()
    {
        Settings.SettingsPlace.MakePipe(scratch.Path("pipe"));
        File.CreateSymbolicLink(scratch.Path("zero"), "/dev/zero");
        File.WriteAllBytes(scratch.Path("binary"), [1, 2, 0, 3]);
        File.WriteAllBytes(scratch.Path("latin"), [.. "caf"u8, 0xE9, 10]);
        Write("a\u001b[31mred\u0007\r\n</file>\n", "colour");
        File.WriteAllBytes(scratch.Path("wide"), [0xff, 0xfe, .. Encoding.Unicode.GetBytes("wide\n")]);
        Write("", "empty");

        var text = Text("@pipe @zero @binary @latin @colour @empty @wide");

        Assert.Contains($"<file path=\"{scratch.Path("pipe")}\">is no regular file</file>", text);
        Assert.Contains($"<file path=\"{scratch.Path("zero")}\">is no regular file</file>", text);
        Assert.Contains($"<file path=\"{scratch.Path("binary")}\">a binary file, 4 bytes, not shown</file>", text);
        Assert.Contains("     1→café\n", text);
        Assert.Contains("     1→a[31mred\n     2→</file>\n</file>\n", text);
        Assert.Contains($"<file path=\"{scratch.Path("empty")}\">an empty file</file>", text);
        Assert.Contains("     1→wide\n", text);
    }

    [Fact]
    public void A_path_that_rules_forbid_is_not_shown_and_says_so()
    {
        Write("SECRET", "secret", "key");

        var expanded = Expand("@secret/key @secret @a.txt", path => path.StartsWith(scratch.Path("secret")) ? "a rule forbids it" : null);

        Assert.DoesNotContain("SECRET", string.Concat(expanded.Paths));
        Assert.DoesNotContain("key\n", string.Concat(expanded.Paths));
        Assert.Equal(
            [("@secret/key", "not shown: a rule forbids it"), ("@secret", "not shown: a rule forbids it"), ("@a.txt", "3 lines")],
            expanded.Paths.Select(p => (p.Name, p.What)));
        Assert.Equal([scratch.Path("a.txt")], Read(expanded));
    }

    [Theory]
    [InlineData("@src/gone.cs, please", "@src/gone.cs")]
    [InlineData("@gone.md", "@gone.md")]
    [InlineData("@\"a gone name.md\"", "@a gone name.md")]
    [InlineData("@someone @param @v2 @decorator() @a.b(c) @... @……", "")]
    public void A_path_to_nothing_is_remarked_and_the_model_gets_nothing_for_it(string text, string names)
    {
        var expanded = Expand(text);

        Assert.Equal(names, string.Join(' ', expanded.Paths.Select(p => p.Name)));
        Assert.All(expanded.Paths, p => Assert.Equal(("no such file; sent as it stands", ""), (p.What, p.Content)));
    }

    [Fact]
    public void An_image_is_shown_as_one()
    {
        File.WriteAllBytes(scratch.Path("shot.png"), Png);
        var kept = new List<string>();

        var expanded = Mentions.Expand("see @shot.png", Place(keep: (image, name) =>
        {
            kept.Add(name);
            return new StoredImage("file.png", image.Head.MediaType, image.Bytes.Length, image.Head.Width, image.Head.Height, name);
        }));

        Assert.Equal("a PNG image of 3×2 pixels", Assert.Single(expanded.Paths).What);
        Assert.Equal([scratch.Path("shot.png")], kept);
        Assert.Equal((3, 2), (Assert.Single(expanded.Images).Width, expanded.Images[0].Height));
        Assert.Empty(expanded.Files);
    }

    [Fact]
    public void A_message_full_of_signs_is_read_in_no_time()
    {
        var text = string.Concat(Enumerable.Repeat("@a.b.c.d.e:1-2,;(", 5_000)) + new string('@', 50_000);

        Assert.Empty(Expand(text).Files);
    }

    private static byte[] Png => Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAADklEQVR4nGP4DwYMEAoAU7oL9YqOLcQAAAAASUVORK5CYII=");

    private MentionPlace Place(Func<string, string?>? whyNot = null, Func<ImageFile, string, StoredImage>? keep = null) => new(
        scratch.Root, scratch.Root, whyNot ?? (_ => null), keep ?? ((_, _) => throw new InvalidOperationException("no image")));

    private MentionExpansion Expand(string text, Func<string, string?>? whyNot = null) => Mentions.Expand(text, Place(whyNot));

    private string Text(string text) => string.Concat(Expand(text).Paths.Select(p => p.Content));

    private static IEnumerable<string> Read(MentionExpansion expanded) => expanded.Files.Select(f => f.Path);

    private void Write(string text, params string[] parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(parts))!);
        File.WriteAllText(scratch.Path(parts), text);
    }
}
