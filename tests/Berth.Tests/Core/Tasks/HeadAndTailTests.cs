using System.Text;
using Berth.Core.Tasks;
using Xunit;

namespace Berth.Tests.Core.Tasks;

public sealed class HeadAndTailTests
{
    [Fact]
    public void What_is_kept_and_what_is_left_out_are_together_the_whole_text()
    {
        var random = new Random(20260506);
        for (var round = 0; round < 3_000; round++)
        {
            var text = RandomText(random);
            var parts = new HeadAndTail(random.Next(0, 40), random.Next(1, 40));
            for (var at = 0; at < text.Length;)
            {
                var piece = Math.Min(random.Next(1, 90), text.Length - at);
                parts.Add(text.AsSpan(at, piece));
                at += piece;
            }

            var (head, omitted, tail) = parts.Result();
            Assert.StartsWith(head, text, StringComparison.Ordinal);
            Assert.EndsWith(tail, text, StringComparison.Ordinal);
            Assert.Equal(Characters(text), Characters(head) + omitted + Characters(tail));
            Assert.Equal(omitted == 0, head.Length + tail.Length == text.Length);
            // No character is cut in two.
            Assert.Equal(head + tail, new UTF8Encoding(false, false).GetString(Encoding.UTF8.GetBytes(head + tail)));
        }
    }

    [Fact]
    public void A_text_that_has_room_is_kept_whole()
    {
        var parts = new HeadAndTail(3, 5);
        parts.Add("12345678");

        Assert.Equal(("12345678", 0L, ""), parts.Result());
    }

    [Fact]
    public void The_cut_is_at_ends_of_lines_where_they_are_near()
    {
        var parts = new HeadAndTail(10, 10);
        parts.Add("first\nsecond\nthird\nfourth\nfifth\n");

        Assert.Equal(("first\n", 20L, "fifth\n"), parts.Result());
    }

    private static int Characters(string text) => text.EnumerateRunes().Count();

    private static string RandomText(Random random)
    {
        string[] kinds = ["a", "b", "\n", "é", "漢", "\U0001F642", "\U0001F680"];
        return string.Concat(Enumerable.Range(0, random.Next(0, 120)).Select(_ => kinds[random.Next(kinds.Length)]));
    }
}
