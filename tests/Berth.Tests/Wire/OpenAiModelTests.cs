using Berth.Core.Models;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Wire;

public sealed class OpenAiModelTests
{
    private readonly ModelTable _models = new(TimeProvider.System);

    [Fact]
    public async Task Text_reasoning_calls_and_token_counts_of_a_streamed_answer_arrive()
    {
        await using var server = ScriptedModelServer.Start();
        server.Answers(new ModelScript()
            .ThenReasoning("Let me ", "see.").ThenText("I ", "look.")
            .ThenCall("bash", """{"command":"ls -la"}""", "call_1").ThenCall("read", """{"path":"a.txt"}""", "call_2")
            .Counts(100, 20, cached: 64));

        var heard = await _models.Create(WireTest.Settings(server.BaseUrl), "sk-1").HearAsync(WireTest.Ask("Look around."));

        Assert.Equal("I look. | Let me see. | bash({\"command\":\"ls -la\"}) read({\"path\":\"a.txt\"}) | tools", heard.ToString());
        Assert.Equal(["call_1", "call_2"], heard.Answer!.Calls.Select(c => c.Id));
        Assert.Equal(new TokenCount(100, 20, 64), heard.Answer.Tokens);
        Assert.Equal("Bearer sk-1", server.Requests[0].Headers["Authorization"]);
        Assert.Null(server.Requests[0].Fault);
    }
}
