using System.Text;
using System.Text.Json;
using Berth.Core.Models;
using Xunit;

namespace Berth.Tests.Core.Models;

public sealed class PieceBufferTests
{
    private readonly PieceBuffer _pieces = new();

    [Fact]
    public void What_has_arrived_is_one_piece()
    {
        Add("\"one \"");
        Add("\"two\"");

        Assert.Equal([new TextPiece("one two")], Take());
    }

    [Fact]
    public void Reasoning_and_text_keep_their_order()
    {
        Add("\"hm\"", isReasoning: true);
        Add("\"a\"");
        Add("\"well\"", isReasoning: true);

        Assert.Equal([new ReasoningPiece("hm"), new TextPiece("a"), new ReasoningPiece("well")], Take());
    }

    [Fact]
    public void Half_an_emoji_waits_for_its_other_half()
    {
        Add("""
            "a\ud83d"
            """);
        Assert.Equal([new TextPiece("a")], Take());
        Assert.Empty(Take());
        Add("""
            "\ude00b"
            """);

        Assert.Equal([new TextPiece("😀b")], Take());
    }

    [Fact]
    public void Half_an_emoji_that_stays_alone_is_replaced_at_the_end()
    {
        Add("""
            "a\ud83d"
            """);
        Assert.Equal([new TextPiece("a")], Take());
        _pieces.End();

        Assert.Equal([new TextPiece("\uFFFD")], Take());
    }

    [Fact]
    public void A_huge_piece_passes_whole_and_leaves_no_trace()
    {
        var huge = new string('x', 1_000_000);
        Add($"\"{huge}\"");
        Assert.Equal([new TextPiece(huge)], Take());
        Add("\"y\"");

        Assert.Equal([new TextPiece("y")], Take());
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"\"")]
    public void What_is_no_text_adds_nothing(string json)
    {
        Add(json);

        Assert.False(_pieces.Any);
        Assert.Empty(Take());
    }

    private void Add(string json, bool isReasoning = false)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        _pieces.Add(ref reader, isReasoning);
    }

    private List<ModelPiece> Take()
    {
        var taken = new List<ModelPiece>();
        while (_pieces.TryTake(out var piece))
        {
            taken.Add(piece);
        }

        return taken;
    }
}
