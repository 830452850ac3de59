using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Berth.Core.Agent;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Agent;

/// <summary>A model's words become events: the first at once, the rest gathered for a while, none lost.</summary>
public sealed class AnswerEventsTests
{
    private readonly HeldTime time = new();
    private readonly Channel<ModelPiece> pieces = Channel.CreateUnbounded<ModelPiece>();
    private bool isLeft;

    [Fact]
    public async Task The_first_word_comes_at_once_and_the_next_are_gathered()
    {
        await using var events = Events();
        Say("one ");
        Assert.Equal("one ", await TextAsync(events));

        Say("two ");
        Say("three ");
        var next = TextAsync(events);
        await time.PassAsync(Limits.ChunkInterval);
        Assert.Equal("two three ", await next);
    }

    [Fact]
    public async Task Reasoning_and_text_are_never_mixed()
    {
        await using var events = Events();
        pieces.Writer.TryWrite(new ReasoningPiece("hm"));
        pieces.Writer.TryWrite(new ReasoningPiece("m"));
        pieces.Writer.TryWrite(new TextPiece("so"));
        pieces.Writer.TryWrite(new AnswerPiece("stop", [], new TokenCount(1, 2, 0)));

        var all = await RestAsync(events);
        Assert.Equal([new ReasoningAdded("hm"), new ReasoningAdded("m"), new TextAdded("so")], all[..^1]);
        Assert.Equal(new Usage(1, 2), Assert.IsType<StepEnded>(all[^1]).Usage);
    }

    [Fact]
    public async Task A_wait_for_the_limits_of_the_key_is_an_event_and_so_is_its_end()
    {
        await using var events = Events();
        pieces.Writer.TryWrite(new WaitPiece(TimeSpan.FromSeconds(12), "the server asked to wait"));
        pieces.Writer.TryWrite(new WaitPiece(null, "1 of 1 requests are in flight"));
        pieces.Writer.TryWrite(WaitPiece.Over);
        pieces.Writer.TryWrite(new AnswerPiece("stop", [], new TokenCount(1, 2, 0)));

        Assert.Equal(
            [new StepWaiting(12_000, "the server asked to wait"), new StepWaiting(null, "1 of 1 requests are in flight"), new StepWaiting(null, null)],
            (await RestAsync(events))[..^1]);
    }

    [Fact]
    public async Task What_is_gathered_when_the_stream_breaks_is_given_before_the_failure()
    {
        await using var events = Events();
        Say("one ");
        Assert.Equal("one ", await TextAsync(events));
        Say("two");
        pieces.Writer.Complete(new ModelFailure("broken"));

        Assert.Equal("two", await TextAsync(events));
        await Assert.ThrowsAsync<ModelFailure>(async () => await events.MoveNextAsync());
    }

    [Fact]
    public async Task Left_while_a_piece_is_on_its_way_it_ends_the_call_and_waits_for_its_end()
    {
        var events = Events();
        Say("one ");
        Assert.Equal("one ", await TextAsync(events));
        Say("two");
        var next = TextAsync(events);
        await time.PassAsync(Limits.ChunkInterval);
        Assert.Equal("two", await next);

        // Nobody has cancelled: the disk is full, and the turn cannot go on.
        await events.DisposeAsync();

        Assert.True(isLeft);
    }

    private void Say(string text) => pieces.Writer.TryWrite(new TextPiece(text));

    private IAsyncEnumerator<SessionEvent> Events() =>
        new AnswerEvents(time).OfAsync(PiecesAsync(), CancellationToken.None).GetAsyncEnumerator();

    private async IAsyncEnumerable<ModelPiece> PiecesAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            await foreach (var piece in pieces.Reader.ReadAllAsync(cancellation))
            {
                yield return piece;
            }
        }
        finally
        {
            isLeft = true;
        }
    }

    private static async Task<string> TextAsync(IAsyncEnumerator<SessionEvent> events)
    {
        Assert.True(await events.MoveNextAsync());
        return Assert.IsType<TextAdded>(events.Current).Text;
    }

    private static async Task<List<SessionEvent>> RestAsync(IAsyncEnumerator<SessionEvent> events)
    {
        var all = new List<SessionEvent>();
        while (await events.MoveNextAsync())
        {
            all.Add(events.Current);
        }

        return all;
    }
}
