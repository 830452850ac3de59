using System.Net;
using System.Net.Sockets;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary>The models as a person sees, changes and tries them.</summary>
public sealed class ModelsTests : IAsyncDisposable
{
    private readonly Desk desk = new();

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Fact]
    public async Task The_list_shows_prices_and_whether_a_key_is_there()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/models /add gpt provider:openai model:m key:env:NO_SUCH_KEY");
        await terminal.TypeAsync("/models /add local provider:ollama model:qwen3:8b");
        foreach (var set in new[] { "prices.input:1.25", "prices.output:10", "prices.cached:0.125", "context:400000" })
        {
            await terminal.TypeAsync($"/models /set gpt {set}");
        }

        var reply = await terminal.LineAsync("/models");

        Assert.Equal(["Name", "Provider", "Model", "Key", "In / out per million", ""], reply.Table!.Columns);
        Assert.Equal(
            ["gpt | openai | m | missing (env:NO_SUCH_KEY) | $1.25 / $10 (cached $0.125) | default", "local | openai | qwen3:8b | none needed |  | "],
            reply.Table.Rows.Take(2).Select(row => string.Join(" | ", row.Select(c => c.Text))));
        Assert.Equal("error", reply.Table.Rows[0][3].Style);
        Assert.Equal(
            """{"name":"gpt","provider":"openai","model":"m","base_url":null,"key":"missing (env:NO_SUCH_KEY)","has_key":false,"default":true,"max_concurrent":null,"requests_per_minute":null,"tokens_per_minute":null,"prices":{"input":1.25,"output":10,"cached":0.125},"context":400000,"images":false}""",
            reply.Data!.Value[0].GetRawText());
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task A_check_asks_for_a_word_and_leaves(string provider)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Text("ok").FallSilent());
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync($"/models /add m provider:{provider} model:m-1 base_url:{server.BaseUrl} key:sk-secret-1234567890");
        await terminal.TypeAsync("/models /set m headers.X-Team:core");

        var reply = await terminal.LineAsync("/models /check m");

        Assert.Matches($@"^m answers: first word after \d+\.\d s \({provider}: m-1, key: …7890\)\.$", Assert.Single(reply.Lines!));
        Assert.True(reply.Data!.Value.GetProperty("ok").GetBoolean());
        var request = Assert.Single(server.Requests);
        Assert.Null(request.Fault);
        Assert.Equal("core", request.Headers["X-Team"]);
        Assert.False(await request.Answered);
    }

    [Theory]
    [InlineData(401, "Incorrect API key", "Model 'm' answered 401 Scripted: Incorrect API key Check its key: /models /key m")]
    [InlineData(404, "no such model", "Model 'm' answered 404 Scripted: no such model Check its base_url and the provider's name of the model.")]
    [InlineData(503, "overloaded", "Model 'm' answered 503 Scripted: overloaded A turn would try again by itself. If it stays so, check its base_url and the provider's status.")]
    public async Task A_check_says_at_once_what_is_wrong(int status, string said, string expected)
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(ModelScript.Error(status, said));
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync($"/models /add m provider:openai model:m-1 base_url:{server.BaseUrl}");

        Assert.Equal(expected, await terminal.TypeAsync("/models /check m"));
        Assert.Equal(1, server.Count);
    }

    [Fact]
    public async Task A_check_names_a_missing_key_an_unknown_name_and_a_server_that_is_not_there()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/models /add far provider:openai model:m key:env:NO_SUCH_KEY");
        await terminal.TypeAsync($"/models /add gone provider:openai model:m base_url:http://{taken.LocalEndPoint}");

        Assert.Equal("far: NO_SUCH_KEY is not set. Set it, or /models /key far stores a key", await terminal.TypeAsync("/models /check far"));
        Assert.StartsWith("there is no model 'goone'; did you mean 'gone'?", await terminal.TypeAsync("/models /check goone"));
        Assert.StartsWith("Model 'gone' could not be reached: the connection was refused", await terminal.TypeAsync("/models /check gone"));
    }

    [Theory]
    [InlineData("headers.X-A:b", "a header")]
    [InlineData("headers.X A:b", "a header is a name and a string on one line")]
    [InlineData("headers.:b", "a header is a name and a string on one line")]
    public async Task A_header_is_set_and_taken_out_like_a_field(string assignment, string expected)
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/models /add m provider:ollama model:m");

        var said = await terminal.TypeAsync($"/models /set m {assignment}");

        if (assignment == "headers.X-A:b")
        {
            Assert.Equal("b", Assert.Single(desk.Settings.Models.List()).Headers["X-A"]);
            await terminal.TypeAsync("/models /set m headers.X-A:");
            Assert.Empty(Assert.Single(desk.Settings.Models.List()).Headers);
        }
        else
        {
            Assert.Equal(expected, said);
        }
    }
}
