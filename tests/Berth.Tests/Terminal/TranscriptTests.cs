using Berth.Protocol.Events;
using Berth.Rendering;
using Berth.Views;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class TranscriptTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 6, 20, 14, 3, TimeSpan.Zero);
    private static readonly MarkdownView Markdown = new();

    private static readonly SessionEvent[] Conversation =
    [
        new SessionCreated("12d1bd74", "/p", "/p", "session", null, "0.1.0"),
        new UserMessage("fix the parser"),
        new TurnStarted(1, "message"),
        new StepStarted(1, "gpt"),
        new ReasoningAdded("Let me look "),
        new ReasoningAdded("at it first."),
        new TextAdded("I will look.\n\nThen **te"),
        new TextAdded("st** it.\n"),
        new UserMessage("and hurry"),
        new StepEnded("tools", new Usage(1200, 50), [
            new ToolCall("c1", "bash", """{"command":"npm test"}"""),
            new ToolCall("c2", "read", """{"path":"src/parser.cs"}"""),
        ]),
        new RequestOpened("r1", "c1", "bash", "npm test", "npm test", "it may change files", "bash(npm test)"),
        new RequestAnswered("r1", "always", null),
        new ToolStarted("c1"),
        new ToolStarted("c2"),
        new ToolEnded("c2", "ok", "…", "120 lines"),
        new ToolEnded("c1", "error", "1 failed\nat line 3", "exit code 1"),
        new StepStarted(2, "gpt"),
        new StepRetrying(1, 2000, "HTTP 503"),
        new TextAdded("Done."),
        new StepEnded("stop", new Usage(1300, 10), []),
        new TurnEnded("completed", null, null, 12.4),
    ];

    [Theory]
    [InlineData("length", "  The answer is cut: it reached the model's longest length.")]
    [InlineData("refusal", "  The model, or a filter of its provider, refused to go on.")]
    public void An_answer_that_did_not_come_to_its_own_end_says_so(string stop, string words)
    {
        var text = Text(History(
        [
            new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "gpt"), new TextAdded("Half an"),
            new StepEnded(stop, new Usage(), []), new TurnEnded("completed", null, null, 1),
        ]));

        Assert.Contains($"Half an\n\n{words}\n", text);
    }

    [Fact]
    public void A_conversation_reads_as_it_went() => Assert.Equal(
        """
        ❯ fix the parser

        ∴ Let me look at it first.

        I will look.

        Then test it.

        ● bash  npm test
          │ 1 failed
          │ at line 3
          └ allowed for this session · exit code 1 · 3s
        ● read  src/parser.cs
          └ 120 lines · 1s

        ❯ and hurry

        ↻ Request 1 failed: HTTP 503

        Done.

          12s · 2.5k in · 60 out
        """,
        Text(History(Conversation)));

    [Fact]
    public void What_was_printed_live_is_word_for_word_the_history_drawn_later()
    {
        for (var cut = 1; cut < 6; cut++)
        {
            var transcript = new Transcript(Markdown);
            var rows = new List<Row>();
            for (var i = 0; i < Conversation.Length; i++)
            {
                transcript.Apply(new StoredEvent(i + 1, Start.AddSeconds(i), Conversation[i]));
                if (i % cut == 0)
                {
                    transcript.Commit(Context(i), rows);
                    transcript.Draw(Context(i), []);
                }
            }

            transcript.Commit(Context(100), rows);
            Assert.Equal(Text(History(Conversation)), Text(rows));
        }
    }

    [Fact]
    public void While_a_tool_runs_its_time_and_the_end_of_its_output_are_seen()
    {
        var transcript = Fold(
            new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "gpt"),
            new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", """{"command":"make"}""")]),
            new ToolStarted("c1"),
            new TaskStarted(42, "shell", "c1", "make", null, 4711, 1, "/out/42", "model"));
        var context = new DrawContext(80, Start.AddSeconds(10), path => path == "/out/42" ? ["one", "two"] : []);
        transcript.Commit(context, []);
        var rows = new List<Row>();
        transcript.Draw(context, rows);
        Assert.Equal(
            $"""

            {context.Spinner} bash  make
              │ one
              │ two
              └ 6s · Ctrl+B sends it to the background
            """,
            Text(rows));
        Assert.True(transcript.HasForegroundWork);
    }

    [Fact]
    public void Who_waits_for_the_providers_limit_says_so_as_long_as_it_waits()
    {
        SessionEvent[] waiting =
        [
            new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "gpt"), new StepWaiting(12_000, "the server asked to wait (Retry-After)"),
        ];

        Assert.Equal("◷ Waiting for the provider's limit, 7s: the server asked to wait (Retry-After)", LiveAt(8, waiting));
        Assert.Equal(
            "◷ Waiting for the provider's limit, for 6s: 2 of 2 requests are in flight (max_concurrent)",
            LiveAt(10, [.. waiting, new StepWaiting(null, "2 of 2 requests are in flight (max_concurrent)")]));
        Assert.Equal("", LiveAt(10, [.. waiting, new StepWaiting(null, null)]));
        Assert.DoesNotContain("Waiting", Text(History([.. waiting, new StepWaiting(null, null), new TextAdded("Here.")])));
    }

    private static string LiveAt(int seconds, SessionEvent[] events)
    {
        var transcript = Fold(events);
        var rows = new List<Row>();
        var context = new DrawContext(100, Start.AddSeconds(seconds), _ => []);
        transcript.Commit(context, []);
        transcript.Draw(context, rows);
        return Text(rows).Trim();
    }

    [Theory]
    [InlineData("cancelled", null, "  Interrupted · 3s")]
    [InlineData("failed", "The model said 401.", "✗ The model said 401.\n  Check the key.")]
    [InlineData("interrupted", null, "✗ The daemon ended during this turn. Nothing was sent again;\nwhat is above is kept.")]
    public void A_turn_that_did_not_complete_says_how_it_ended(string reason, string? error, string expected)
    {
        var rows = History(new TurnStarted(1, "message"), new TurnEnded(reason, error, "Check the key.", 3));
        Assert.Equal(expected, Text(rows));
    }

    [Fact]
    public void A_call_that_got_no_result_is_not_shown_as_running_for_ever()
    {
        var rows = History(
            new TurnStarted(1, "message"), new StepStarted(1, "gpt"),
            new StepEnded("tools", new Usage(), [new ToolCall("c1", "bash", "{}"), new ToolCall("c2", "bash", "not json")]),
            new ToolStarted("c1"), new TurnEnded("interrupted", null, null, 1));
        Assert.Equal(
            """
            ● bash  {}
              └ unknown outcome: the daemon ended meanwhile · 1s
            ● bash  not json
              └ interrupted

            ✗ The daemon ended during this turn. Nothing was sent again;
            what is above is kept.
            """,
            Text(rows));
    }

    [Fact]
    public void Requests_are_open_until_they_are_answered_or_the_turn_ends()
    {
        var transcript = Fold(
            new TurnStarted(1, "message"),
            new RequestOpened("r1", "c1", "bash", "a", "a", "why", null),
            new RequestOpened("r2", "c2", "bash", "b", "b", "why", null),
            new RequestAnswered("r1", "yes", null));
        Assert.Equal(["r2"], transcript.Requests.Select(r => r.Request));
        transcript.Apply(new StoredEvent(9, Start, new TurnEnded("cancelled", null, null, 1)));
        Assert.Empty(transcript.Requests);
    }

    [Fact]
    public void A_notice_shows_its_lines_in_their_colour()
    {
        var rows = History(new NoticeAdded(
            [42], ["[Task #42 completed] npm test -- --watch — exit code 0 (12 tests passed)"], "told to the model", true));
        Assert.Equal("[Task #42 completed] npm test -- --watch — exit code 0 (12 tests passed)", Text(rows).Replace("\n", " "));
        Assert.Equal(Color.Green, rows[0].Pieces[0].Style.Color);
    }

    [Fact]
    public void A_persons_command_that_ends_in_sight_shows_its_output_once()
    {
        var rows = History(
            Started(7), new TaskEnded(7, "exited", 0, null, [], 4, 0.1, "last line"),
            new NoticeAdded([7], ["[Task #7 completed] ls — exit code 0 (last line)"], "…", false));
        Assert.Equal("! ls\n  last line\n  └ exit code 0", Text(rows));
    }

    [Fact]
    public void A_persons_command_in_the_background_is_told_of_when_it_ends()
    {
        var rows = History(
            Started(7), new TaskBackgrounded(7, "key"), new UserMessage("go on"),
            new TaskEnded(7, "signaled", null, "SIGKILL", [], 4, 9, null),
            new NoticeAdded([7], ["[Task #7 killed] ls — signal SIGKILL"], "…", false));
        Assert.Equal(
            "! ls\n  └ Task #7 dispatched to background\n\n❯ go on\n\n[Task #7 killed] ls — signal SIGKILL", Text(rows));
    }

    [Fact]
    public void A_persons_command_that_runs_holds_nothing_up_and_stands_where_it_ended()
    {
        var transcript = Fold(Started(7), new UserMessage("go on"));
        var (rows, live) = (new List<Row>(), new List<Row>());
        transcript.Commit(Context(3), rows);
        transcript.Draw(Context(3), live);
        Assert.Equal("❯ go on", Text(rows));
        Assert.Equal("\n! ls\n  └ ⠋ 3s · Ctrl+B sends it to the background", Text(live));
        Assert.True(transcript.HasForegroundWork);

        transcript.Apply(new StoredEvent(3, Start, new TaskEnded(7, "exited", 0, null, [8], 4, 9, null)));
        transcript.Commit(Context(3), rows);
        Assert.Equal("❯ go on\n\n! ls\n  └ exit code 0, 1 process still running", Text(rows));
        Assert.False(transcript.HasForegroundWork);
    }

    [Fact]
    public void Only_a_call_that_waits_for_a_task_can_go_to_the_background()
    {
        var transcript = Fold(
            new StepEnded("tools", new Usage(), [new ToolCall("c1", "read", "{}"), new ToolCall("c2", "bash", "{}")]), new ToolStarted("c1"));
        Assert.False(transcript.HasForegroundWork);
        transcript.Apply(new StoredEvent(3, Start, new ToolStarted("c2")));
        transcript.Apply(new StoredEvent(4, Start, Started(7) with { Call = "c2" }));
        Assert.True(transcript.HasForegroundWork);
        transcript.Apply(new StoredEvent(5, Start, new ToolEnded("c2", "ok", "", null)));
        Assert.False(transcript.HasForegroundWork);
    }

    private static TaskStarted Started(long task) =>
        new(task, "shell", null, "ls", null, 4711, 1, "/gone", "user");

    [Fact]
    public void An_edit_shows_what_it_changes()
    {
        var rows = History(
            new StepEnded("tools", new Usage(), [
                new ToolCall("c1", "edit", """{"path":"a.cs","old_string":"int x;\n","new_string":"int y;\nint z;\n"}"""),
            ]),
            new ToolStarted("c1"), new ToolEnded("c1", "ok", "", "1 place"));
        Assert.Equal(
            """
            ● edit  a.cs
                -int x;
                +int y;
                +int z;
              └ 1 place · 1s
            """,
            Text(rows));
    }

    [Fact]
    public void Every_kind_of_event_is_taken_and_no_text_of_it_controls_the_screen()
    {
        const string Hostile = "x\x1b[2J\u009b1m\r\u202Ey\a";
        SessionEvent[] all =
        [
            new SessionRenamed(Hostile), new ModelChosen(Hostile), new PermissionModeChosen(Hostile), new UserMessage(Hostile),
            new TurnStarted(1, Hostile), new StepStarted(1, Hostile), new TextAdded(Hostile), new ReasoningAdded(Hostile),
            new StepRetrying(1, 1, Hostile), new StepWaiting(1, Hostile), new RemarkAdded(Hostile, Hostile, Hostile), new UnknownEvent(Hostile),
            new StepEnded(Hostile, new Usage(), [new ToolCall("c", Hostile, Hostile), new ToolCall("d", "edit", $$"""{"old_string":"\u001b[1m"}""")]),
            new RequestOpened("r", "c", Hostile, Hostile, Hostile, Hostile, Hostile), new RequestAnswered("r", "no", Hostile),
            new ToolStarted("c"), new TaskStarted(1, "shell", "c", Hostile, Hostile, 1, 1, Hostile, "model"),
            new TaskStarted(2, "shell", null, Hostile, Hostile, 1, 1, Hostile, "user"), new TaskBackgrounded(1, "key"),
            new TaskEnded(1, "exited", 0, null, [], 1, 1, Hostile), new TaskEnded(2, Hostile, null, Hostile, [], 1, 1, Hostile),
            new ToolEnded("c", Hostile, Hostile, Hostile), new ToolEnded("d", "ok", Hostile, Hostile),
            new NoticeAdded([1], [Hostile], Hostile, true), new TurnEnded("failed", Hostile, Hostile, 1),
        ];
        var transcript = new Transcript(Markdown);
        var rows = new List<Row>();
        var context = new DrawContext(40, Start, _ => [Hostile]);
        for (var i = 0; i < all.Length; i++)
        {
            transcript.Apply(new StoredEvent(i + 1, Start, all[i]));
            transcript.Draw(context, rows);
            foreach (var request in transcript.Requests)
            {
                new RequestPrompt(request, "1 of 1", 0, true, false).Draw(40, 20, rows);
            }

            transcript.Commit(context, rows);
        }

        Assert.All(rows, r => Assert.DoesNotContain(r.Text, c => char.IsControl(c) || c is '\u202E'));
        Assert.All(rows, r => Assert.True(r.Width <= 40, r.Text));
    }

    private static Transcript Fold(params SessionEvent[] events)
    {
        var transcript = new Transcript(Markdown);
        for (var i = 0; i < events.Length; i++)
        {
            transcript.Apply(new StoredEvent(i + 1, Start.AddSeconds(i), events[i]));
        }

        return transcript;
    }

    private static List<Row> History(params SessionEvent[] events)
    {
        var rows = new List<Row>();
        Fold(events).Commit(Context(100), rows);
        return rows;
    }

    private static DrawContext Context(int seconds) => new(60, Start.AddSeconds(seconds), _ => []);

    private static string Text(List<Row> rows) => string.Join('\n', rows.Select(r => r.Text));
}
