using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>What the model asks of its tasks: how they are, what they wrote, and their end.</summary>
public sealed class TaskToolTests : IAsyncDisposable
{
    private const string Server = "echo starting; until [ -e go ]; do sleep 0.02; done; echo listening on 8080; sleep 100";

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Output_is_what_is_new_since_the_last_question()
    {
        life.Model.Answers(
            Answer.Bash(Server, "c1", background: true),
            Answer.Calling("task_output", """{"task_id":1,"until":"starting"}""", "c2"),
            Answer.Calling("task_output", """{"task_id":1}""", "c3"),
            Answer.Calling("task_output", """{"task_id":1,"until":"listening on \\d+"}""", "c4"),
            Answer.Calling("task_output", """{"task_id":1}""", "c5"),
            Answer.Calling("task_stop", """{"task_id":1}""", "c6"),
            Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await Eventually.True(() => life.Events<ToolEnded>(session).Count == 3, "three calls have ended");

        await File.WriteAllTextAsync(Path.Combine(life.Project, "go"), "");
        await EngineLife.Is(session, "done");

        var results = life.Events<ToolEnded>(session).ToDictionary(e => e.Call, e => e.Output);
        Assert.EndsWith("\nstarting\n", results["c3"]);
        Assert.EndsWith("A line matches:\nlistening on 8080", results["c4"]);
        Assert.EndsWith("\nlistening on 8080\n", results["c5"]);
        Assert.Contains("#1 stopped_by_agent", results["c6"]);
        Assert.Empty(life.Events<NoticeAdded>(session));
    }

    [Fact]
    public async Task A_task_that_ends_before_a_line_matches_says_so_at_once_and_needs_no_notice()
    {
        life.Model.Answers(
            Answer.Bash("sleep 0.4; echo broken; exit 3", "c1", background: true),
            Answer.Calling("task_output", """{"task_id":1,"until":"ready","timeout":60000}""", "c2"),
            Answer.Of("It broke."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        var result = life.Events<ToolEnded>(session)[^1].Output;
        Assert.StartsWith("It ended before a line matched: #1 exited with exit code 3", result);
        Assert.EndsWith("broken\n", result);
        await life.Holds<TaskEnded>(session);
        Assert.DoesNotContain(life.Model.LastRequest, line => line.Contains("[Task #1"));
        Assert.Equal(1, session.Row!.Turns);
    }

    [Fact]
    public async Task Waiting_ends_with_the_time_and_the_task_runs_on()
    {
        life.Model.Answers(
            Answer.Bash("echo quiet; sleep 100", "c1", background: true),
            Answer.Calling("task_output", """{"task_id":1,"until":"never","timeout":50}""", "c2"),
            Answer.Calling("task_status", "{}", "c3"),
            Answer.Of("Done."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        var results = life.Events<ToolEnded>(session).ToDictionary(e => e.Call, e => e.Output);
        Assert.Contains("it runs on", results["c2"]);
        Assert.Contains("#1 running for", results["c3"]);
        Assert.True(life.Tasks.Find(session.Id, 1)!.IsLive);
    }

    [Fact]
    public async Task The_outcome_of_a_task_is_told_once_however_it_was_asked_for()
    {
        life.Model.Answers(
            Answer.Bash("echo one; echo two; until [ -e go ]; do sleep 0.02; done; exit 3", "c1", background: true),
            Answer.Calling("task_output", """{"task_id":1,"wait":true,"offset":2,"limit":1}""", "c2"),
            Answer.Of("It broke."));
        var session = await life.BeginAsync("go");
        await life.Holds<ToolStarted>(session, e => e.Call == "c2");
        await File.WriteAllTextAsync(Path.Combine(life.Project, "go"), "");
        await EngineLife.Is(session, "done");

        var result = life.Events<ToolEnded>(session)[^1].Output;
        Assert.StartsWith("#1 exited with exit code 3", result);
        Assert.EndsWith("\ntwo\n(lines 2–2)", result);
        Assert.DoesNotContain(life.Model.LastRequest, line => line.Contains("[Task #1"));
    }

    [Fact]
    public async Task A_pattern_that_is_none_is_said()
    {
        life.Model.Answers(
            Answer.Bash("sleep 100", "c1", background: true),
            Answer.Calling("task_output", """{"task_id":1,"until":"("}""", "c2"),
            Answer.Calling("task_output", """{"task_id":1,"filter":"["}""", "c3"),
            Answer.Of("Oh."));
        var session = await life.BeginAsync("go");
        await EngineLife.Is(session, "done");

        var results = life.Events<ToolEnded>(session).ToDictionary(e => e.Call, e => e.Output);
        Assert.StartsWith("'until' is no regular expression", results["c2"]);
        Assert.StartsWith("'filter' is no regular expression", results["c3"]);
    }

    [Fact]
    public async Task A_session_reaches_only_its_own_tasks()
    {
        life.Model.Answers(Answer.Bash("sleep 100", "c1", background: true), Answer.Of("Started."));
        await EngineLife.Is(await life.BeginAsync("mine"), "done");
        life.Model.Answers(Answer.Calling("task_stop", """{"task_id":1}""", "c2"), Answer.Of("No."));

        var other = await life.BeginAsync("theirs");
        await EngineLife.Is(other, "done");

        Assert.Equal("There is no task #1: this session has started none.", Assert.Single(life.Events<ToolEnded>(other)).Output);
        Assert.Single(life.Tasks.Live());
    }

    [Theory]
    [InlineData("Password: ", true)]
    [InlineData("Overwrite it? [y/N] ", true)]
    [InlineData("Are you sure you want to continue connecting (yes/no)?", true)]
    [InlineData("Compiling 12 of 40", false)]
    [InlineData("", false)]
    public void A_question_is_known_by_its_last_line(string line, bool isOne) =>
        Assert.Equal(isOne, Berth.Core.Tasks.Prompts.LooksLikeOne(line));
}
