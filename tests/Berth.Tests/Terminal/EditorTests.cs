using Berth.Editor;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class EditorTests
{
    private readonly LineEditor editor = new();

    [Fact]
    public void The_caret_steps_over_whole_clusters()
    {
        editor.Insert("a👩‍👩‍👧e\u0301日");
        var places = new List<int> { editor.Caret };
        while (editor.Caret > 0)
        {
            editor.Do(Command.Left);
            places.Add(editor.Caret);
        }

        Assert.Equal([12, 11, 9, 1, 0], places);
    }

    [Fact]
    public void Backspace_takes_one_cluster()
    {
        editor.Insert("x👍🏽");
        editor.Do(Command.DeleteLeft);
        Assert.Equal("x", editor.Text);
    }

    [Theory]
    [InlineData("one two-three", nameof(Command.DeleteWordLeft), "one two-")]
    [InlineData("one two-three", nameof(Command.DeleteBigWordLeft), "one ")]
    [InlineData("one two-three", nameof(Command.DeleteToLineStart), "")]
    [InlineData("one\ntwo", nameof(Command.DeleteToLineStart), "one\n")]
    [InlineData("日本 語", nameof(Command.DeleteBigWordLeft), "日本 ")]
    public void A_kill_takes_what_readline_takes(string text, string command, string left)
    {
        editor.Insert(text);
        editor.Do(Enum.Parse<Command>(command));
        Assert.Equal(left, editor.Text);
        editor.Do(Command.Yank);
        Assert.Equal(text, editor.Text);
    }

    [Fact]
    public void Kills_in_a_row_come_back_as_one()
    {
        editor.Insert("one two three");
        editor.Do(Command.DeleteWordLeft);
        editor.Do(Command.DeleteWordLeft);
        Assert.Equal("one ", editor.Text);
        editor.Do(Command.Yank);
        Assert.Equal("one two three", editor.Text);
    }

    [Fact]
    public void Kill_to_the_end_takes_the_line_end_when_nothing_is_before_it()
    {
        editor.Insert("one\ntwo");
        editor.MoveTo(3);
        editor.Do(Command.DeleteToLineEnd);
        Assert.Equal("onetwo", editor.Text);
    }

    [Fact]
    public void Word_moves_stop_at_words()
    {
        editor.Insert("git commit -m");
        editor.Do(Command.WordLeft);
        Assert.Equal(12, editor.Caret);
        editor.Do(Command.WordLeft);
        Assert.Equal(4, editor.Caret);
        editor.Do(Command.WordRight);
        Assert.Equal(10, editor.Caret);
    }

    [Fact]
    public void Transpose_swaps_the_two_before_the_end()
    {
        editor.Insert("ehco");
        editor.MoveTo(2);
        editor.Do(Command.Transpose);
        Assert.Equal("echo", editor.Text);
        editor.Set("ab");
        editor.Do(Command.Transpose);
        Assert.Equal("ba", editor.Text);
    }

    [Fact]
    public void Undo_goes_back_by_words_and_deletions()
    {
        foreach (var c in "one two")
        {
            editor.Insert(c.ToString());
        }

        editor.Do(Command.DeleteBigWordLeft);
        Assert.Equal("one ", editor.Text);
        editor.Do(Command.Undo);
        Assert.Equal("one two", editor.Text);
        editor.Do(Command.Undo);
        Assert.Equal("one", editor.Text);
        editor.Do(Command.Undo);
        Assert.Equal("", editor.Text);
    }

    [Fact]
    public void A_large_paste_is_one_placeholder_and_is_sent_in_full()
    {
        var text = string.Join('\n', Enumerable.Range(1, 120).Select(i => $"line {i}"));
        editor.Insert("look: ");
        editor.Paste(text);
        editor.Insert(" ok?");
        Assert.Equal("[Pasted 120 lines]", editor.Draft.Placeholder(editor.Text[6]));
        Assert.Equal($"look: {text} ok?", editor.Draft.Expanded);
        for (var i = 0; i < 5; i++)
        {
            editor.Do(Command.DeleteLeft);
        }

        Assert.Equal("look: ", editor.Draft.Expanded);
        editor.Do(Command.Undo);
        Assert.Equal($"look: {text}", editor.Draft.Expanded);
    }

    [Fact]
    public void A_small_paste_is_text()
    {
        editor.Paste("one\ntwo");
        Assert.Equal("one\ntwo", editor.Text);
    }

    [Fact]
    public void Nothing_that_is_typed_or_pasted_can_pose_as_a_placeholder_or_control_the_screen()
    {
        editor.Insert("a\uFDD0b");
        editor.Paste("\x1b[31mred\x1b[0m\u0007\u009b1m\uFDEFend");
        Assert.Equal("ab[31mred[0m1mend", editor.Text);
    }

    [Fact]
    public void The_layout_breaks_at_the_edge_and_finds_the_caret()
    {
        var layout = EditorLayout.Of(new Draft("abcdefgh\n日本語", 8, []), 8);
        Assert.Equal(["abcde", "fgh", "日本", "語"], layout.Rows.Select(r => r.Text));
        Assert.Equal((1, 3), (layout.CaretRow, layout.CaretColumn));

        layout = EditorLayout.Of(new Draft("abcdefgh\n日本語", 5, []), 8);
        Assert.Equal((1, 0), (layout.CaretRow, layout.CaretColumn));
    }

    [Fact]
    public void Up_and_down_keep_the_column()
    {
        var draft = new Draft("long line\nx\nanother", 7, []);
        var below = EditorLayout.Of(draft, 40).Vertically(1);
        Assert.Equal(11, below);
        Assert.Null(EditorLayout.Of(draft, 40).Vertically(-1));
        Assert.Equal(14, EditorLayout.Of(draft with { Caret = 2 }, 40).Vertically(2));
    }

    [Fact]
    public void History_goes_back_and_the_draft_comes_again()
    {
        var history = new InputHistory();
        Assert.True(history.Add("one"));
        Assert.True(history.Add("two"));
        Assert.False(history.Add("two"));
        Assert.False(history.Add("  "));
        var draft = new Draft("begun", 5, []);
        Assert.Equal("two", history.Older(draft)!.Text);
        Assert.Equal("one", history.Older(draft)!.Text);
        Assert.Null(history.Older(draft));
        Assert.Equal("two", history.Newer()!.Text);
        Assert.Equal("begun", history.Newer()!.Text);
        Assert.Null(history.Newer());
    }

    [Fact]
    public void The_search_finds_older_and_older_lines()
    {
        var history = new InputHistory();
        foreach (var sent in new[] { "make test", "make all", "git log", "make test" })
        {
            history.Add(sent);
        }

        var search = new HistorySearch(history);
        search.Type("ma");
        Assert.Equal("make test", search.Match);
        search.Older();
        Assert.Equal("make all", search.Match);
        search.Type("zz");
        Assert.Null(search.Match);
        search.Erase();
        search.Erase();
        Assert.Equal("make test", search.Match);
    }

    [Fact]
    public void No_order_of_commands_breaks_the_line()
    {
        var commands = Enum.GetValues<Command>();
        var steps = Gen.Choose(0, commands.Length + 6).ListOf().ToArbitrary();
        string[] texts = ["a", "word ", "日本", "👩‍👩‍👧", "e\u0301", "\n", "\uFDD3"];
        Prop.ForAll(steps, numbers =>
        {
            var line = new LineEditor();
            foreach (var n in numbers)
            {
                if (n < commands.Length)
                {
                    line.Do(commands[n]);
                }
                else if (n == commands.Length)
                {
                    line.Paste(new string('x', 2_000));
                }
                else
                {
                    line.Insert(texts[n - commands.Length]);
                }

                Assert.InRange(line.Caret, 0, line.Text.Length);
                Assert.All(line.Text.Where(Draft.IsPaste), c => Assert.True(c - Draft.FirstPaste < line.Draft.Pastes.Count));
                _ = line.Draft.Expanded;
                var layout = EditorLayout.Of(line.Draft, 20);
                Assert.InRange(layout.CaretRow, 0, layout.Rows.Count - 1);
                Assert.InRange(layout.CaretColumn, 0, 17);
            }
        }).QuickCheckThrowOnFailure();
    }
}
