using System.Text;
using Berth.Core.Tasks;
using Xunit;

namespace Berth.Tests.Core.Tasks;

public sealed class OutputCleanerTests
{
    [Theory]
    [InlineData("plain\ttext\nsecond", "plain\ttext\nsecond")]
    [InlineData("one\r\ntwo\r\n", "one\ntwo\n")]
    [InlineData("\e[1;31mred\e[0m text", "red text")]
    [InlineData("\e[38;2;1;2;3mx\e[mY", "xY")]
    [InlineData("\e[?25lhidden\e[?25h", "hidden")]
    [InlineData("\e]0;title\adone", "done")]
    [InlineData("\e]8;;https://example.com\e\\link\e]8;;\e\\", "link")]
    [InlineData("\eP1$r0m\e\\after", "after")]
    [InlineData("\e_app\e\\\e^pm\e\\\eXsos\e\\end", "end")]
    [InlineData("\e(Bascii\e=\e7\e8\eM", "ascii")]
    [InlineData("\u009b31mC1\u009b0m \u009d0;t\u009cx", "C1 x")]
    [InlineData("bell\a and \u0001\u0002\u007fmore", "bell and more")]
    [InlineData("10%\r50%\r100%\n", "100%\n")]
    [InlineData("10%\r50%", "50%")]
    [InlineData("10%\r50%\r", "50%")]
    [InlineData("Progress 100%\rok\n", "ok\n")]
    [InlineData("a\r\r\nb", "a\nb")]
    [InlineData("before\n1\r2\r3\nafter\n", "before\n3\nafter\n")]
    [InlineData("|\b/\b-\b\\\bdone", "done")]
    [InlineData("\U0001F642\bx", "x")]
    [InlineData("\b\bx", "x")]
    [InlineData("working\e[2K\e[1Gdone", "done")]
    [InlineData("working\r\e[Kdone", "done")]
    [InlineData("working\r\e[K", "")]
    [InlineData("kept\e[K", "kept")]
    [InlineData("a\0b", "a\u2400b")]
    [InlineData("\e]0;never closed\nnext line", "\nnext line")]
    [InlineData("\e[12\nx", "\nx")]
    [InlineData("\e[12éx", "éx")]
    [InlineData("\e[\e[31mx", "x")]
    [InlineData("ends in \e[3", "ends in ")]
    public void What_was_written_for_a_terminal_becomes_text(string written, string text)
    {
        Assert.Equal(text, Clean(written, written.Length));
        // Cut into single characters it means the same.
        Assert.Equal(text, Clean(written, 1));
    }

    [Fact]
    public void No_control_character_comes_through_however_the_input_looks()
    {
        var random = new Random(20260506);
        for (var round = 0; round < 2_000; round++)
        {
            var text = new string([.. Enumerable.Range(0, random.Next(1, 200)).Select(_ => (char)random.Next(0, 0xC0))]);
            var clean = Clean(text, random.Next(1, 50));
            Assert.DoesNotContain(clean, c => char.IsControl(c) && c is not ('\n' or '\t'));
            Assert.Equal(clean, Clean(text, text.Length));
        }
    }

    [Fact]
    public void A_line_longer_than_the_buffer_is_given_out_whole()
    {
        var line = string.Concat(Enumerable.Range(0, 30_000).Select(i => $"{i} "));

        Assert.Equal(line, Clean(line, 7_919));
        Assert.Equal(line + "\n", Clean(line + "\n", line.Length));
    }

    private static string Clean(string written, int piece)
    {
        var sink = new Kept();
        var cleaner = new OutputCleaner(sink);
        for (var at = 0; at < written.Length; at += piece)
        {
            cleaner.Add(written.AsSpan(at, Math.Min(piece, written.Length - at)));
        }

        cleaner.Complete();
        return sink.Text.ToString();
    }

    private sealed class Kept : ITextSink
    {
        public StringBuilder Text { get; } = new();

        public bool IsFull => false;

        public void Add(ReadOnlySpan<char> text) => Text.Append(text);
    }
}
