using System.Text.RegularExpressions;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>What the screen looks like while things happen to it.</summary>
public sealed class ScreenStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void Another_size_in_the_middle_of_an_answer_leaves_nothing_behind_and_doubles_nothing()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new ModelGate()).ToArray();
        stage.Model.Answers(_ => ModelScript.Words(60, "a").HoldFor(gates[0]).ThenText(ModelWords("b")).HoldFor(gates[1])
            .ThenText(ModelWords("c")).HoldFor(gates[2]).ThenText("\n\nThe end."));
        var terminal = stage.Open(columns: 100);
        terminal.Send("talk");
        terminal.WaitFor("a60");
        Resize(terminal, 60, 24);
        gates[0].Open();
        terminal.WaitFor("b60");
        Resize(terminal, 120, 30);
        gates[1].Open();
        terminal.WaitFor("c60");
        gates[2].Open();
        terminal.WaitFor("The end.");
        terminal.WaitFor(" in · ");

        var all = terminal.Everything;
        var words = Regex.Matches(all, @"\b[abc]\d+\b").Select(m => m.Value);
        Assert.Equal("abc".SelectMany(m => Enumerable.Range(1, 60).Select(i => $"{m}{i}")), words);
        Assert.Equal(1, all.Split("❯ Ask for something").Length - 1);
        Assert.DoesNotContain("Working", all);
        Assert.Single(terminal.Rows, row => row.Contains("scripted ·"));
    }

    [Fact]
    public void A_tiny_screen_shows_what_matters()
    {
        stage.Model.Answers(_ => ModelScript.Text("Words that are wider than this small screen."));
        var terminal = stage.Open(columns: 20, rows: 6);
        terminal.Send("hello there");
        terminal.WaitFor("screen.");
        terminal.Type("a draft");
        terminal.WaitFor("❯ a draft");
        Assert.InRange(terminal.Rows.Length, 2, 6);
        Assert.All(terminal.Rows, row => Assert.InRange(row.Length, 0, 20));
        terminal.Keys("C-c");
        terminal.Send("/bg /list");
        terminal.WaitFor("No session");
        terminal.Send("/exit");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
    }

    [Fact]
    public void Nothing_a_model_or_a_tool_says_can_command_the_screen()
    {
        const string hostile =
            "A\x1b[2J\x1b[31mB\x1b]52;c;aGk=\x07C\x1b]0;title\x07D\u202eE\u009b2JF\rG\x1b[?1049hH\bI \x1bPq#0\x1b\\J";
        var wide = new string('ж', 10_000);
        stage.Model.Answers(r => r.LastResult is null
            ? ModelScript.Text(hostile, "\n\n", wide, "z\n\nNext.").ThenCall("bash", """{"command":"printf 'P\\033[2JQ\\033]52;c;aGk=\\007R\\u202eS\\n'; head -c 20000 /dev/zero | tr '\\\\0' y"}""")
            : ModelScript.Text("Still here."));
        var terminal = stage.Open();
        terminal.Send("be evil");
        terminal.WaitFor("Still here.");
        terminal.WaitFor("❯ Ask for something");
        terminal.WaitFor("scripted ·");

        var all = terminal.Everything;
        Assert.Contains("shell$ berth", all);
        Assert.Contains("❯ be evil", all);
        Assert.Equal(10_000, all.Count(c => c == 'ж'));
        Assert.DoesNotContain('\u202e', all);
        Assert.False(terminal.ShowsOtherScreen);
        Assert.DoesNotContain("title", terminal.Title);
        Assert.Throws<InvalidOperationException>(() => terminal.Buffer);
    }

    [Fact]
    public void A_session_whose_history_is_long_shows_its_end_and_says_where_the_rest_is()
    {
        stage.Model.Answers(_ => ModelScript.Text(string.Concat(Enumerable.Range(1, 6_000).Select(i => $"- row {i}\n"))));
        Assert.Equal(0, stage.Home.Berth("run", "many rows", "--name", "rows").Code);
        var terminal = stage.Open(call: "berth attach rows");
        terminal.WaitFor("row 6000");
        var all = terminal.Everything;
        Assert.DoesNotContain("row 500\n", all);
        Assert.Matches(@"\n[^\n]*berth logs [0-9a-f]{8}[^\n]*\n", all);
    }

    // Two sizes in a short time: tmux tells a program the second one late.
    private static void Resize(TmuxTerminal terminal, int columns, int rows)
    {
        terminal.Resize(columns, rows);
        terminal.Until(() => terminal.Rows.Contains(new string('─', columns)), "rules as wide as the screen");
    }

    private static IEnumerable<string> ModelWords(string mark) => Enumerable.Range(1, 60).Select(i => $"{mark}{i} ");
}
