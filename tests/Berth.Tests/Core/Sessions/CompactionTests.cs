using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A long session makes room for itself: the model goes on with a summary, and the log keeps every word.</summary>
public sealed class CompactionTests : IAsyncDisposable
{
    private static readonly string Much = string.Concat(Enumerable.Repeat("and the tide went on. ", 400));
    private readonly EngineLife life = new();

    public CompactionTests()
    {
        life.Model.CountsText = true;
        life.Model.Always(r => r.IsForSummary ? Answer.Of("They counted ", "boats.").ThenCounts(5_000) : null);
    }

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task The_next_request_begins_with_the_summary_and_the_last_turn_stands_as_it_was()
    {
        var session = await LongAsync();

        Assert.Null(await session.CompactAsync("keep the boats' names", life.Terminal));
        await EngineLife.Is(session, "done");
        await SayAsync(session, "and now?", "Nine.");

        var request = life.Model.Requests[^1].Messages;
        var text = Assert.IsType<UserEntry>(request[0]).Text;
        Assert.StartsWith("[Context compacted] This is an automatic notice. It is no input of the user.", text);
        Assert.Contains("<summary>\nThey counted boats.\n</summary>", text);
        Assert.Contains("- message 1\n", text);
        Assert.Equal(["user: short", "assistant: Short.", "user: and now?"], Conversation.Lines(life.Model.Requests[^1])[1..]);
        var summary = Assert.Single(life.Model.Requests, r => r.IsForSummary);
        Assert.EndsWith("The user asks for this summary and says: keep the boats' names", ((UserEntry)summary.Messages[^1]).Text);
        Assert.Equal("user: message 1", Conversation.Lines(summary)[0]);
    }

    [Fact]
    public async Task A_summary_that_waits_for_the_limits_of_the_key_says_so()
    {
        await using var other = new EngineLife();
        other.Model.CountsText = true;
        other.Model.Always(r => r.IsForSummary ? Answer.Waiting("the server asked to wait").Then("They counted boats.") : Answer.Of(Much));
        var session = await other.BeginAsync("one");
        await EngineLife.Is(session, "done");
        await session.SubmitAsync("two", other.Terminal);
        await Eventually.True(() => session.Row is { State: "done", Turns: 2 }, "the second turn is over");

        await session.CompactAsync(null, other.Terminal);

        await other.Holds<ContextCompacted>(session);
        Assert.Equal([new StepWaiting(null, "the server asked to wait")], other.Events<StepWaiting>(session));
        await session.WhenQuietAsync();
    }

    [Fact]
    public async Task The_log_keeps_every_word_and_says_where_the_context_begins()
    {
        var session = await LongAsync();
        var log = Path.Combine(life.DirectoryOf(session), "log.jsonl");
        var before = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);

        await session.CompactAsync(null, life.Terminal);
        await EngineLife.Is(session, "done");

        var after = life.Events(session);
        Assert.StartsWith(before, await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
        Assert.EndsWith("compaction_asked turn_started compaction_started context_compacted turn_ended", life.Kinds(session));
        var done = life.Events<ContextCompacted>(session).Single();
        Assert.IsType<StepStarted>(after.Single(e => e.Seq == done.From).Event);
        Assert.True(done.TokensAfter < done.TokensBefore / 2, $"{done.TokensBefore} → {done.TokensAfter}");
        Assert.Equal(5_000, done.Usage.InputTokens);
        Assert.True(session.Row!.Usage.InputTokens > 5_000);
    }

