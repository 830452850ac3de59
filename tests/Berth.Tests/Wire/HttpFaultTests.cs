using Berth.Core.Models;
using Berth.Protocol;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>Servers that break HTTP itself, answer with something else, or fall silent.</summary>
public sealed class HttpFaultTests : IDisposable
{
    private const string Hi = "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n";
    private const string Whole = Hi + "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
    private const string Stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    private const string Chunked = Stream + "Transfer-Encoding: chunked\r\n\r\n";

    private readonly ModelTable _models = new(TimeProvider.System);

    public void Dispose() => _models.Dispose();

    public static TheoryData<string, string, string> Answers => new()
    {
        { "ended by the connection's end", Stream + "\r\n" + Whole, "Hi | stop" },
        { "with its length", $"{Stream}Content-Length: {Whole.Length}\r\n\r\n{Whole}", "Hi | stop" },
        { "in chunks with extensions and a trailer", Chunked + Chunk(Hi, ";a=b") + Chunk(Whole[Hi.Length..]) + "0\r\nX: y\r\n\r\n", "Hi | stop" },
        { "HTTP/1.0", ("HTTP/1.0 200 OK\r\n\r\n") + Whole, "Hi | stop" },
        { "interim answers first", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n" + Stream + "\r\n" + Whole, "Hi | stop" },
        { "no content type", "HTTP/1.1 200 OK\r\n\r\n" + Whole, "Hi | stop" },
        { "a wrong content type", "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=latin1\r\n\r\n" + Whole, "Hi | stop" },
        { "the end missing behind the last word", Chunked + Chunk(Whole), "Hi | stop" },
        { "a length that is too long", $"{Stream}Content-Length: {Hi.Length + 100}\r\n\r\n{Hi}", "Hi | FAILED: Model 'test' broke off in the middle of its answer: the connection failed" },
        { "a length that is too short", $"{Stream}Content-Length: {Hi.Length}\r\n\r\n{Whole}", "Hi | FAILED: Model 'test' broke off in the middle of its answer" },
        { "the last chunk missing", Chunked + Chunk(Hi), "Hi | FAILED: Model 'test' broke off in the middle of its answer: the connection failed" },
        { "a cut chunk", Chunked + Chunk(Hi) + "ff\r\ndata: {", "Hi | FAILED: Model 'test' broke off in the middle of its answer: the connection failed" },
        { "a chunk with a senseless size", Chunked + Chunk(Hi) + "zz\r\n", "Hi | FAILED: Model 'test' broke off in the middle of its answer: the connection failed" },
        { "a chunk that is longer than it says", Chunked + $"5\r\n{Hi}\r\n", "FAILED: Model 'test' broke off in the middle of its answer: the connection failed" },
        { "no HTTP at all", "220 smtp.example.com ESMTP\r\n", "FAILED: Model 'test' sent something that is no HTTP answer" },
        { "an endless header", "HTTP/1.1 200 OK\r\nX: " + new string('x', 200_000), "FAILED: Model 'test' sent something that is no HTTP answer" },
        { "204", "HTTP/1.1 204 No Content\r\n\r\n", "FAILED: Model 'test' sent an empty answer" },
        { "length zero", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "FAILED: Model 'test' sent an empty answer" },
        { "a redirect", "HTTP/1.1 302 Found\r\nLocation: https://example.com/login?token=abc\r\nContent-Length: 0\r\n\r\n", "FAILED: Model 'test' redirects (302) to https://example.com/login" },
        { "a redirect to nowhere", "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\n\r\n", "FAILED: Model 'test' answered 301 instead of an answer" },
        { "a refusal in HTML", "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html><head><title>Just a moment...</title>" + new string('x', 100_000), "FAILED: Model 'test' answered 403 Forbidden: a web page, \"Just a moment...\"" },
        { "a refusal in text with control bytes", "HTTP/1.1 400 Bad\r\n\r\nno\u001b]0;title\u0007 such\r\n\tmodel\u00c2\u009b31m", "FAILED: Model 'test' answered 400 Bad: no ]0;title such model 31m" },
        { "a refusal with nothing to say", "HTTP/1.1 418 I'm a teapot\r\nContent-Length: 0\r\n\r\n", "FAILED: Model 'test' answered 418 I'm a teapot" },
        { "a refusal that breaks off", "HTTP/1.1 400 Bad\r\nContent-Length: 900\r\n\r\n{\"error\":{\"mess", "FAILED: Model 'test' answered 400 Bad: {\"error\":{\"mess" },
        { "a refusal with a list", "HTTP/1.1 422 Unprocessable\r\n\r\n{\"detail\":[{\"loc\":[\"body\"],\"msg\":\"field required\"}]}", "FAILED: Model 'test' answered 422 Unprocessable: field required" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_that_is(string name, string bytes, string expected)
    {
        Assert.NotEmpty(name);
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Bytes(bytes).Cut());

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), "sk-secret-key-0001").HearAsync(WireTest.Ask("Go."));

        Assert.Equal(expected, heard.ToString().Replace($" (127.0.0.1:{server.Port})", ""));
        Assert.Equal(1, server.Count);
    }

