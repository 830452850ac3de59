using Berth.Protocol.Events;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Terminal;

/// <summary>The question that a request asks, and the keys that answer it or do not.</summary>
public sealed class RequestTests
{
    private readonly TerminalStory story = new();

    private static readonly RequestOpened Request =
        new("r1", "c1", "bash", "npm test", "npm test", "it may change files", "bash(npm test)");

    [Fact]
    public void The_question_shows_what_why_and_how_to_answer()
    {
        Ask(Request);
        Assert.Contains(
            """
            ? npm test
              it may change files
            ❯ 1. Yes (y)
              2. Yes, and do not ask again in this session for bash(npm test) (a)
              3. No (n)
              4. No, and tell the model … (t)
            """,
            story.Screen);
    }

    [Theory]
    [InlineData("y", "/answer r1 y")]
    [InlineData("Y", "/answer r1 y")]
    [InlineData("1", "/answer r1 y")]
    [InlineData("a", "/answer r1 a")]
    [InlineData("2", "/answer r1 a")]
    [InlineData("n", "/answer r1 n")]
    [InlineData("3", "/answer r1 n")]
    [InlineData("\r", "/answer r1 y")]
    [InlineData("\x1b[B\r", "/answer r1 a")]
    [InlineData("\x1b[A\x1b[A\r", "/answer r1 n")]
    public void Keys_answer_it(string keys, string line)
    {
        Ask(Request);
        Pass();
        story.Press(keys);
        Assert.Equal([line], story.Lines);
    }

    [Fact]
    public void A_no_can_tell_the_model_something_and_the_draft_waits()
    {
        Ask(Request);
        Pass();
        story.Type("t");
        Assert.Contains("Tell the model", story.Screen);
        story.Type("use pnpm");
        story.Press("\r");
        Assert.Equal(["/answer r1 n use pnpm"], story.Lines);
    }

    [Fact]
    public void Going_back_from_telling_answers_nothing()
    {
        Ask(Request);
        Pass();
        story.Type("t");
        story.Type("use p");
        story.Escape();
        Assert.Empty(story.Lines);
        Assert.Contains("1. Yes", story.Screen);
        Pass();
        story.Type("y");
        Assert.Equal(["/answer r1 y"], story.Lines);
    }

    [Fact]
    public void What_is_being_typed_when_the_question_appears_goes_on_in_the_line()
    {
        story.Type("yes, an");
        Ask(Request);
        story.Type("y way\r");
        Assert.Equal(["yes, any way"], story.Lines);
    }

    [Fact]
    public void A_sentence_begun_in_the_same_moment_is_no_answer()
    {
        Ask(Request);
        story.Type("y");
        story.Pass(TimeSpan.FromMilliseconds(120));
        story.Type("o");
        Pass();
        Assert.Empty(story.Lines);
        Assert.Contains("❯ yo", story.Screen);
    }

    [Fact]
    public void Keys_in_the_input_before_the_question_was_seen_do_not_count()
    {
        story.Type("yyy");
        Ask(Request);
        Pass();
        Assert.Empty(story.Lines);
        Assert.Contains("❯ yyy", story.Screen);
        Assert.Contains("Tab goes to the question", story.Screen);
    }

