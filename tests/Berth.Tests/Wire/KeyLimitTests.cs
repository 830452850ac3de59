using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>Requests of several sessions with one key, over the real wire.</summary>
public sealed class KeyLimitTests : IDisposable
{
    private readonly HeldTime time = new();
    private readonly ModelTable models;

    public KeyLimitTests() => models = new ModelTable(time, () => 0);

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task What_a_server_asks_one_session_to_wait_is_waited_by_all_with_its_key_and_by_no_other()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(429, "slow down").WithHeader("Retry-After", "12")).Answers("Here.").Answers("Here.").Answers("Here.");
        var settings = WireTest.Settings(server.BaseUrl);
        await using var refused = models.Create(settings, "key-one").AnswerAsync(WireTest.Ask("a"), default).GetAsyncEnumerator();
        Assert.True(await refused.MoveNextAsync());
        Assert.Equal(TimeSpan.FromSeconds(12), Assert.IsType<RetryPiece>(refused.Current).Wait);

        await using var waiting = models.Create(settings with { Name = "other" }, "key-one").AnswerAsync(WireTest.Ask("b"), default).GetAsyncEnumerator();
        Assert.True(await waiting.MoveNextAsync());
        Assert.Equal(new WaitPiece(TimeSpan.FromSeconds(12), "the server asked to wait (Retry-After)"), waiting.Current);
        Assert.Equal("Here. | stop", (await models.Create(settings, "key-two").HearAsync(WireTest.Ask("c"))).ToString());
        Assert.Equal(2, server.Count);

        // The one that was refused and the one that waits wait the same time once, not one after the other.
        var again = refused.MoveNextAsync().AsTask();
        await time.PassAsync(TimeSpan.FromSeconds(12));
        Assert.Equal("Here.", await TextAsync(waiting));
        Assert.True(await again);
        Assert.Equal("Here.", (refused.Current as TextPiece)?.Text ?? await TextAsync(refused));
        Assert.Equal(4, server.Count);
    }

    [Fact]
    public async Task With_max_concurrent_one_request_is_in_flight_until_its_answer_is_whole()
    {
        await using var server = ScriptedModelServer.Start();
        var gate = new ModelGate();
        server.Answers(ModelScript.Text("One ").HoldFor(gate).ThenText("more.")).Answers("Two.");
        var model = models.Create(WireTest.Settings(server.BaseUrl) with { MaxConcurrent = 1 }, null);
        var first = model.HearAsync(WireTest.Ask("a"));
        await gate.Reached;

        var second = model.HearAsync(WireTest.Ask("b"));
        Assert.Equal(1, server.Count);
        gate.Open();

        Assert.Equal("One more. | stop", (await first).ToString());
        Assert.Equal("Two. | stop", (await second).ToString());
        Assert.Equal(["1 of 1 requests are in flight (max_concurrent)", null], (await second).Waits.Select(w => w.Why));
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_and_holds_nobody_up()
    {
        await using var server = ScriptedModelServer.Start();
        var gate = new ModelGate();
        server.Answers(ModelScript.Text("One ").HoldFor(gate)).Answers("Three.");
        var model = models.Create(WireTest.Settings(server.BaseUrl) with { MaxConcurrent = 1 }, null);
        var first = model.HearAsync(WireTest.Ask("a"));
        await gate.Reached;
        using var cancel = new CancellationTokenSource();
        await using var second = model.AnswerAsync(WireTest.Ask("b"), cancel.Token).GetAsyncEnumerator();
        Assert.True(await second.MoveNextAsync());
        var next = second.MoveNextAsync();
        var third = model.HearAsync(WireTest.Ask("c"));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        gate.Open();

        Assert.Equal("One  | stop", (await first).ToString());
        Assert.Equal("Three. | stop", (await third).ToString());
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public async Task A_session_that_a_person_looks_at_goes_before_one_that_came_earlier()
    {
        await using var server = ScriptedModelServer.Start();
        var gate = new ModelGate();
        server.Answers(ModelScript.Text("One").HoldFor(gate)).Answers("Two.").Answers("Three.");
        var settings = WireTest.Settings(server.BaseUrl) with { MaxConcurrent = 1 };
        var first = models.Create(settings, null).HearAsync(WireTest.Ask("a"));
        await gate.Reached;

        var background = models.Create(settings, null, () => false).HearAsync(WireTest.Ask("background"));
        var foreground = models.Create(settings, null, () => true).HearAsync(WireTest.Ask("foreground"));
        gate.Open();
        await Task.WhenAll(first, background, foreground);

        Assert.Equal(["a", "foreground", "background"], server.Requests.Select(r => r.Body.GetProperty("messages")[1].GetProperty("content").ToString()));
    }

    [Theory]
    [InlineData("max_concurrent")]
    [InlineData("requests_per_minute")]
    [InlineData("tokens_per_minute")]
    public void The_limits_of_a_model_are_fields_of_it(string field)
    {
        using var place = new Core.Settings.SettingsPlace();
        Core.Settings.SettingsPlace.Write(place.ModelsFile, $"{{\"models\": {{\"m\": {{\"provider\": \"openai\", \"model\": \"x\", \"{field}\": 7}}}}}}");

        var model = Assert.Single(place.Models.List());

        Assert.Equal(7L, field switch { "max_concurrent" => model.MaxConcurrent, "requests_per_minute" => model.RequestsPerMinute, _ => model.TokensPerMinute });
    }

    private static async Task<string> TextAsync(IAsyncEnumerator<ModelPiece> pieces)
    {
        while (await pieces.MoveNextAsync())
        {
            if (pieces.Current is TextPiece text)
            {
                return text.Text;
            }
        }

        return "";
    }
}
