using System.Text.RegularExpressions;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A tool wants to do something, and a person is asked.</summary>
public sealed class RequestStory : IAsyncDisposable
{
    private readonly Stage stage = new("ask");

    public RequestStory() => stage.Model.Answers(r => r.LastResult is { } result
        ? ModelScript.Text($"It said: {result.Trim()}. That is all.")
        : ModelScript.Call("bash", $$"""{"command":"touch {{r.LastUser}} && echo made it"}"""));

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Theory]
    [InlineData("y", true)]
    [InlineData("a", true)]
    [InlineData("n", false)]
    [InlineData("Enter", true)]
    public void A_key_answers(string key, bool allows)
    {
        var terminal = Asked("file");
        Assert.Contains("❯ 1. Yes (y)", terminal.Screen);
        Press(terminal, key);
        terminal.WaitFor("That is all.");
        Assert.Equal(allows, File.Exists(Made("file")));
        terminal.WaitForNo("1. Yes");
    }

    [Fact]
    public void A_no_may_come_with_words_for_the_model()
    {
        var terminal = Asked("file");
        Press(terminal, "t");
        terminal.WaitFor("Tell the model");
        terminal.Send("use the other folder");
        terminal.WaitFor("That is all.");
        Assert.Contains("use the other folder", stage.Model.Requests[^1].LastResult);
        Assert.False(File.Exists(Made("file")));
    }

    [Fact]
    public void What_is_typed_while_the_question_comes_goes_into_the_line()
    {
        var terminal = stage.Open();
        terminal.Type("file");
        terminal.Keys("Enter", "y", "e", "s", "y", "a", "n");
        terminal.WaitFor("1. Yes (y)");
        terminal.WaitFor("❯ yesyan");
        Assert.False(File.Exists(Made("file")));
        Assert.Equal(1, stage.Model.Count);
    }

    [Fact]
    public void It_is_told_in_front_and_answered_from_another_terminal()
    {
        var first = Asked("file");
        var second = stage.Open();
        first.Send("/bg");
        first.WaitFor("bg: 1 waiting");
        second.WaitFor("bg: 1 waiting");
        second.Send("/bg /answer 1 y");
        second.WaitFor("Answered yes");
        first.WaitFor("bg: 1 done");
        Assert.True(File.Exists(Made("file")));
    }

    [Fact]
    public void One_line_in_front_says_that_a_background_session_needs_an_answer()
    {
        var terminal = stage.Open();
        terminal.Send("/bg /run file");
        terminal.WaitFor("bg: 1 waiting");
        terminal.Until(() => terminal.Rows.Any(r => r.StartsWith("[#1] ") && r.Contains("needs an answer")), "one line that says so");
        Assert.Single(terminal.Rows, r => r.Contains("touch file"));
        terminal.Send("/bg /list");
        terminal.WaitFor("Summary");
        Assert.Contains("\x1b[35mwaiting", terminal.Coloured);
        terminal.Send("/bg 1");
        terminal.WaitFor("1. Yes (y)");
        Press(terminal, "y");
        terminal.WaitFor("That is all.");
    }

    [Fact]
    public async Task It_outlives_the_daemon_and_the_answer_continues_the_turn()
    {
        var terminal = Asked("file");
        await stage.KillDaemonAsync();
        terminal.WaitFor("The daemon is gone");
        terminal.WaitForNo("connecting");
        terminal.WaitFor("1. Yes (y)");
        Assert.Equal(0, stage.Home.Berth("daemon", "restart").Code);
        terminal.Until(() => terminal.Screen.Split("The daemon is gone").Length == 3, "the second daemon's end");
        terminal.WaitFor("1. Yes (y)");
        Press(terminal, "y");
        terminal.WaitFor("It said: made it");
        Assert.Equal(2, stage.Model.Count);
        Assert.True(File.Exists(Made("file")));
    }

    private string Made(string name) => Path.Combine(stage.Home.Project, name);

    private TmuxTerminal Asked(string file)
    {
        var terminal = stage.Open();
        terminal.Send(file);
        terminal.WaitFor("1. Yes (y)");
        return terminal;
    }

    // Enter counts once the question has stood for a moment: two seconds more by the status line than when it was there.
    private static void Press(TmuxTerminal terminal, string key)
    {
        if (key == "Enter")
        {
            var since = TurnSeconds(terminal) ?? 0;
            terminal.Until(() => TurnSeconds(terminal) >= since + 2, "the question has stood for two seconds");
        }

        terminal.Keys(key);
        terminal.WaitForNo("(y)");
    }

    // What the status line says of the turn: "32s", "1m 05s".
    private static int? TurnSeconds(TmuxTerminal terminal)
    {
        var shown = Regex.Match(terminal.Screen, @" · (?:(?<m>\d+)m )?(?<s>\d+)s(?: |$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture);
        return !shown.Success ? null : int.Parse(shown.Groups["s"].Value) + (shown.Groups["m"].Success ? 60 * int.Parse(shown.Groups["m"].Value) : 0);
    }
}