    [Fact]
    public void Enter_typed_ahead_takes_no_choice()
    {
        Ask(Request);
        story.Press("\r");
        Pass();
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void One_quick_key_counts_when_the_moment_is_over_and_nothing_followed()
    {
        story.Send("do it");
        Ask(Request);
        story.Type("y");
        Assert.Equal(["do it"], story.Lines);
        Pass();
        Assert.Equal(["do it", "/answer r1 y"], story.Lines);
    }

    [Fact]
    public void With_something_in_the_line_tab_chooses_who_gets_the_keys()
    {
        story.Type("draft");
        Ask(Request);
        Pass();
        story.Type("y");
        Assert.Empty(story.Lines);
        Pass();
        story.Press("\t");
        story.Type("n");
        Assert.Equal(["/answer r1 n"], story.Lines);
        Assert.Contains("❯ drafty", story.Screen);
    }

    [Fact]
    public void Several_requests_are_asked_one_after_another()
    {
        Ask(Request, Request with { Request = "r2", Title = "rm -rf x", Detail = "rm -rf x" }, Request with { Request = "r3" });
        Assert.Contains("? npm test  (1 of 3)", story.Screen);
        Pass();
        story.Type("y");
        story.Happens(new RequestAnswered("r1", "yes", null));
        Assert.Contains("? rm -rf x  (1 of 2)", story.Screen);
        Pass();
        story.Type("n");
        Assert.Equal(["/answer r1 y", "/answer r2 n"], story.Lines);
    }

    [Fact]
    public void A_request_answered_elsewhere_goes_away()
    {
        Ask(Request);
        Pass();
        story.Type("t");
        story.Happens(new RequestAnswered("r1", "yes", null));
        Assert.DoesNotContain("Tell the model", story.Screen);
        Assert.DoesNotContain("1. Yes", story.Screen);
        story.Type("hello\r");
        Assert.Equal(["hello"], story.Lines);
    }

    [Fact]
    public void A_long_command_is_cut_to_the_screen_and_can_be_read_in_full()
    {
        var command = string.Join('\n', Enumerable.Range(1, 60).Select(i => $"echo {i}"));
        Ask(Request with { Title = "bash", Detail = command });
        Assert.Contains("more lines; v shows all", story.Screen);
        Assert.Contains("4. No, and tell", story.Screen);
        Assert.DoesNotContain("echo 60", story.Screen);
        Pass();
        story.Type("v");
        Assert.Contains("    echo 60", story.Display.AllLines);
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void On_a_small_screen_what_is_asked_and_the_choices_stay()
    {
        story.Resize(40, 12);
        Ask(Request with
        {
            Title = "write big.txt (+200 −201)", Why = "it changes a file far outside of this project and more",
            Detail = "--- big.txt\n+++ big.txt\n@@ -1,201 +1,200 @@\n" + string.Concat(Enumerable.Range(1, 400).Select(i => $"-old {i}\n")),
        });

        Assert.Contains(
            """
            ? write big.txt (+200 −201)
                … 403 more lines; v shows all
              it changes a file far outside of this…
            ❯ 1. Yes (y)
            """,
            story.Screen);
        Assert.Contains("  4. No, and tell the model … (t)", story.Screen);
    }

    [Fact]
    public void The_beginning_of_a_long_line_is_seen_and_the_rest_said_to_be_left_out()
    {
        var line = "rm -rf precious && " + string.Join(' ', Enumerable.Range(1, 2_000).Select(i => $"echo{i}"));
        Ask(Request with { Title = line, Detail = line });

        Assert.Contains("? rm -rf precious && echo1 ", story.Screen);
        Assert.Contains("more lines; v shows all", story.Screen);
        Assert.Contains("4. No, and tell", story.Screen);
        Pass();
        story.Type("v");
        Assert.Contains("echo2000", string.Join('\n', story.Display.AllLines));
        Assert.Empty(story.Lines);
    }

    [Fact]
    public void The_names_of_the_files_are_no_change()
    {
        Ask(Request with { Title = "edit a.sql", Detail = "--- a.sql\n+++ a.sql\n@@ -1 +1 @@\n--- a comment\n+++ another\n" });

        var row = Array.FindIndex(story.Display.Screen, r => r.Contains("--- a.sql"));
        Assert.Equal("", story.Display.StyleAt(row, 5));
        Assert.Equal("31", story.Display.StyleAt(row + 3, 5));
        Assert.Equal("32", story.Display.StyleAt(row + 4, 5));
    }

    [Fact]
    public void A_diff_has_its_colours_and_hidden_text_is_seen()
    {
        Ask(Request with { Title = "edit a.cs", Detail = "@@ -1 +1 @@\n-old\n+new \u202Ecod\x1b[1m" });
        var row = Array.FindIndex(story.Display.Screen, r => r.Contains("+new"));
        Assert.Equal("    +new <U+202E>cod␛[1m", story.Display.Screen[row]);
        Assert.Equal("32", story.Display.StyleAt(row, 5));
        Assert.Equal("31", story.Display.StyleAt(row - 1, 5));
    }

    private void Ask(params SessionEvent[] requests) =>
        story.Happens([new TurnStarted(1, "message"), new StepStarted(1, "demo"), .. requests]);

    private void Pass() => story.Pass(TimeSpan.FromMilliseconds(400));
}
