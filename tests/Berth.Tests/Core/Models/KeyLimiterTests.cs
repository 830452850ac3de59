using Berth.Core.Models;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Models;

/// <summary>Which request may pass, and when; told by a clock that a test holds.</summary>
public sealed class KeyLimiterTests : IDisposable
{
    private static readonly KeyLimits None = new(null, null, null);
    private static readonly KeyLimits One = new(1, null, null);
    private readonly HeldTime time = new();
    private readonly KeyLimiter limiter;

    public KeyLimiterTests() => limiter = new KeyLimiter(time);

    public void Dispose() => limiter.Dispose();

    [Fact]
    public void Without_limits_everybody_passes() =>
        Assert.All(Enumerable.Range(0, 100).Select(_ => Ask(None)), pass => Assert.True(Passes(pass)));

    [Fact]
    public async Task Only_so_many_are_in_flight_and_who_waits_is_told_for_what()
    {
        var (first, second) = (Ask(One), Ask(One));
        Assert.True(Passes(first));
        await using var waits = second.WaitAsync(CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await waits.MoveNextAsync());
        Assert.Equal(new WaitPiece(null, "1 of 1 requests are in flight (max_concurrent)"), waits.Current);

        first.Dispose();

        Assert.True(await waits.MoveNextAsync());
        Assert.Equal(WaitPiece.Over, waits.Current);
        Assert.False(await waits.MoveNextAsync());
    }

    [Fact]
    public void Who_leaves_while_it_waits_takes_nobodys_place()
    {
        var (first, second, third) = (Ask(One), Ask(One), Ask(One));

        second.Dispose();
        Assert.False(Passes(third));
        first.Dispose();
        first.Dispose();

        Assert.True(Passes(third));
        Assert.False(Passes(Ask(One)));
    }

    [Fact]
    public void The_foreground_goes_first_then_who_came_first()
    {
        var holds = Ask(One);
        var looked = false;
        var passes = new Dictionary<string, KeyPass>
        {
            ["a"] = Ask(One), ["b"] = Ask(One, () => looked), ["c"] = Ask(One, () => true), ["d"] = Ask(One),
        };

        // A terminal looks at b from now on.
        looked = true;
        Assert.Equal("b c a d", Order(holds, passes));
    }

    [Fact]
    public void Nobody_waits_for_ever_whoever_looks_at_others()
    {
        var holds = Ask(One);
        var passes = new Dictionary<string, KeyPass> { ["background"] = Ask(One) };
        for (var i = 1; i <= 6; i++)
        {
            passes[$"f{i}"] = Ask(One, () => true);
        }

        Assert.Equal("f1 f2 f3 background f4 f5 f6", Order(holds, passes));
    }

    [Fact]
    public void A_request_that_is_repeated_has_kept_its_place()
    {
        var place = limiter.Arrive();
        var holds = Ask(One);
        var passes = new Dictionary<string, KeyPass> { ["later"] = Ask(One), ["again"] = limiter.Ask(One, place, 0, () => false) };

        Assert.Equal("again later", Order(holds, passes));
    }

    [Fact]
    public void Requests_are_counted_for_a_minute()
    {
        var two = new KeyLimits(null, 2, null);
        Ask(two).Dispose();
        time.Advance(TimeSpan.FromSeconds(20));
        Ask(two).Dispose();
        var third = Ask(two);
        Assert.False(Passes(third));
        Assert.Equal(new WaitPiece(TimeSpan.FromSeconds(40), "2 requests a minute (requests_per_minute)"), Shown(third));

        time.Advance(TimeSpan.FromSeconds(39.9));
        Assert.False(Passes(third));
        time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.True(Passes(third));
    }

    [Fact]
    public void Tokens_are_counted_for_a_minute_estimated_first_and_then_as_the_provider_says()
    {
        var thousand = new KeyLimits(null, null, 1_000);
        var first = limiter.Ask(thousand, limiter.Arrive(), 600, () => false);
        var second = limiter.Ask(thousand, limiter.Arrive(), 600, () => false);
        Assert.True(Passes(first));
        Assert.False(Passes(second));
        Assert.Equal(new WaitPiece(TimeSpan.FromMinutes(1), "1,000 tokens a minute (tokens_per_minute)"), Shown(second));

        first.Used(new TokenCount(300, 100, 0));
        first.Dispose();
        Assert.True(Passes(second));

        // More than a minute allows at all passes alone.
        var huge = limiter.Ask(thousand, limiter.Arrive(), 50_000, () => false);
        Assert.False(Passes(huge));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(Passes(huge));
    }

    [Fact]
    public void A_pause_holds_everybody_and_then_one_shows_whether_the_server_answers_again()
    {
        limiter.Pause(TimeSpan.FromSeconds(12));
        var (first, second) = (Ask(None), Ask(None));
        Assert.False(Passes(first) || Passes(second));
        Assert.Equal(new WaitPiece(TimeSpan.FromSeconds(12), "the server asked to wait (Retry-After)"), Shown(second));

        time.Advance(TimeSpan.FromSeconds(12));
        Assert.True(Passes(first));
        Assert.False(Passes(second));

        // It is refused again, with a wait of its own.
        limiter.Pause(TimeSpan.FromSeconds(5));
        first.Dispose();
        Assert.False(Passes(second));
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(Passes(second));
        var third = Ask(None);
        Assert.False(Passes(third));
        second.Accepted();
        Assert.True(Passes(third));
    }

    [Fact]
    public void A_request_that_nobody_refuses_counts_as_taken_although_the_model_still_thinks()
    {
        limiter.Pause(TimeSpan.Zero);
        var (first, second) = (Ask(None), Ask(None));
        Assert.True(Passes(first));
        Assert.False(Passes(second));

        time.Advance(Limits.ModelProof);

        Assert.True(Passes(second));
    }

    [Fact]
    public async Task Whatever_comes_in_whatever_order_no_limit_is_passed_and_everybody_gets_through()
    {
        var most = 0;
        var now = 0;
        var three = new KeyLimits(3, null, null);
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var pass = limiter.Ask(three, limiter.Arrive(), 0, () => i % 3 == 0);
            await foreach (var _ in pass.WaitAsync(CancellationToken.None))
            {
            }

            var flying = Interlocked.Increment(ref now);
            InterlockedMax(ref most, flying);
            await Task.Yield();
            Interlocked.Decrement(ref now);
        })));

        Assert.InRange(most, 1, 3);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private KeyPass Ask(KeyLimits limits, Func<bool>? isForeground = null) =>
        limiter.Ask(limits, limiter.Arrive(), 0, isForeground ?? (() => false));

    private static bool Passes(KeyPass pass) => pass.IsAdmitted;

    private static WaitPiece? Shown(KeyPass pass)
    {
        var waits = pass.WaitAsync(CancellationToken.None).GetAsyncEnumerator();
        var first = waits.MoveNextAsync();
        return first.IsCompletedSuccessfully && first.Result ? waits.Current : null;
    }

    // Lets one after the other pass, and says in which order they did.
    private static string Order(KeyPass holds, Dictionary<string, KeyPass> passes)
    {
        var order = new List<string>();
        for (var leaving = holds; order.Count < passes.Count; leaving = passes[order[^1]])
        {
            leaving.Dispose();
            order.Add(Assert.Single(passes, p => p.Value.IsAdmitted && !order.Contains(p.Key)).Key);
        }

        return string.Join(' ', order);
    }
}
