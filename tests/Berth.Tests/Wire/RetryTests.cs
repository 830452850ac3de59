using System.Net;
using System.Net.Sockets;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>What is sent again, when, how often; and what never is.</summary>
public sealed class RetryTests : IDisposable
{
    private readonly HeldTime _time = new();
    private readonly ModelTable _models;

    public RetryTests() => _models = new ModelTable(_time, () => 0.5);

    public void Dispose() => _models.Dispose();

    [Fact]
    public async Task A_server_in_trouble_is_asked_again_until_it_answers()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(503, "warming up")).Answers(ModelScript.Error(429, "too fast"))
            .Answers(ModelScript.Bytes("").Cut()).Answers(ModelScript.Bytes("HTTP/1.1 200").Cut(reset: true)).Answers("Here.");

        var heard = await HearAsync(server.BaseUrl);

        Assert.Equal("Here. | stop", heard.ToString());
        Assert.Equal([1, 2, 3, 4], heard.Retries.Select(r => r.Attempt));
        Assert.Equal(
        [
            "Model 'test' answered 503 Scripted: warming up", "Model 'test' answered 429 Scripted: too fast",
            $"Model 'test' could not be reached: the connection ended before an answer (127.0.0.1:{server.Port})",
            $"Model 'test' could not be reached: the connection failed (127.0.0.1:{server.Port})",
        ], heard.Retries.Select(r => r.Why));
        Assert.Equal(5, server.Count);
        Assert.Single(server.Requests.Select(r => System.Text.Encoding.UTF8.GetString(r.Raw)).Distinct());
    }

    [Fact]
    public async Task After_five_requests_the_last_fault_is_told()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Error(500, "broken"));

        var heard = await HearAsync(server.BaseUrl);

        Assert.Equal("FAILED: Model 'test' answered 500 Scripted: broken (after 5 requests)", heard.ToString());
        Assert.Equal(Limits.ModelRequests, server.Count);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_asked_five_times()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var heard = await HearAsync(new Uri($"http://{taken.LocalEndPoint}/v1"));

        Assert.Equal(4, heard.Retries.Count);
        Assert.Equal(
            $"FAILED: Model 'test' could not be reached: the connection was refused ({taken.LocalEndPoint}) (after 5 requests)",
            heard.ToString());
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.999)]
    public void Own_waits_grow_and_stay_within_their_limit(double chance)
    {
        var plan = new RetryPlan(() => chance);
        TimeSpan[] waits = [plan.Next(null)!.Value, plan.Next(null)!.Value, plan.Next(null)!.Value, plan.Next(null)!.Value];

        Assert.Equal(waits.Order(), waits);
        Assert.InRange(waits.Aggregate(TimeSpan.Zero, (a, b) => a + b), TimeSpan.FromSeconds(5), Limits.ModelOwnWaits);
        Assert.Null(plan.Next(null));
    }

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("2", 2.0)]
    [InlineData("1.5", 1.5)]
    [InlineData("60", 60.0)]
    [InlineData("Wed, 06 May 2026 21:14:13 GMT", 10.0)]
    [InlineData("Wed, 06 May 2026 21:14:00 GMT", 0.0)]
    public async Task Retry_After_is_waited_for(string retryAfter, double seconds)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(429, "slow down").WithHeader("Retry-After", retryAfter)).Answers("Here.");

        var heard = await HearAsync(server.BaseUrl);

        // With chance at one half, half of the spread of 250 ms stands on top.
        Assert.Equal(TimeSpan.FromSeconds(seconds + 0.125), Assert.Single(heard.Retries).Wait);
        Assert.Equal("Here. | stop", heard.ToString());
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("")]
    [InlineData("Someday, 99 Foo 2026")]
    public async Task A_Retry_After_that_says_nothing_is_as_none(string retryAfter)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(503, "slow down").WithHeader("Retry-After", retryAfter)).Answers("Here.");

        var heard = await HearAsync(server.BaseUrl);

        Assert.Equal(TimeSpan.FromSeconds(0.75), Assert.Single(heard.Retries).Wait);
    }

    [Theory]
    [InlineData("61", "61 s")]
    [InlineData("3600", "3600 s")]
    [InlineData("99999999999999999999", "86400 s")]
    [InlineData("Wed, 06 May 2026 22:14:03 GMT", "3600 s")]
    public async Task An_absurd_Retry_After_is_an_error_that_names_it(string retryAfter, string named)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(429, "slow down").WithHeader("Retry-After", retryAfter));

        var heard = await HearAsync(server.BaseUrl);

        Assert.Equal(
            $"FAILED: Model 'test' answered 429 Scripted: slow down; it asks to wait for {named} (Retry-After), which is too long",
            heard.ToString());
        Assert.Equal(1, server.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(408)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task A_refused_request_is_not_sent_again(int status)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(status, "no").WithHeader("Retry-After", "1"));

        var heard = await HearAsync(server.BaseUrl);

        Assert.Equal($"FAILED: Model 'test' answered {status} Scripted: no", heard.ToString());
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task Nothing_is_sent_again_once_an_answer_has_begun()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Stream(": thinking\n\n").ThenText("x")).Answers(ModelScript.Text("Hi").Cut(reset: true));

        Assert.Equal("FAILED: Model 'test' sent an empty answer", (await HearAsync(server.BaseUrl)).ToString());
        Assert.StartsWith("Hi | FAILED: Model 'test' broke off", (await HearAsync(server.BaseUrl)).ToString());
        Assert.Equal(2, server.Count);
    }

    [Fact]
    public async Task Cancelling_ends_the_wait_at_once()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Error(503, "busy"));
        using var cancel = new CancellationTokenSource();
        await using var pieces = _models.Create(WireTest.Settings(server.BaseUrl), null)
            .AnswerAsync(WireTest.Ask("Go."), cancel.Token).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());

        var next = pieces.MoveNextAsync();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task A_server_that_refuses_to_count_tokens_is_not_asked_for_it_again()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(r => r.Body.TryGetProperty("stream_options", out _)
            ? ModelScript.Error(400, "Unknown field: stream_options") : ModelScript.Text("Here.").CountsNothing());

        var first = await HearAsync(server.BaseUrl);
        var second = await HearAsync(server.BaseUrl);

        Assert.Equal("Here. | stop", first.ToString());
        Assert.Equal(new TokenCount(0, 0, 0), first.Answer!.Tokens);
        Assert.Empty(first.Retries);
        Assert.Equal("Here. | stop", second.ToString());
        Assert.Equal(3, server.Count);
    }

    /// <summary>Hears an answer while every wait that is announced passes at once.</summary>
    [Fact]
    public async Task A_server_that_names_its_longest_answer_is_asked_for_no_longer_one()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(400, "max_tokens: 32000 > 8192, which is the maximum allowed number of output tokens for m"))
            .Answers("Short.").Answers("Short again.");
        var model = _models.Create(WireTest.Settings(server.BaseUrl, "anthropic"), null);

        var first = await model.HearAsync(WireTest.Ask("Go."));
        await model.HearAsync(WireTest.Ask("Go."));

        Assert.Equal("Short. | stop", first.ToString());
        Assert.Equal([32_000, 8_192, 8_192], server.Requests.Select(r => r.Body.GetProperty("max_tokens").GetInt32()));
    }

    private async Task<Heard> HearAsync(Uri baseUrl)
    {
        var heard = new Heard();
        try
        {
            await using var pieces = _models.Create(WireTest.Settings(baseUrl), null)
                .AnswerAsync(WireTest.Ask("Go."), CancellationToken.None).GetAsyncEnumerator();
            var next = pieces.MoveNextAsync();
            while (await next)
            {
                var piece = pieces.Current;
                heard = heard.With(piece);
                next = pieces.MoveNextAsync();
                if (piece is RetryPiece retry)
                {
                    await _time.PassAsync(retry.Wait);
                }
            }
        }
        catch (ModelFailure failure)
        {
            return heard with { Failure = failure };
        }

        return heard;
    }
}
