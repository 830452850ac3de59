using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>What a person does and sees, with a daemon that the test plays.</summary>
public sealed class TerminalTests
{
    private readonly TerminalStory story = new();

    [Fact]
    public void The_prompt_stands_before_there_is_a_daemon_and_typed_lines_wait_for_it()
    {
        var early = new TerminalStory(connected: false);
        Assert.Contains("❯ Ask for something", early.Screen);
        Assert.Contains("connecting", early.Screen);
        early.Send("hello");
        early.Type("more");
        Assert.Contains("❯ hello", early.Screen);
        Assert.Contains("❯ more", early.Screen);
        early.Connect();
        Assert.Equal(["hello"], early.Lines);
        Assert.Equal([ClientMethods.Open, ClientMethods.Line], early.Daemon.Sent.Select(s => s.Method));
    }

    [Fact]
    public void A_message_and_its_answer_go_into_the_scrollback()
    {
        story.Send("hello");
        story.Answers();
        story.Happens(
            new UserMessage("hello"), new TurnStarted(1, "message"), new StepStarted(1, "demo"), new TextAdded("Hi **the"));
        Assert.Contains("Working · 0s · Esc interrupts", story.Screen);
        Assert.Contains("Hi **the", story.Screen);
        story.Happens(new TextAdded("re**."), new StepEnded("stop", new Usage(10, 5), []), new TurnEnded("completed", null, null, 2));
        Assert.Equal(
            """
            Berth
            ❯ hello

            Hi there.

              2s · 10 in · 5 out

            ────────────────────────────────────────────────────────────────────────────────
            ❯ Ask for something, or / for commands
            ────────────────────────────────────────────────────────────────────────────────
             demo · ~/project · [6b63bf5c] · 15 tokens
            """,
            story.Screen);
    }

    [Fact]
    public void The_todo_list_stands_above_the_line_while_the_model_works_and_is_a_line_in_the_transcript()
    {
        const string Call = """{"todos":[{"content":"Read","status":"completed"},{"content":"Write it","status":"in_progress"}]}""";
        story.Happens(
            new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "demo"),
            new StepEnded("tools", new Usage(), [new ToolCall("c", "todo", Call)]), new ToolStarted("c"),
            new TodosChanged([
                new("Read", "completed"), new("Later", "pending"), new("Write\u001b[31m it", "in_progress"), new("Test", "pending"),
                new("A", "pending"), new("B", "pending"), new("C", "pending"),
            ]),
            new ToolEnded("c", "ok", "Kept.", "1 of 7 done"));

        Assert.Contains(
            """
            ● todo  Write it
              └ 1 of 7 done

            ⠋ Working · 0s · Esc interrupts
              ✓ 1 of 7 done
              ▸ Write␛[31m it
              ○ Later
              ○ Test
              ○ A
                … 2 more
            """,
            story.Screen);

        story.Happens(new StepStarted(2, "demo"), new TextAdded("Done."), new StepEnded("stop", new Usage(), []), new TurnEnded("completed", null, null, 1));
        Assert.DoesNotContain("▸", story.Screen);

