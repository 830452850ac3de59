using System.Text;
using Berth.App;
using Berth.Protocol;
using Berth.Tty;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class KeyParserTests
{
    // What a terminal sends, and the keys it means, as the key map writes them; plain text stands in quotes.
    public static TheoryData<string, string> Sequences => new()
    {
        { "a", "'a'" },
        { "hello wörld", "'hello wörld'" },
        { "日本語 👩‍👩‍👧", "'日本語 👩‍👩‍👧'" },
        { "\r", "enter" },
        { "\n", "ctrl+j" },
        { "\t", "tab" },
        { "\x7f", "backspace" },
        { "\b", "ctrl+h" },
        { "\x01\x1a", "ctrl+a ctrl+z" },
        { "\0", "ctrl+space" },
        { "\x1f", "ctrl+_" },
        { "\x1b[A\x1b[B\x1b[C\x1b[D", "up down right left" },
        { "\x1bOA\x1bOH\x1bOF", "up home end" },
        { "\x1b[1;5C", "ctrl+right" },
        { "\x1b[1;3D", "alt+left" },
        { "\x1b[1;6A", "ctrl+shift+up" },
        { "\x1b[H\x1b[F\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "home end home end home end" },
        { "\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "insert delete pageup pagedown" },
        { "\x1b[3;5~", "ctrl+delete" },
        { "\x1b[Z", "shift+tab" },
        { "\x1bOP\x1b[15~\x1b[24~\x1b[[A", "f1 f5 f12 f1" },
        { "\x1b\r", "alt+enter" },
        { "\x1b" + "b\x1b" + "f\x1b\x7f", "alt+b alt+f alt+backspace" },
        { "\x1b" + "1", "alt+1" },
        { "\x1bé", "alt+é" },
        { "\x1b\x1b[A", "alt+up" },
        { "\x1b[13;2u", "shift+enter" },
        { "\x1b[27;2;13~", "shift+enter" },
        { "\x1b[27;5;13~", "ctrl+enter" },
        { "\x1b[99;5u", "ctrl+c" },
        { "\x1b[97;2u", "'A'" },
        { "\x1b[97u", "'a'" },
        { "\x1b[27u", "escape" },
        { "\x1b[127;3u", "alt+backspace" },
        { "\x1b[97;5:1u", "ctrl+a" },
        { "\x1b[97:65;6u", "ctrl+a" },
        { "\x1b[97;5:3u", "" },
        { "\x1b[13;65u", "enter" },
        { "\x1b[13;129u", "enter" },
        { "\x1b[57399u\x1b[57414u", "'0' enter" },
        { "\x1b[200~one\rtwo\r\nthree\x1b[201~x", "paste(one|two|three) 'x'" },
        { "\x1b[200~\x1b[31mred\x1b[0m \x1b[201\x1b[201~", "paste(\x1b[31mred\x1b[0m \x1b[201)" },
        { "\x1b[I\x1b[O", "" },
        { "\x1b[?2026;2$y", "" },
        { "\x1b[>1;4402;0c", "" },
        { "\x1b]11;rgb:0000/0000/0000\x1b\\a", "'a'" },
        { "\x1b]0;title\aa", "'a'" },
        { "\x1bP1+r544e\x1b\\b", "'b'" },
        { "\x1b[9999999999999999999999999999999999;5Ax", "ctrl+up 'x'" },
        { "\x1b[1;1;1;1;1;1;1;1;1;1;1;1;1Ax", "'x'" },
        { "\x1b[57358u", "" },
        { "\x1b[55296u\x1b[1114112u", "" },
        { "\x1b[1;9A", "" },
        { "\x1b[\x1b[A", "up" },
        { "\x1b[1;5\x03", "ctrl+c" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void Bytes_mean_keys(string bytes, string expected) => Assert.Equal(expected, Read(Encoding.UTF8.GetBytes(bytes)));

    [Theory]
    [MemberData(nameof(Sequences))]
    public void The_cuts_between_reads_change_nothing(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var parser = new KeyParser();
        var keys = new List<Key>();
        foreach (var b in bytes)
        {
            parser.Feed([b], keys);
        }

        Assert.Equal(expected, Describe(keys));
    }

    [Fact]
    public void A_lone_escape_is_a_key_when_nothing_follows()
    {
        var parser = new KeyParser();
        var keys = new List<Key>();
        parser.Feed("\x1b"u8, keys);
        Assert.Empty(keys);
        Assert.NotNull(parser.Patience);
        parser.Flush(keys);
        Assert.Equal("escape", Describe(keys));
        Assert.Null(parser.Patience);
    }

    [Theory]
    [InlineData("\x1b[", "alt+[")]
    [InlineData("\x1bO", "alt+o")]
    [InlineData("\x1b[1;", "")]
    [InlineData("\x1b]0;half a title", "")]
    public void What_stays_half_is_a_key_or_nothing(string bytes, string expected)
    {
        var parser = new KeyParser();
        var keys = new List<Key>();
        parser.Feed(Encoding.UTF8.GetBytes(bytes), keys);
        parser.Flush(keys);
        Assert.Equal(expected, Describe(keys));
        keys.Clear();
        parser.Feed("x"u8, keys);
        Assert.Equal("'x'", Describe(keys));
    }

    [Fact]
    public void A_paste_whose_end_never_comes_is_a_paste_after_a_while()
    {
        var parser = new KeyParser();
        var keys = new List<Key>();
        parser.Feed("\x1b[200~lost"u8, keys);
        Assert.Empty(keys);
        parser.Flush(keys);
        Assert.Equal("paste(lost)", Describe(keys));
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 }, "'\uFFFD('")]
    [InlineData(new byte[] { 0xFF, 0x41 }, "'\uFFFDA'")]
    [InlineData(new byte[] { 0xE2, 0x82, 0x0D }, "'\uFFFD' enter")]
    [InlineData(new byte[] { 0xED, 0xA0, 0x80 }, "'\uFFFD\uFFFD'")]
    [InlineData(new byte[] { 0xC2, 0x9B, 0x41 }, "'A'")]
    public void Broken_text_is_marked_and_nothing_is_lost_behind_it(byte[] bytes, string expected) =>
        Assert.Equal(expected, Read(bytes));

    [Fact]
    public void A_paste_is_kept_up_to_what_is_needed_to_refuse_it()
    {
        var parser = new KeyParser();
        var keys = new List<Key>();
        parser.Feed("\x1b[200~"u8, keys);
        parser.Feed(new byte[5_000_000].Select(_ => (byte)'x').ToArray(), keys);
        parser.Feed("\x1b[201~"u8, keys);
        Assert.Equal(Limits.LineBytes + 1, Assert.Single(keys).Text.Length);
    }

    [Fact]
    public void No_bytes_whatever_break_the_parser_or_leave_a_control_character()
    {
        var random = new Random(20260506);
        var parser = new KeyParser();
        var keys = new List<Key>();
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(1, 60)];
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] = random.Next(3) switch
                {
                    0 => (byte)random.Next(256),
                    1 => "\x1b[]OP;?<>:0123456789~u"u8[random.Next(22)],
                    _ => (byte)random.Next(32, 127),
                };
            }

            parser.Feed(bytes, keys);
            if (random.Next(3) == 0)
            {
                parser.Flush(keys);
            }
        }

        Assert.All(keys.Where(k => k.Code == KeyCode.Text), k => Assert.DoesNotContain(k.Text, char.IsControl));
    }

    private static string Read(byte[] bytes)
    {
        var parser = new KeyParser();
        var keys = new List<Key>();
        parser.Feed(bytes, keys);
        return Describe(keys);
    }

    private static string Describe(List<Key> keys)
    {
        var words = new List<string>();
        foreach (var key in keys)
        {
            // Text that came in several reads is one text.
            if (key.IsPlainText && words.Count > 0 && words[^1].StartsWith('\''))
            {
                words[^1] = words[^1][..^1] + key.Text + "'";
            }
            else
            {
                words.Add(key.IsPlainText ? $"'{key.Text}'"
                    : key.Code == KeyCode.Paste ? $"paste({key.Text.Replace('\n', '|')})"
                    : KeyMap.Name(key));
            }
        }

        return string.Join(' ', words);
    }
}