    [Fact]
    public async Task A_context_close_to_the_models_limit_is_compacted_before_the_next_request()
    {
        life.Policy.Limit = 20_000;
        var session = await LongAsync();
        await SayAsync(session, "a full one", Answer.Of("Full.").ThenCounts(16_500));

        await SayAsync(session, "one more", "More.");

        Assert.Equal("limit", life.Events<CompactionStarted>(session).Single().Cause);
        Assert.StartsWith("user: [Context compacted]", life.Model.LastRequest[0]);
        Assert.Equal("user: one more", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task In_the_middle_of_a_turn_the_results_that_the_model_waits_for_stay()
    {
        life.Policy.Limit = 20_000;
        var session = await LongAsync();
        life.Model.Answers(Answer.Bash("echo tide", "t1").ThenCounts(16_500), Answer.Of("Seen."));

        await session.SubmitAsync("look", life.Terminal);
        await EngineLife.Is(session, "done");

        Assert.StartsWith("user: [Context compacted]", life.Model.LastRequest[0]);
        Assert.Equal(["user: look", "assistant:  → bash(t1)", "result t1: tide"], life.Model.LastRequest[^3..].Select(l => l.Split('\n')[0]));
        Assert.Equal("done", session.Row!.State);
    }

    [Fact]
    public async Task A_provider_that_finds_it_too_long_is_asked_once_more_with_a_shorter_one()
    {
        var session = await LongAsync();
        life.Model.Answers(Answer.TooLong, Answer.Of("Now it fits."));

        await session.SubmitAsync("go on", life.Terminal);
        await EngineLife.Is(session, "done");

        Assert.Equal("refused", life.Events<CompactionStarted>(session).Single().Cause);
        Assert.Equal("user: go on", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task And_only_once()
    {
        var session = await LongAsync();
        life.Model.Answers(Answer.TooLong, Answer.TooLong);

        await session.SubmitAsync("go on", life.Terminal);
        await EngineLife.Is(session, "error");

        Assert.Single(life.Events<ContextCompacted>(session));
        Assert.Equal("That is too long.", life.Events<TurnEnded>(session)[^1].Error);
    }

    [Fact]
    public async Task A_summary_request_that_is_too_long_itself_is_made_shorter()
    {
        await using var other = new EngineLife();
        var session = other.Begin();
        foreach (var number in Enumerable.Range(1, 4))
        {
            other.Model.Answers(Answer.Of(Much));
            await session.SubmitAsync($"message {number}", other.Terminal);
            await EngineLife.Is(session, "done");
        }

        other.Model.Answers(Answer.TooLong, Answer.TooLong, Answer.Of("In short."));
        await session.CompactAsync(null, other.Terminal);
        await EngineLife.Is(session, "done");

        var sizes = other.Model.Requests.Where(r => r.IsForSummary).Select(r => Conversation.Lines(r).Sum(l => l.Length)).ToList();
        Assert.Equal(3, sizes.Count);
        Assert.True(sizes[0] > sizes[1] && sizes[1] > sizes[2], string.Join(", ", sizes));
        Assert.Single(other.Events<ContextCompacted>(session));
    }

    [Fact]
    public async Task A_compaction_that_fails_loses_nothing_says_so_and_is_not_tried_again_at_once()
    {
        await using var other = new EngineLife();
        other.Policy.Limit = 20_000;
        other.Model.Always(r => r.IsForSummary ? Answer.Failing("The line is down.") : null);
        var session = other.Begin();
        foreach (var (message, counts) in new[] { ("one", 1_000), ("two", 16_500), ("three", 16_600), ("four", 17_400), ("five", 17_700), ("six", 17_800) })
        {
            other.Model.Answers(Answer.Of($"{message}!").ThenCounts(counts));
            await session.SubmitAsync(message, other.Terminal);
            await EngineLife.Is(session, "done");
        }

        // Tried with the third message, and again when the context had grown by a twentieth of the limit.
        Assert.Equal(2, other.Events<CompactionFailed>(session).Count);
        Assert.All(other.Events<CompactionFailed>(session), failed => Assert.Equal("The line is down.", failed.Why));
        Assert.Equal(11, other.Model.LastRequest.Length);
    }

    [Fact]
    public async Task Asked_for_by_a_person_a_failure_is_how_the_turn_ends()
    {
        await using var other = new EngineLife();
        var session = other.Begin();
        other.Model.Answers(Answer.Of(Much), Answer.Failing("The line is down."), Answer.Of("Still here."));
        await session.SubmitAsync("one", other.Terminal);
        await EngineLife.Is(session, "done");

        await session.CompactAsync(null, other.Terminal);
        await EngineLife.Is(session, "error");
        await session.SubmitAsync("two", other.Terminal);
        await EngineLife.Is(session, "done");

        Assert.Equal(["user: one", $"assistant: {Much}", "user: two"], other.Model.LastRequest);
    }

    [Fact]
    public async Task Esc_ends_it_and_the_context_is_as_it_was()
    {
        await using var other = new EngineLife();
        var gate = new ModelGate();
        other.Model.Always(r => r.IsForSummary ? Answer.Held(gate) : Answer.Of(Much));
        var session = await other.BeginAsync("one");
        await EngineLife.Is(session, "done");

        await session.CompactAsync(null, other.Terminal);
        await gate.Reached;
        Assert.Equal("running", session.Row!.State);
        Assert.Equal("The context is being compacted already.", await session.CompactAsync(null, other.Terminal));
        await session.InterruptAsync();
        await EngineLife.Is(session, "cancelled");
        await session.SubmitAsync("two", other.Terminal);
        await EngineLife.Is(session, "done");

        Assert.Equal(["user: one", $"assistant: {Much}", "user: two"], other.Model.LastRequest);
    }

    [Fact]
    public async Task Asked_for_in_a_running_turn_it_is_done_before_the_next_step_with_the_open_request_kept()
    {
        var session = await LongAsync();
        life.Policy.Judge = _ => Berth.Core.Permissions.Verdict.Ask;
        life.Model.Answers(Answer.Bash("echo tide", "t1"), Answer.Of("Seen."));
        await session.SubmitAsync("look", life.Terminal);
        await EngineLife.Is(session, "waiting");

        Assert.Null(await session.CompactAsync(null, life.Terminal));
        Assert.Equal("waiting", session.Row!.State);
        await session.AnswerAsync(null, "yes", null, life.Terminal);
        await EngineLife.Is(session, "done");

        Assert.StartsWith("user: [Context compacted]", life.Model.LastRequest[0]);
        Assert.Equal(["user: look", "assistant:  → bash(t1)"], life.Model.LastRequest[^3..^1]);
        Assert.StartsWith("result t1: tide", life.Model.LastRequest[^1]);
    }

    [Fact]
    public async Task Running_tasks_and_the_files_that_were_read_and_changed_are_named()
    {
        await File.WriteAllTextAsync(Path.Combine(life.Project, "a.txt"), "tide\n");
        var session = await LongAsync();
        life.Model.Answers(
            Answer.Calling("read", """{"path":"a.txt"}""", "r1").ThenCall("write", """{"path":"b.txt","content":"boat"}""", "w1")
                .ThenBash("sleep 1000", "s1", background: true),
            Answer.Of(Much));
        await session.SubmitAsync("work", life.Terminal);
        await EngineLife.Is(session, "done");

        await session.CompactAsync(null, life.Terminal);
        await EngineLife.Is(session, "done");
        var text = life.Events<ContextCompacted>(session).Single().Text;

        Assert.Contains("Running now; a notice will come when one ends:\n- task #1: sleep 1000\n", text);
        Assert.Contains("Files that you have changed in this session:\n- b.txt\n", text);
        Assert.Contains("Files that you have read in this session (an edit needs no new read unless the file has changed since):\n- a.txt\n", text);

        // And it is true: an edit is taken without another read, now and after a second compaction.
        life.Model.Answers(Answer.Calling("edit", """{"path":"a.txt","old_string":"tide","new_string":"ebb"}""", "e1"), Answer.Of(Much));
        await session.SubmitAsync("change it", life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal("ebb\n", await File.ReadAllTextAsync(Path.Combine(life.Project, "a.txt"), TestContext.Current.CancellationToken));
        await session.CompactAsync(null, life.Terminal);
        await EngineLife.Is(session, "done");
        Assert.Equal(["b.txt", "a.txt"], life.Events<ContextCompacted>(session)[^1].Changed);
    }

    [Fact]
    public async Task A_restart_goes_on_with_the_compacted_context()
    {
        var session = await LongAsync();
        await session.CompactAsync(null, life.Terminal);
        await EngineLife.Is(session, "done");
        await SayAsync(session, "two", "2");

        var next = await life.RestartAsync();
        next.Model.Answers("3");
        session = await next.FindAsync(session);
        await session.SubmitAsync("three", next.Terminal);
        await EngineLife.Is(session, "done");

        Assert.StartsWith("user: [Context compacted]", next.Model.LastRequest[0]);
        Assert.Equal(["user: two", "assistant: 2", "user: three"], next.Model.LastRequest[^3..]);
    }

    [Fact]
    public async Task The_daemon_dies_while_it_is_made_and_nothing_is_lost()
    {
        await using var other = new EngineLife();
        var gate = new ModelGate();
        other.Model.Always(r => r.IsForSummary ? Answer.Held(gate) : null);
        other.Model.Answers(Answer.Of(Much), Answer.Of("Still here."));
        var session = await other.BeginAsync("one");
        await EngineLife.Is(session, "done");
        await session.CompactAsync(null, other.Terminal);
        await gate.Reached;

        var next = await other.DieAsync();
        session = await next.FindAsync(session);
        Assert.Equal("interrupted", session.Row!.State);
        await session.SubmitAsync("two", next.Terminal);
        await EngineLife.Is(session, "done");

        Assert.Equal(["user: one", $"assistant: {Much}", "user: two"], next.Model.LastRequest);
    }

    [Fact]
    public async Task A_copy_up_to_a_turn_before_it_has_the_whole_conversation()
    {
        life.Model.HasForks = true;
        var session = await LongAsync();
        await session.CompactAsync(null, life.Terminal);
        await EngineLife.Is(session, "done");

        var before = await ForkAsync(session, 2);
        await SayAsync(before, "again", "Whole.");
        Assert.Equal(["user: message 1", $"assistant: {Much}", "user: message 2", $"assistant: {Much}", "user: again"], life.Model.LastRequest);

        var after = await ForkAsync(session, null);
        await SayAsync(after, "again", "Short.");
        Assert.StartsWith("user: [Context compacted]", life.Model.LastRequest[0]);
    }

    [Fact]
    public async Task There_is_nothing_to_compact_in_an_empty_session_and_in_one_that_is_all_summary()
    {
        Assert.Equal("There is nothing to compact.", await life.Begin().CompactAsync(null, life.Terminal));

        life.Model.Answers(Answer.Of(Much));
        var session = await life.BeginAsync("one");
        await EngineLife.Is(session, "done");
        Assert.Null(await session.CompactAsync(null, life.Terminal));
        await EngineLife.Is(session, "done");
        Assert.Equal("There is nothing to compact.", await session.CompactAsync(null, life.Terminal));
    }

    [Fact]
    public async Task A_model_that_answers_with_calls_instead_of_a_summary_is_asked_again_and_then_believed_no_more()
    {
        await using var other = new EngineLife();
        other.Model.Always(r => r.IsForSummary ? Answer.Bash("echo no", "n1") : Answer.Of(Much));
        var session = await other.BeginAsync("one");
        await EngineLife.Is(session, "done");

        await session.CompactAsync(null, other.Terminal);
        await EngineLife.Is(session, "error");

        Assert.Contains("gave no summary", other.Events<CompactionFailed>(session).Single().Why);
        Assert.Empty(other.Events<ToolStarted>(session));
    }

    // Three turns with much to say, and a short one.
    private async Task<Session> LongAsync()
    {
        var session = life.Begin();
        foreach (var number in Enumerable.Range(1, 3))
        {
            await SayAsync(session, $"message {number}", Much);
        }

        await SayAsync(session, "short", "Short.");
        return session;
    }

    private Task SayAsync(Session session, string message, string answer) => SayAsync(session, message, Answer.Of(answer));

    private async Task SayAsync(Session session, string message, Answer answer)
    {
        life.Model.Answers(answer);
        await session.SubmitAsync(message, life.Terminal);
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();
    }

    private async Task<Session> ForkAsync(Session original, int? turn) =>
        await life.Sessions.ForkAsync(original, life.Sessions.FreeId(), null, turn, life.Terminal) ?? throw new InvalidOperationException("no copy");
}
