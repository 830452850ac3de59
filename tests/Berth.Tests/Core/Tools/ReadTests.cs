using System.Text;
using Xunit;

namespace Berth.Tests.Core.Tools;

/// <summary>What the model gets from <c>read</c>.</summary>
public sealed class ReadTests : IDisposable
{
    private readonly ToolPlace place = new();

    public void Dispose() => place.Dispose();

    [Fact]
    public void Lines_come_with_their_numbers()
    {
        place.With("a.txt", "one\ntwo\r\n\nfour");

        var result = place.Call("read", ("path", "a.txt"));

        Assert.Equal("     1→one\n     2→two\n     3→\n     4→four\n", result.Output);
        Assert.Equal("4 lines", result.Summary);
    }

    [Fact]
    public void A_range_says_where_it_stands_and_where_to_go_on()
    {
        place.With("a.txt", string.Concat(Enumerable.Range(1, 5_000).Select(n => $"{n}\n")));

        Assert.Equal(
            "     3→3\n     4→4\n(lines 3–4 of 5,000. Go on with offset 5.)\n",
            place.Call("read", ("path", "a.txt"), ("offset", 3), ("limit", 2)).Output);
        Assert.EndsWith(
            "  2000→2000\n(lines 1–2000 of 5,000. Go on with offset 2001.)\n", place.Call("read", ("path", "a.txt")).Output);
        Assert.EndsWith(
            "  5000→5000\n(lines 4999–5000 of 5,000.)\n", place.Call("read", ("path", "a.txt"), ("offset", 4_999)).Output);
        Assert.Equal(
            "a.txt has 5,000 lines; line 5001 is behind its end.",
            place.Call("read", ("path", "a.txt"), ("offset", 5_001)).Output);
    }

    [Fact]
    public void A_long_line_is_cut_with_the_rest_counted()
    {
        place.With("a.txt", new string('x', 2_500) + "é\nshort\n");

        Assert.Equal(
            $"     1→{new string('x', 2_000)}… [502 more bytes in this line]\n     2→short\n",
            place.Call("read", ("path", "a.txt")).Output);
    }

    [Fact]
    public void A_cut_never_halves_a_character()
    {
        place.With("a.txt", new string('x', 1_999) + "🚢🚢");

        Assert.Equal(
            $"     1→{new string('x', 1_999)}… [8 more bytes in this line]\n", place.Call("read", ("path", "a.txt")).Output);
    }

