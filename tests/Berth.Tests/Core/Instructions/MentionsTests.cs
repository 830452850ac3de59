using System.Text;
using Berth.Core.Instructions;
using Berth.Protocol;
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
    public void A_file_is_added_with_its_line_numbers_and_the_message_stays_as_it_is()
    {
        var expanded = Mentions.Expand("look at @a.txt please", scratch.Root);

        Assert.Equal(
            $"look at @a.txt please\n\n<file path=\"{scratch.Path("a.txt")}\">\n1\tone\n2\ttwo\n3\tthree\n</file>\n",
            expanded.Text);
        Assert.Equal([scratch.Path("a.txt")], expanded.Files);
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
            string.Join(' ', Mentions.Expand(text, scratch.Root, scratch.Root).Files
                .Select(file => Path.GetRelativePath(scratch.Root, file))));

    [Fact]
    public void A_text_without_mentions_comes_back_untouched()
    {
        const string Text = "mail me@example.com about @decorators\n@";

        Assert.Same(Text, Mentions.Expand(Text, scratch.Root).Text);
    }

    [Theory]
    [InlineData("@a.txt:2", "2\ttwo\n")]
    [InlineData("@a.txt:2-3", "2\ttwo\n3\tthree\n")]
    [InlineData("@a.txt:2-", "2\ttwo\n3\tthree\n")]
    [InlineData("@a.txt:3-99.", "3\tthree\n")]
    [InlineData("@\"a.txt\":1-1", "1\tone\n")]
    public void A_range_adds_only_its_lines(string text, string lines) =>
        Assert.Contains($"\">\n{lines}</file>", Mentions.Expand(text, scratch.Root).Text);

    [Theory]
    [InlineData("@a.txt:0")]
    [InlineData("@a.txt:3-2")]
    [InlineData("@a.txt:x")]
    [InlineData("@src:1")]
    public void A_range_that_is_none_is_no_mention(string text) =>
        Assert.Equal(text, Mentions.Expand(text, scratch.Root).Text);

    [Fact]
    public void A_range_behind_the_end_says_so_and_counts_as_not_read()
    {
        var expanded = Mentions.Expand("@a.txt:7-9", scratch.Root);

        Assert.Contains("\">it has no line 7</file>", expanded.Text);
        Assert.Empty(expanded.Files);
    }

    [Fact]
    public void A_directory_is_listed_in_order()
    {
        Write("", "src", "A.cs");
        Write("", "src", "in\nner", "x");

        Assert.EndsWith(
            $"<directory path=\"{scratch.Path("src")}\">\nA.cs\nb.cs\nin ner/\n</directory>\n",
            Mentions.Expand("@src/", scratch.Root).Text);
    }

    [Fact]
    public void A_large_directory_is_cut_and_says_so()
    {
        for (var n = 0; n < 300; n++)
        {
            Write("", "many", $"f{n:000}");
        }

        var text = Mentions.Expand("@many", scratch.Root).Text;

        Assert.Contains("f199\n[the first 200 of 300]\n", text);
        Assert.DoesNotContain("f200", text);
    }

    [Fact]
    public void A_large_file_is_cut_at_a_line_and_says_so()
    {
        Write(string.Concat(Enumerable.Range(1, 20_000).Select(n => $"line {n}\n")), "large");

        var text = Mentions.Expand("@large", scratch.Root).Text;

        Assert.InRange(text.Length, Limits.MentionChars - 200, Limits.MentionChars + 300);
        Assert.Matches(@"\n(\d+)\tline \1\n\[cut after line \1; the file has 208894 bytes\]\n</file>\n$", text);
        Assert.Contains("15000\tline 15000\n", Mentions.Expand("@large:15000-15001", scratch.Root).Text);
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
        var text = Mentions.Expand("@long", scratch.Root).Text;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000_000);
        Assert.EndsWith($"1\t{new string('x', 2_000)}… [the line goes on]\n2\tnext\n</file>\n", text);
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

        var expanded = Mentions.Expand(text.ToString(), scratch.Root);

        Assert.InRange(expanded.Text.Length, Limits.MentionsChars - 25_000, Limits.MentionsChars + 2_000);
        Assert.EndsWith("[further mentions are left out; read them with a tool]\n", expanded.Text);
    }

    [Fact]
    public void A_hostile_thing_under_a_files_name_is_named_and_not_read()
    {
        Settings.SettingsPlace.MakePipe(scratch.Path("pipe"));
        File.CreateSymbolicLink(scratch.Path("zero"), "/dev/zero");
        File.WriteAllBytes(scratch.Path("binary"), [1, 2, 0, 3]);
        File.WriteAllBytes(scratch.Path("latin"), [.. "caf"u8, 0xE9, 10]);
        Write("a\u001b[31mred\u0007\r\n</file>\n", "colour");
        Write("", "empty");

        var text = Mentions.Expand("@pipe @zero @binary @latin @colour @empty", scratch.Root).Text;

        Assert.Contains($"<file path=\"{scratch.Path("pipe")}\">is no regular file</file>", text);
        Assert.Contains($"<file path=\"{scratch.Path("zero")}\">is no regular file</file>", text);
        Assert.Contains($"<file path=\"{scratch.Path("binary")}\">a binary file of 4 bytes</file>", text);
        Assert.Contains("1\tcaf\uFFFD\n", text);
        Assert.Contains("1\ta[31mred\n2\t</file>\n</file>\n", text);
        Assert.Contains($"<file path=\"{scratch.Path("empty")}\">an empty file</file>", text);
    }

    [Fact]
    public void A_path_that_rules_forbid_is_not_shown_by_any_spelling()
    {
        Write("SECRET", "secret", "key");
        File.CreateSymbolicLink(scratch.Path("innocent"), "secret/key");

        var expanded = Mentions.Expand(
            "@secret/key @innocent @secret", scratch.Root, mayRead: path => !path.StartsWith(scratch.Path("secret")));

        Assert.DoesNotContain("SECRET", expanded.Text);
        Assert.DoesNotContain("<directory", expanded.Text);
        Assert.Contains($"<file path=\"{scratch.Path("innocent")}\">a permission rule forbids to read it</file>", expanded.Text);
        Assert.Empty(expanded.Files);
    }

    [Fact]
    public void A_message_full_of_signs_is_read_in_no_time()
    {
        var text = string.Concat(Enumerable.Repeat("@a.b.c.d.e:1-2,;(", 5_000)) + new string('@', 50_000);

        Assert.Same(text, Mentions.Expand(text, scratch.Root).Text);
    }

    private void Write(string text, params string[] parts)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(scratch.Path(parts))!);
        File.WriteAllText(scratch.Path(parts), text);
    }
}
