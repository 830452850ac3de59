using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>The line in a real terminal: what is typed and pasted arrives as it was meant.</summary>
public sealed class EditorStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public EditorStory() => stage.Model.Answers(_ => ModelScript.Text("Understood."));

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void Lines_are_parted_by_alt_enter_and_by_a_trailing_backslash()
    {
        var terminal = stage.Open();
        terminal.Type("one");
        terminal.Keys("M-Enter");
        terminal.Type(@"two\");
        terminal.Keys("Enter");
        terminal.Type("three");
        terminal.WaitFor("❯ one\n  two\n  three");
        terminal.Keys("Enter");
        terminal.WaitFor("Understood.");
        Assert.Equal("one\ntwo\nthree", stage.Model.Requests[0].LastUser);
    }

    [Fact]
    public void A_large_paste_is_sent_whole_and_with_its_line_ends()
    {
        var pasted = string.Join('\n', Enumerable.Range(1, 300).Select(i => $"line {i}"));
        var terminal = stage.Open();
        terminal.Type("look: ");
        terminal.Paste(pasted);
        terminal.WaitFor("look: [");
        terminal.Keys("Enter");
        terminal.WaitFor("Understood.");
        Assert.Equal("look: " + pasted, stage.Model.Requests[0].LastUser);
    }

    [Fact]
    public void Wide_characters_and_emoji_are_one_step_each()
    {
        var terminal = stage.Open();
        terminal.Type("船は港に👩‍👩‍👧を待つ");
        terminal.WaitFor("待つ");
        terminal.Keys("Left", "Left", "Left", "BSpace");
        terminal.WaitFor("❯ 船は港にを待つ");
        Assert.Equal(2 + 8, terminal.Caret.Column);
        terminal.Keys("Enter");
        terminal.WaitFor("Understood.");
        Assert.Equal("船は港にを待つ", stage.Model.Requests[0].LastUser);
    }

    [Fact]
    public void Earlier_lines_come_back_also_in_the_next_terminal()
    {
        var terminal = stage.Open();
        terminal.Send("the first line");
        terminal.WaitFor(" in · ");
        terminal.Send("/exit");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
        terminal.Send("clear; berth");
        terminal.WaitFor("❯ Ask for something");
        terminal.Type("a draft");
        terminal.Until(
            () =>
            {
                // The stored lines come a moment after the prompt.
                terminal.Keys("C-p");
                return terminal.Screen.Contains("❯ the first line");
            },
            "the first line");
        terminal.Keys("C-n", "C-n");
        terminal.WaitFor("❯ a draft");
        terminal.Keys("C-u", "C-r");
        terminal.Type("first");
        terminal.WaitFor("Search: first");
        terminal.WaitFor("❯ the first line");
    }

    [Fact]
    public void The_menu_of_candidates_is_gone_when_the_line_is_sent()
    {
        var terminal = stage.Open(rows: 40);
        foreach (var line in new[] { "/help", "/bg /list", "/status" })
        {
            terminal.Keys("C-l");
            terminal.Type(line);
            terminal.WaitFor($"❯ {line}");
            terminal.Keys("Enter");
            terminal.Until(() => terminal.Rows is [.., var input, _, var status] && input.StartsWith("❯ Ask for", StringComparison.Ordinal)
                && status.StartsWith(" scripted ·", StringComparison.Ordinal), "the status line below an empty line");
            terminal.WaitFor($"❯ {line}");
        }

        terminal.Type("/perm");
        terminal.WaitFor("  /permissions");
        terminal.Keys("Tab");
        terminal.WaitFor("❯ /permissions");
    }
}