    [Theory]
    [InlineData("zz\r\n")]
    [InlineData("5\r\ndata: {\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("0\r\n\r\n")]
    [InlineData("")]
    public async Task Text_that_came_before_the_break_is_kept(string bytes)
    {
        await using var server = ScriptedModelServer.Start();
        var heard = new ModelGate();
        server.Answers(ModelScript.Bytes(Chunked + Chunk(Hi)).HoldFor(heard).ThenBytes(bytes).Cut());
        await using var pieces = _models.Create(WireTest.Settings(server.BaseUrl), null)
            .AnswerAsync(WireTest.Ask("Go."), CancellationToken.None).GetAsyncEnumerator();

        Assert.True(await pieces.MoveNextAsync());
        Assert.Equal(new TextPiece("Hi"), pieces.Current);
        heard.Open();

        await Assert.ThrowsAsync<ModelFailure>(async () => await pieces.MoveNextAsync());
    }

    [Fact]
    public async Task A_key_never_follows_a_redirect()
    {
        await using var other = ScriptedModelServer.Start();
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Http(307, "").WithHeader("Location", other.BaseUrl + "/chat/completions"));

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), "sk-secret-key-0001").HearAsync(WireTest.Ask("Go."));

        Assert.Equal($"FAILED: Model 'test' redirects (307) to {other.BaseUrl}/chat/completions", heard.ToString());
        Assert.Equal(0, other.Count);
    }

    [Theory]
    [InlineData("Incorrect API key provided: sk-secret-key-0001.")]
    [InlineData("Bearer sk-secret-key-0001 sk-somebody-elses-key-77")]
    [InlineData("tenant-token-9 is unknown")]
    public async Task A_key_that_the_server_repeats_is_not_shown(string message)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(401, message))
            .Answers(ModelScript.Stream($"data: {{\"error\":{{\"message\":\"{message}\"}}}}\n\n"))
            .Answers(ModelScript.Http(200, $"<html><title>{message}</title>", "text/html"));
        var settings = WireTest.Settings(server.BaseUrl) with { Headers = new Dictionary<string, string> { ["X-Tenant"] = "tenant-token-9" } };
        var model = _models.Create(settings, "sk-secret-key-0001");

        for (var i = 0; i < 3; i++)
        {
            var said = (await model.HearAsync(WireTest.Ask("Go."))).ToString();

            Assert.Contains("…", said);
            Assert.DoesNotContain("secret-key", said);
            Assert.DoesNotContain("elses-key", said);
            Assert.DoesNotContain("tenant-token", said);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n" + Hi, "Hi | FAILED: Model 'test' sent nothing for 0.1 s and its answer is cut")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n", "FAILED: Model 'test' sent nothing for 0.1 s and its answer is cut")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n{\"choices\":", "FAILED: Model 'test' sent nothing for 0.1 s and its answer is cut")]
    public async Task A_server_that_falls_silent_is_left(string bytes, string expected)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Bytes(bytes).FallSilent());
        var settings = WireTest.Settings(server.BaseUrl) with { IdleTimeout = TimeSpan.FromMilliseconds(100) };

        Assert.Equal(expected, (await _models.Create(settings, null).HearAsync(WireTest.Ask("Go."))).ToString());
        Assert.False(await server.Requests[0].Answered);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_left_after_the_limit()
    {
        var time = new HeldTime();
        using var models = new ModelTable(time);
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Bytes("").FallSilent());

        var hearing = models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));
        await server.RequestAsync(1);
        await time.PassAsync(Limits.ModelFirstByte);

        Assert.Equal("FAILED: Model 'test' sent nothing for 180 s", (await hearing).ToString());
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task An_answer_whose_end_does_not_come_is_whole_after_its_last_word()
    {
        var time = new HeldTime();
        using var models = new ModelTable(time);
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Bytes("HTTP/1.1 200 OK\r\n\r\n" + Whole.Replace("data: [DONE]\n\n", "")).FallSilent());

        var hearing = models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."));
        await time.PassAsync(Limits.ModelTail);

        Assert.Equal("Hi | stop", (await hearing).ToString());
    }

    [Fact]
    public async Task Cancelling_closes_the_connection_and_keeps_what_came()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Text("Hi").FallSilent());
        using var cancel = new CancellationTokenSource();
        await using var pieces = _models.Create(WireTest.Settings(server.BaseUrl), null)
            .AnswerAsync(WireTest.Ask("Go."), cancel.Token).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        Assert.Equal(new TextPiece("Hi"), pieces.Current);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await pieces.MoveNextAsync());
        Assert.False(await server.Requests[0].Answered);
    }

    [Fact]
    public async Task A_reader_who_leaves_in_the_middle_closes_the_connection()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Text("Hi").FallSilent());

        // On a clock that stands still, no silence can end the call instead.
        using var models = new ModelTable(new HeldTime());
        var pieces = models.Create(WireTest.Settings(server.BaseUrl), null)
            .AnswerAsync(WireTest.Ask("Go."), CancellationToken.None).GetAsyncEnumerator();
        Assert.True(await pieces.MoveNextAsync());
        await pieces.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.False(await server.Requests[0].Answered);
    }

    [Fact]
    public async Task A_line_of_eight_megabytes_arrives_whole()
    {
        await using var server = ScriptedModelServer.Start();
        var long8 = new string('x', 8 * 1024 * 1024);
        server.Answers(ModelScript.Text(long8));

        Assert.Equal(long8, (await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."))).Text);
    }

    [Fact]
    public async Task An_endless_line_ends_at_its_limit()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(new ModelScript().ThenBytes("data: {\"x\":\"").ThenBytes(new string('x', Limits.ModelLineBytes)).FallSilent());

        Assert.Equal(
            "FAILED: Model 'test' sent too much: a line of the answer is longer than 16,777,216 bytes",
            (await _models.Create(WireTest.Settings(server.BaseUrl), null).HearAsync(WireTest.Ask("Go."))).ToString());
    }

    [Fact]
    public async Task A_connection_is_used_again_after_a_whole_answer()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(_ => ModelScript.Words(100));
        var model = _models.Create(WireTest.Settings(server.BaseUrl), null);

        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("stop", (await model.HearAsync(WireTest.Ask("Go."))).Answer!.Stop);
            await server.Requests[i].Answered;
        }

        Assert.Equal(1, server.Accepted);
    }

    private static string Chunk(string content, string extension = "") => $"{content.Length:x}{extension}\r\n{content}\r\n";
}
