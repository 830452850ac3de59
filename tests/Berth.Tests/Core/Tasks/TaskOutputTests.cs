using System.Globalization;
using System.Text;
using Berth.Core.Tasks;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Tasks;

public sealed class TaskOutputTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string OutputFile => _scratch.Path("42.out");

    private TaskOutput Output => TaskOutput.Of(OutputFile);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Short_output_is_given_whole()
    {
        Write("one\ntwo\n");

        Assert.Equal(new OutputText("one\ntwo\n", 0, 8), Output.Read());
    }

    [Fact]
    public void Output_that_is_gone_reads_as_empty()
    {
        Assert.Equal(new OutputText("", 0, 0), Output.Read());
        Assert.Null(Output.LastLine());
        Assert.Equal("", Output.Tail(100));
        Assert.Equal(0, Output.Bytes);
    }

    [Theory]
    [InlineData("line of output {0}\n")]
    [InlineData("\U0001F642 größer {0}\n")]
    [InlineData("{0} ")]
    public void Long_output_is_head_and_tail_with_the_exact_count_between_and_the_file_named(string piece)
    {
        var all = string.Concat(Enumerable.Range(1, 20_000).Select(i => piece.Replace("{0}", $"{i}", StringComparison.Ordinal)));
        Write(all);

        var read = Output.Read();

        var (head, omitted, tail) = Parts(read.Text);
        Assert.Equal(read.Omitted, omitted);
        head = all.StartsWith(head + "\n", StringComparison.Ordinal) ? head + "\n" : head;
        Assert.StartsWith(head, all, StringComparison.Ordinal);
        Assert.EndsWith(tail, all, StringComparison.Ordinal);
        Assert.Equal(Characters(all), Characters(head) + read.Omitted + Characters(tail));
        Assert.InRange(read.Text.Length, 20_000, 30_000);
    }

    [Fact]
    public void The_count_is_exact_also_where_the_output_had_to_be_cleaned()
    {
        Write(string.Concat(Enumerable.Repeat("\e[32m10%\r100%\e[0m\n", 50_000)));

        var read = Output.Read();

        var (head, omitted, tail) = Parts(read.Text);
        Assert.Equal(50_000 * 5, Characters(head) + 1 + omitted + Characters(tail));
    }

    [Fact]
    public void A_character_that_is_split_over_two_writes_is_whole()
    {
        var bytes = Encoding.UTF8.GetBytes("grün 漢 \U0001F642!");
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            File.WriteAllBytes(OutputFile, bytes[..cut]);
            var first = Output.Read(ended: false);
            File.WriteAllBytes(OutputFile, bytes);
            var second = Output.Read(first.Next);

            Assert.Equal("grün 漢 \U0001F642!", first.Text + second.Text);
        }
    }

    [Fact]
    public void A_control_sequence_that_is_split_over_two_writes_is_left_out()
    {
        const string written = "a\e[31mb\e]0;title\ac";
        for (var cut = 0; cut <= written.Length; cut++)
        {
            Write(written[..cut]);
            var first = Output.Read(ended: false);
            Write(written);

            Assert.Equal("abc", first.Text + Output.Read(first.Next).Text);
        }
    }

    [Fact]
    public void A_character_that_never_came_whole_is_replaced_when_the_command_has_ended()
    {
        File.WriteAllBytes(OutputFile, [.. "ok "u8, 0xC3]);
        Assert.Equal("ok \uFFFD", Output.Read().Text);

        File.WriteAllBytes(OutputFile, [.. "some text that is long enough "u8, 0xFF, .. " more\n"u8]);
        Assert.Equal("some text that is long enough \uFFFD more\n", Output.Read().Text);
    }

    [Fact]
    public void Reading_on_gives_only_what_is_new()
    {
        Write("one\n");
        var first = Output.Read(ended: false);
        File.AppendAllText(OutputFile, "two\n");
        var second = Output.Read(first.Next, ended: false);
        var third = Output.Read(second.Next, ended: false);

        Assert.Equal(("one\n", "two\n", ""), (first.Text, second.Text, third.Text));
    }

    [Fact]
    public void Output_that_the_command_made_shorter_is_read_from_its_beginning()
    {
        Write("a long line\n");
        var first = Output.Read();
        Write("new\n");

        Assert.Equal("new\n", Output.Read(first.Next).Text);
    }

    [Fact]
    public void Binary_output_is_named_as_such()
    {
        var bytes = new byte[10_000];
        new Random(1).NextBytes(bytes);
        File.WriteAllBytes(OutputFile, bytes);

        Assert.Equal($"[binary output: 10000 bytes, in {OutputFile}]", Output.Read().Text);
        Assert.Equal($"[binary output: 10000 bytes, in {OutputFile}]", Output.Tail(100));
        Assert.Equal($"[binary output: 10000 bytes, in {OutputFile}]", Output.Page(1, 10).Problem);
    }

    [Fact]
    public void Text_that_is_parted_by_nulls_is_no_binary_output()
    {
        Write("src/a.cs\0src/b.cs\0");

        Assert.Equal("src/a.cs\u2400src/b.cs\u2400", Output.Read().Text);
    }

    [Theory]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("one\ntwo\n\n  \n", "two")]
    [InlineData("10%\r\e[32m100%\e[0m\r\n", "100%")]
    [InlineData("  indented\tline  ", "indented line")]
    [InlineData("\n\n", null)]
    public void The_last_line_is_the_last_that_says_something(string written, string? line)
    {
        Write(written);

        Assert.Equal(line, Output.LastLine());
    }

    [Fact]
    public void The_end_of_large_output_begins_with_a_line_and_is_as_short_as_asked()
    {
        Write(string.Concat(Enumerable.Range(1, 100_000).Select(i => $"größer {i}\n")));

        var tail = Output.Tail(8_000);

        Assert.InRange(tail.Length, 7_900, 8_000);
        Assert.StartsWith("größer 99", tail, StringComparison.Ordinal);
        Assert.EndsWith("größer 100000\n", tail, StringComparison.Ordinal);
        Assert.Equal(["größer 99999", "größer 1000…"], Output.LastLines(2, 12));
    }

    [Fact]
    public void A_page_is_the_lines_asked_for()
    {
        Write(string.Concat(Enumerable.Range(1, 1_000).Select(i => $"line {i}\n")) + "the last");

        Assert.Equal(new OutputPage("line 1\nline 2\n", 1, 2, More: true), Output.Page(1, 2));
        Assert.Equal(new OutputPage("line 500\n", 500, 500, More: true), Output.Page(500, 1));
        Assert.Equal(new OutputPage("line 1000\nthe last\n", 1000, 1001, More: false), Output.Page(1000, 10));
        Assert.Equal(new OutputPage("", 0, 0, More: false), Output.Page(2_000, 10));
    }

    [Fact]
    public void A_page_that_would_be_too_large_ends_early_and_says_so()
    {
        Write(string.Concat(Enumerable.Range(1, 100).Select(i => new string('x', 1_000) + "\n")) + new string('y', 1_000_000));

        var page = Output.Page(1, 200);

        Assert.True(page.More);
        Assert.InRange(page.Text.Length, 28_000, 30_000);
        Assert.Equal(page.Text.Count(c => c == '\n'), page.Last);
        Assert.Equal(new string('y', 4_000) + " [… 996000 more characters]\n", Output.Page(101, 1).Text);
    }

    [Fact]
    public void A_filter_gives_the_lines_that_match()
    {
        Write("ok 1\nERROR one\nok 2\n\e[31mERROR\e[0m two\n");

        Assert.Equal(new OutputPage("ERROR one\nERROR two\n", 2, 4, More: false), Output.Filter("^ERROR"));
        Assert.Equal(new OutputPage("ERROR one\n", 2, 2, More: true), Output.Filter("ERROR", limit: 1));
        Assert.Equal(new OutputPage("", 0, 0, More: false), Output.Filter("nothing"));
        Assert.ThrowsAny<ArgumentException>(() => Output.Filter("(unclosed"));
    }

    [Fact]
    public void A_filter_that_would_take_for_ever_is_given_up_with_words()
    {
        Write(new string('a', 3_000) + "!\n");

        Assert.Contains("takes too long", Output.Filter("^(a+)+$").Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_output_is_read_in_little_memory()
    {
        using (var writer = new StreamWriter(OutputFile))
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                writer.Write("forty characters of output in every line\n");
            }
        }

        Output.Read();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var read = Output.Read();

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
        var (head, omitted, tail) = Parts(read.Text);
        Assert.Equal(41_000_000, Characters(head) + 1 + omitted + Characters(tail));
    }

    // The text before the note (without the line end that stands before it), the note's count, and the text after it.
    private (string Head, long Omitted, string Tail) Parts(string text)
    {
        const string begin = "\n[… ";
        var end = $" characters left out here; the whole output is in {OutputFile} …]\n";
        var note = text.IndexOf(begin, StringComparison.Ordinal);
        var close = text.IndexOf(end, StringComparison.Ordinal);
        Assert.True(note > 0 && close > note, "the note stands in the text");
        var count = text[(note + begin.Length)..close];
        return (text[..note], long.Parse(count, CultureInfo.InvariantCulture), text[(close + end.Length)..]);
    }

    private static int Characters(string text) => text.EnumerateRunes().Count();

    private void Write(string text) => File.WriteAllText(OutputFile, text);
}
