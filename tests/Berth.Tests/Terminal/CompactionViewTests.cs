using Berth.Cli;
using Berth.Protocol.Events;
using Berth.Rendering;
using Berth.Views;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>While a context is compacted a person sees what goes on, and then a rule across a history that stays whole.</summary>
public sealed class CompactionViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 6, 20, 14, 3, TimeSpan.Zero);
    private static readonly SessionEvent[] Before = [new UserMessage("count the boats"), new TurnStarted(1, "message"), new TurnEnded("completed", null, null, 1)];
    private static readonly SessionEvent[] Begun = [.. Before, new CompactionAsked(null), new TurnStarted(2, "compact"), new CompactionStarted("asked", 182_400, "gpt")];
    private static readonly ContextCompacted Done = new(40, "told to the model only", 182_400, 12_900, new Usage(182_000, 900), "gpt", [], []);

    [Fact]
    public void It_is_shown_while_it_goes_on()
    {
        var transcript = Fold(Begun);
        var (said, live) = (new List<Row>(), new List<Row>());
        transcript.Commit(Context, said);
        transcript.Draw(Context, live);

        Assert.Equal($"\n{Context.Spinner} Compacting the context (182k tokens, as you asked) · 9s · Esc interrupts", Text(live));
        Assert.True(transcript.IsMoving);
    }

    [Fact]
    public void Then_a_rule_stands_in_the_history() => Assert.Equal(
        """
        ❯ count the boats

          1s

        ── context compacted: 182k → 12k tokens ────────────────────────────────────────

          9s · 182k in · 900 out
        """,
        History([.. Begun, Done, new TurnEnded("completed", null, null, 9)]));

    [Fact]
    public void A_failure_says_that_nothing_has_changed() => Assert.EndsWith(
        """
        ✗ The context was not compacted; it is as it was. The line is down.

        ✗ The context was not compacted; nothing is lost.
          Try again.
        """,
        History([.. Begun, new CompactionFailed(1, "The line is down.", "Try again."),
            new TurnEnded("failed", "The context was not compacted; nothing is lost.", "Try again.", 9)]));

    [Theory]
    [InlineData("cancelled")]
    [InlineData("interrupted")]
    public void A_turn_that_ends_in_the_middle_of_it_leaves_nothing_moving(string reason)
    {
        var transcript = Fold([.. Begun, new TurnEnded(reason, null, null, 3)]);
        var rows = new List<Row>();
        transcript.Commit(Context, rows);

        Assert.False(transcript.IsMoving);
        Assert.Contains("The compaction was interrupted; the context is as it was.", Text(rows));
    }

    [Fact]
    public void Asked_for_in_a_running_turn_it_is_said_that_it_waits() => Assert.EndsWith(
        "The context is compacted before the next step.",
        History(new TurnStarted(1, "message"), new CompactionAsked(null)));

    [Fact]
    public void The_transcript_in_plain_text_has_the_rule_too()
    {
        var text = new TranscriptText();
        Assert.Equal("── context compacted: 182k → 12k tokens ──\n", text.Of(Done));
    }

    private static DrawContext Context => new(80, Start.AddSeconds(9), _ => []);

    private static string History(params SessionEvent[] events)
    {
        var rows = new List<Row>();
        Fold(events).Commit(Context, rows);
        return Text(rows);
    }

    private static Transcript Fold(params SessionEvent[] events)
    {
        var transcript = new Transcript(new MarkdownView());
        for (var i = 0; i < events.Length; i++)
        {
            transcript.Apply(new StoredEvent(i + 1, Start, events[i]));
        }

        return transcript;
    }

    private static string Text(List<Row> rows) => string.Join('\n', rows.Select(r => r.Text));
}