        story.Happens(new TurnStarted(2, "message"));
        Assert.Contains("▸ Write␛[31m it", story.Screen);
        story.Happens(new TodosChanged([new("Read", "completed")]));
        Assert.DoesNotContain("✓", story.Screen);
    }

    [Fact]
    public void Sending_to_the_background_leaves_a_clean_screen_with_the_two_lines()
    {
        story.Happens(new UserMessage("long work"), new TurnStarted(1, "message"));
        story.Send("/bg");
        story.Look("12d1bd74", fresh: true);
        story.Answers("New foreground session [12d1bd74]", "Background: [#1] 6b63bf5c (state: running)");
        Assert.Equal(
            """
            New foreground session [12d1bd74]
            Background: [#1] 6b63bf5c (state: running)

            ────────────────────────────────────────────────────────────────────────────────
            ❯ Ask for something, or / for commands
            ────────────────────────────────────────────────────────────────────────────────
             demo · ~/project · [12d1bd74]
            """,
            story.Screen);
        Assert.Equal("33", story.Display.StyleAt(1, 34));
        Assert.Contains("❯ long work", story.Display.AllLines);
    }

    [Fact]
    public void A_swap_shows_the_whole_history_and_the_report_below_it()
    {
        story.Send("/bg 1");
        story.Look("12d1bd74", last: 4, name: "parser");
        Assert.DoesNotContain("parser", story.Screen);
        story.Answers("Resumed session [#1] 12d1bd74 (state: running)", "Previous active sent to bg [#1] 6b63bf5c (state: idle)", "Summary: fix it");
        story.HappensIn("12d1bd74",
            new UserMessage("fix it"), new TurnStarted(1, "message"), new StepStarted(1, "demo"), new TextAdded("First.\n\nSecond "));
        story.HappensIn("12d1bd74", new TextAdded("part"));
        Assert.StartsWith(
            """
            ── [12d1bd74] parser ───────────────────────────────────────────────────────────

            ❯ fix it

            First.

            Resumed session [#1] 12d1bd74 (state: running)
            Previous active sent to bg [#1] 6b63bf5c (state: idle)
            Summary: fix it

            Second part
            """,
            story.Screen);
    }

    [Fact]
    public void Events_of_a_session_that_is_not_looked_at_any_more_are_not_shown()
    {
        story.Send("/bg");
        story.Look("12d1bd74", fresh: true);
        story.HappensIn("6b63bf5c", new UserMessage("late"));
        Assert.DoesNotContain("late", story.Screen);
    }

    [Fact]
    public void A_long_history_is_drawn_to_its_limit_and_says_where_the_rest_is()
    {
        story.Send("/bg 1");
        story.Look("12d1bd74", last: 3_000);
        story.HappensIn("12d1bd74", [.. Enumerable.Range(1, 3_000).Select(i => (SessionEvent)new UserMessage($"message {i}"))]);
        var lines = story.Display.AllLines;
        Assert.DoesNotContain("❯ message 499", lines);
        Assert.Contains("❯ message 501", lines);
        Assert.Contains("❯ message 3000", lines);
        var omitted = lines.FindIndex(l => l.StartsWith("Earlier history is not drawn here"));
        Assert.InRange(lines.Count - omitted, Limits.HistoryLines, Limits.HistoryLines + 10);
    }

    [Fact]
    public void A_table_stands_in_columns_with_the_states_coloured()
    {
        story.Send("/bg /list");
        story.Answers(new Reply(Table: new Table(["#", "ID", "State", "Created", "Summary"], [
            [new("1"), new("12d1bd74"), new("running", "running"), new("20:14"), new("fix the parser and then go on with the rest of it, please")],
            [new("12"), new("aa01bb02"), new("done •", "done"), new("20:15"), new("日本語")],
        ])));
        Assert.Contains(
            """
            ❯ /bg /list
            #   ID        State    Created  Summary
            1   12d1bd74  running  20:14    fix the parser and then go on with the rest of …
            12  aa01bb02  done •   20:15    日本語
            """,
            story.Screen);
        var row = Array.FindIndex(story.Display.Screen, r => r.StartsWith("1 "));
        Assert.Equal("33", story.Display.StyleAt(row, 14));
        Assert.Equal("32", story.Display.StyleAt(row + 1, 14));
    }

    [Fact]
    public void A_message_during_a_turn_is_shown_as_queued_and_stands_where_the_model_got_it()
    {
        story.Happens(new TurnStarted(1, "message"), new StepStarted(1, "demo"), new TextAdded("Working on it."));
        story.Happens(new UserMessage("and hurry"));
        Assert.Contains("❯ and hurry\n  queued", story.Screen);
        story.Happens(new StepEnded("tools", new Usage(), [new ToolCall("c1", "read", """{"path":"a"}""")]),
            new ToolStarted("c1"), new ToolEnded("c1", "ok", "x", "1 line"), new StepStarted(2, "demo"));
        Assert.Contains("● read  a\n  └ 1 line\n\n❯ and hurry\n\n⠋".TrimEnd('⠋'), story.Screen);
    }

    [Fact]
    public void A_daemon_that_dies_is_replaced_and_nothing_typed_is_lost()
    {
        story.Happens(new UserMessage("one"), new TurnStarted(1, "message"));
        story.Send("two");
        story.Terminal.Disconnected();
        story.Draw();
        Assert.Contains("The daemon is gone", story.Screen);
        Assert.Contains("❯ two", story.Screen);
        story.Type(" and more");

        var next = new SilentDaemon();
        story.Connect(next);
        var open = next.Sent.Single(s => s.Method == ClientMethods.Open).Parameters;
        Assert.Contains("\"attach\"", open);
        Assert.Contains("\"6b63bf5c\"", open);
        Assert.Contains("\"after\":2", open);
        story.Look("6b63bf5c", last: 3, clean: false, after: 2);
        story.Happens(new TurnEnded("interrupted", null, null, 5));
        Assert.Contains("❯ one", story.Screen);
        Assert.Contains("The daemon ended during this turn", story.Screen);
        Assert.Contains("❯ two and more", story.Screen);
        story.Press("\r");
        Assert.Equal(["two and more"], next.Lines);
    }

    [Fact]
    public void A_daemon_that_cannot_be_had_is_said_once_and_the_line_stays()
    {
        var early = new TerminalStory(connected: false);
        early.Terminal.NotConnected("The daemon did not answer within 10 seconds. Its log is /x.");
        early.Draw();
        early.Send("hello");
        Assert.Contains("The daemon did not answer", early.Screen);
        Assert.Contains("❯ hello", early.Screen);
    }

    [Fact]
    public void A_first_session_that_does_not_exist_ends_the_terminal_with_words()
    {
        var early = new TerminalStory(open: new OpenView("resume", "nope"), connected: false);
        early.Connect();
        early.Say(early.Daemon.Refusal(ClientMethods.Open, "There is no session 'nope'."));
        Assert.Equal(1, early.Terminal.ExitCode);
        Assert.Contains("There is no session 'nope'.", early.Display.ScreenText);
    }

    [Fact]
    public void A_notice_is_one_line_in_the_foreground()
    {
        story.Type("draft");
        story.Say(SilentDaemon.Notification(DaemonMethods.Notice, new Notice("[#1] 12d1bd74 done: fix it", "done"), MessageJson.Notice));
        Assert.Contains("[#1] 12d1bd74 done: fix it", story.Screen);
        Assert.Contains("❯ draft", story.Screen);
    }

    [Fact]
    public void The_status_line_counts_the_background_and_gives_way_on_a_narrow_screen()
    {
        story.Say(SilentDaemon.Notification(DaemonMethods.Board, new BoardNews(2, 1, 3, [], Error: 1), MessageJson.BoardNews));
        Assert.EndsWith(" demo · ~/project · [6b63bf5c] · bg: 2 running · 1 waiting · 1 error · 3 done", story.Screen);
        story.Resize(50, 24);
        Assert.EndsWith(" bg: 2 running · 1 waiting · 1 error · 3 done", story.Screen);
        story.Resize(20, 24);
        Assert.EndsWith(" bg: 2 running · 1 …", story.Screen);
        story.Resize(80, 24);
        story.Say(SilentDaemon.Notification(DaemonMethods.Board, new BoardNews(0, 0, 0, [], Interrupted: 2), MessageJson.BoardNews));
        Assert.EndsWith(" · bg: 2 interrupted", story.Screen);
    }

    [Fact]
    public void A_greeting_says_what_is_in_the_background()
    {
        var row = new SessionRow("12d1bd74", null, SessionStates.Running, default, default, 1, "fix", 1, false, null, null, "session", "/p", "/p", 0, new Usage());
        var early = new TerminalStory(connected: false);
        early.Connect(new SilentDaemon
        {
            Welcome = new Welcome(1, "0.1.0", "/b", 1, "/p", "demo", ["No model is configured: demo answers."], new BoardNews(1, 0, 0, [row])),
        });
        Assert.Contains("No model is configured", early.Screen);
        Assert.Contains("In the background: [#1] 12d1bd74 running", early.Screen);
    }

    [Fact]
    public void While_the_window_changes_its_width_a_streaming_answer_leaves_no_trace_of_old_frames()
    {
        story.Happens(new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "demo"));
        var text = "";
        foreach (var width in new[] { 80, 60, 100, 33, 80 })
        {
            story.Resize(width, 24);
            for (var i = 0; i < 5; i++)
            {
                story.Happens(new TextAdded($"word{width}x{i} "));
                text += $"word{width}x{i} ";
            }
        }

        var all = string.Join('\n', story.Display.AllLines);
        Assert.Equal(1, all.Split("Working").Length - 1);
        Assert.Equal(1, all.Split("word80x0").Length - 1 - 1);
        Assert.Equal(1, all.Split("[6b63bf5c]").Length - 1);
        story.Happens(new StepEnded("stop", new Usage(), []), new TurnEnded("completed", null, null, 1));
        Assert.Equal(text.Trim(), string.Join(' ', story.Display.AllLines.SkipWhile(l => !l.StartsWith("word")).TakeWhile(l => l.StartsWith("word"))).Trim());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 2)]
    [InlineData(10, 3)]
    [InlineData(20, 6)]
    [InlineData(300, 100)]
    public void The_smallest_and_the_largest_window_are_drawn(int columns, int rows)
    {
        story.Happens(new UserMessage("go"), new TurnStarted(1, "message"), new StepStarted(1, "demo"), new TextAdded("text 日本語 "));
        story.Type("draft 日本語 👩‍👩‍👧");
        story.Resize(columns, rows);
        story.Happens(new RequestOpened("r1", "c1", "bash", "npm test", string.Join('\n', Enumerable.Range(1, 100)), "why", "bash(npm test)"));
        story.Pass(TimeSpan.FromSeconds(1));
        story.Resize(80, 24);
        Assert.Contains("? npm test", story.Screen);
    }
}