    [Fact]
    public void A_huge_file_without_line_ends_takes_little_memory()
    {
        using (var file = File.Create(place.Path("huge.txt")))
        {
            var block = new byte[1024 * 1024];
            Array.Fill(block, (byte)'x');
            for (var i = 0; i < 200; i++)
            {
                file.Write(block);
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var result = place.Call("read", ("path", "huge.txt"));

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 4_000_000, "the file was held in memory");
        Assert.EndsWith("… [209713200 more bytes in this line]\n", result.Output);
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void A_byte_order_mark_is_understood_and_not_shown(string encoding)
    {
        var text = Encoding.GetEncoding(encoding);
        place.With("a.txt", [.. text.GetPreamble(), .. text.GetBytes("ünï 🚢\ntwo\n")]);

        Assert.StartsWith("     1→ünï 🚢\n     2→two\n", place.Call("read", ("path", "a.txt")).Output);
    }

    [Fact]
    public void Utf16_is_whole_over_the_borders_of_blocks()
    {
        var line = string.Concat(Enumerable.Repeat("🚢", 999)) + "\n";
        place.With("a.txt", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(string.Concat(Enumerable.Repeat(line, 40)))]);

        var lines = place.Call("read", ("path", "a.txt")).Output.Split('\n');

        Assert.All(lines[..40], (seen, i) => Assert.Equal($"{i + 1,6}→{line.TrimEnd('\n')}", seen));
    }

    [Fact]
    public void An_old_text_in_Latin1_is_named_and_shown()
    {
        place.With("a.txt", [.. "caf"u8, 0xe9, .. "\n"u8]);

        Assert.Equal("     1→café\n(Latin-1)\n", place.Call("read", ("path", "a.txt")).Output);
    }

    public static TheoryData<byte[], string> Binaries { get; } = new()
    {
        { [0x89, .. "PNG\r\n"u8, 0x1a, 0x0a, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 2, 128, 0, 0, 1, 224, 8, 6], "a PNG image of 640×480 pixels" },
        { [.. "GIF89a"u8, 64, 1, 200, 0, 0, 0], "a GIF image of 320×200 pixels" },
        {
            [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc2, 0, 17, 8, 0x01, 0xe0, 0x02, 0x80, 3, 0, 0],
            "a JPEG image of 640×480 pixels"
        },
        {
            [.. "RIFF"u8, 0, 0, 0, 0, .. "WEBPVP8X"u8, 10, 0, 0, 0, 0, 0, 0, 0, 0x7f, 2, 0, 0xdf, 1, 0],
            "a WebP image of 640×480 pixels"
        },
        { [.. "GIF89a"u8], "a GIF image" },
        { [0x7f, .. "ELF"u8, 0, 0], "an ELF program or library" },
        { [.. "%PDF-1.7\nx"u8], "a PDF document" },
        { [1, 2, 3, 0], "a binary file" },
    };

    [Theory]
    [MemberData(nameof(Binaries))]
    public void What_is_no_text_is_named_with_its_size(byte[] bytes, string kind)
    {
        place.With("file", bytes);

        Assert.StartsWith($"file is {kind}, {bytes.Length} bytes", place.Call("read", ("path", "file")).Output);
    }

    [Fact]
    public void An_empty_file_and_a_directory_say_so()
    {
        place.With("dir/b.txt", "").With("dir/sub/x", "").With("dir/a.txt", "");

        Assert.Equal("(dir/a.txt is empty)", place.Call("read", ("path", "dir/a.txt")).Output);
        Assert.Equal("a.txt\nb.txt\nsub/", place.Call("read", ("path", "dir")).Output);
        Assert.Equal("b.txt\n(1 of 3 entries, from offset 2)", place.Call("read", ("path", "dir"), ("offset", 2), ("limit", 1)).Output);
    }

    [Fact]
    public void A_missing_file_is_told_with_the_nearest_names()
    {
        place.With("src/parser.ts", "").With("src/printer.ts", "").With("other/x", "");

        Assert.Equal(
            "There is no file src/parser.js. Did you mean src/parser.ts?", place.Call("read", ("path", "src/parser.js")).Output);
        Assert.Equal(
            "There is no file sorc/a/parser.ts. There is no sorc either. Did you mean src?",
            place.Call("read", ("path", "sorc/a/parser.ts")).Output);
        Assert.Equal("There is no file zzz.", place.Call("read", ("path", "zzz")).Output);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("/dev/tty")]
    public void A_device_is_never_read(string path) => Assert.Contains("device", place.Call("read", ("path", path)).Output);

    [Fact]
    public async Task A_pipe_without_a_writer_holds_nobody()
    {
        place.WithPipe("pipe");

        var result = await place.CallAsync("read", default, ("path", "pipe")).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(result.Ok);
        Assert.Contains("pipe", result.Output);
    }

    [Fact]
    public void The_files_of_the_kernel_are_read_although_they_claim_to_be_empty() =>
        Assert.StartsWith("     1→Name:", place.Call("read", ("path", "/proc/self/status")).Output);

    [Fact]
    public void A_name_with_a_line_end_stays_one_line()
    {
        place.With("dir/a\nsrc", "");

        Assert.Equal("\"a\\nsrc\"", place.Call("read", ("path", "dir")).Output);
        Assert.Equal("(\"dir/a\\nsrc\" is empty)", place.Call("read", ("path", "dir/a\nsrc")).Output);
    }

    [Fact]
    public void A_link_without_end_is_refused()
    {
        File.CreateSymbolicLink(place.Path("loop"), "loop");

        Assert.False(place.Call("read", ("path", "loop")).Ok);
    }
}
