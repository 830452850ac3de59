using System.Text.Json;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Tests.Testing;
using Berth.Tests.Wire;
using Xunit;

namespace Berth.Tests.Core.Models;

public sealed class DemoModelTests
{
    private static readonly JsonElement Anything = JsonElement.Parse("""{"type":"object"}""");

    private static readonly IReadOnlyList<ToolDescription> AllTools =
        [new("bash", "", Anything), new("write", "", Anything), new("RunSubagents", "", Anything)];

    [Theory]
    [InlineData("run: ls -la", "bash", """{"command":"ls -la"}""")]
    [InlineData("  RUN:ls\n", "bash", """{"command":"ls"}""")]
    [InlineData("run: for i in 1 2; do\n echo $i\ndone\n\nwhat was piped in", "bash", """{"command":"for i in 1 2; do\n echo $i\ndone"}""")]
    [InlineData("run: echo \"ü\" | wc", "bash", """{"command":"echo \"ü\" | wc"}""")]
    [InlineData("bg: sleep 5", "bash", """{"command":"sleep 5","background":true}""")]
    [InlineData("write notes/a.txt: Hello\n\nworld", "write", """{"path":"notes/a.txt","content":"Hello\n\nworld"}""")]
    [InlineData("write a.txt:\nHello", "write", """{"path":"a.txt","content":"Hello"}""")]
    [InlineData("write a.txt:", "write", """{"path":"a.txt","content":""}""")]
    [InlineData("agents: run: ls | wait 2 | | look around", "RunSubagents", """{"subagents":[{"task":"run: ls"},{"task":"wait 2"},{"task":"look around"}]}""")]
    public async Task Each_form_calls_its_tool(string message, string tool, string arguments)
    {
        var heard = await HearAsync(new UserEntry(message));

        var call = Assert.Single(heard.Answer!.Calls);
        Assert.Equal((tool, arguments, "tools"), (call.Tool, call.Arguments, heard.Answer.Stop));
        Assert.NotEmpty(heard.Text);
    }

    [Theory]
    [InlineData("Hello!")]
    [InlineData("run:")]
    [InlineData("bg:  ")]
    [InlineData("agents: | |")]
    [InlineData("write x")]
    [InlineData("write : text")]
    [InlineData("wait")]
    [InlineData("wait for me")]
    [InlineData("wait -1")]
    [InlineData("")]
    [InlineData("rerun: x")]
    public async Task Anything_else_is_answered_with_what_it_can_do(string message)
    {
        var heard = await HearAsync(new UserEntry(message));

        Assert.Equal("stop", heard.Answer!.Stop);
        Assert.Contains("scripted stand-in", heard.Text);
        Assert.All(new[] { "run: CMD", "bg: CMD", "write PATH: TEXT", "agents: A | B | C", "wait N" },
            form => Assert.Contains($"`{form}`", heard.Text));
    }

    [Fact]
    public async Task A_commands_output_is_repeated()
    {
        var heard = await HearAsync(new UserEntry("run: cat x"), Called("bash"), new ToolResultEntry("c1", "```\nit\n```\n", false));

        Assert.Equal("The output:\n\n````\n```\nit\n```\n````", heard.Text);
        Assert.Equal("stop", heard.Answer!.Stop);
    }

    [Fact]
    public async Task A_result_and_a_message_that_came_meanwhile_are_both_answered()
    {
        var heard = await HearAsync(new UserEntry("run: a"), Called("bash"),
            new ToolResultEntry("c1", "boom", IsError: true), new UserEntry("run: b"));

        Assert.Equal("That did not work:\n\n```\nboom\n```\n\nI run `b`.", heard.Text);
        Assert.Equal("""bash({"command":"b"})""", heard.Calls);
    }

    [Fact]
    public async Task A_background_command_is_acknowledged_and_its_notice_answered()
    {
        ModelMessage[] begun =
        [
            new UserEntry("bg: sleep 5"), Called("bash"),
            new ToolResultEntry("c1", "Task #42 dispatched to background (sleep 5), pid 7", false),
        ];
        const string Notice = "[Task #42 completed] sleep 5 — exit code 0\npid 7, 5 s. This is no user input.";

        var acknowledged = await HearAsync(begun);
        var answered = await HearAsync([.. begun, new AssistantEntry(acknowledged.Text, []), new UserEntry(Notice)]);

        Assert.StartsWith("It runs in the background.", acknowledged.Text);
        Assert.Equal($"The notice has come:\n\n```\n{Notice}\n```", answered.Text);
        Assert.Empty(answered.Answer!.Calls);
    }

    [Fact]
    public async Task An_interrupted_request_is_not_taken_up_again()
    {
        var heard = await HearAsync(new UserEntry("run: rm x"), new UserEntry("run: ls"));

        Assert.Equal("""bash({"command":"ls"})""", heard.Calls);
    }

    [Fact]
    public async Task A_tool_that_is_not_offered_is_not_called()
    {
        var heard = await new ModelTable(TimeProvider.System).Create(new("demo", "demo", "demo"), null)
            .HearAsync(new ModelRequest("", [new UserEntry("run: ls")], []));

        Assert.Equal("I would call the tool `bash` for that, but it is not offered to me here. | stop", heard.ToString());
    }

    [Fact]
    public async Task Its_call_ids_are_unique_in_the_conversation()
    {
        var first = await HearAsync(new UserEntry("run: a"));
        var second = await HearAsync(new UserEntry("run: a"), new AssistantEntry("", first.Answer!.Calls),
            new ToolResultEntry(first.Answer.Calls[0].Id, "x", false), new UserEntry("run: a"));

        Assert.NotEqual(first.Answer.Calls[0].Id, second.Answer!.Calls[0].Id);
    }

    [Theory]
    [InlineData("wait 3", 60)]
    [InlineData("wait 0.2s", 4)]
    [InlineData("wait 0", 1)]
    public async Task Waiting_says_a_word_every_fifty_milliseconds(string message, int words)
    {
        var time = new HeldTime();
        await using var pieces = new ModelTable(time).Create(new("demo", "demo", "demo"), null)
            .AnswerAsync(new ModelRequest("", [new UserEntry(message)], AllTools), CancellationToken.None).GetAsyncEnumerator();
        var heard = new List<ModelPiece>();

        var next = pieces.MoveNextAsync();
        for (var i = 0; i < words; i++)
        {
            if (message != "wait 0")
            {
                Assert.False(next.IsCompleted);
                await time.PassAsync(TimeSpan.FromMilliseconds(50));
            }

            Assert.True(await next);
            heard.Add(pieces.Current);
            next = pieces.MoveNextAsync();
        }

        Assert.True(await next);
        Assert.All(heard, piece => Assert.Single(((TextPiece)piece).Text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
        Assert.Equal(new TokenCount(2, words, 0), Assert.IsType<AnswerPiece>(pieces.Current).Tokens);
    }

    [Fact]
    public async Task Waiting_ends_at_once_when_it_is_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        var hearing = new ModelTable(new HeldTime()).Create(new("demo", "demo", "demo"), null)
            .HearAsync(new ModelRequest("", [new UserEntry("wait 999999999")], AllTools), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hearing);
    }

    private static Task<Heard> HearAsync(params ModelMessage[] messages) =>
        new ModelTable(TimeProvider.System).Create(new ModelSettings("demo", "demo", "demo"), null)
            .HearAsync(new ModelRequest("You are Berth.", messages, AllTools));

    private static AssistantEntry Called(string tool) => new("", [new ModelToolCall("c1", tool, "{}")]);
}
