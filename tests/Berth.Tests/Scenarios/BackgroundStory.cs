using System.Text.RegularExpressions;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>The story this product exists for.</summary>
public sealed class BackgroundStory : IAsyncDisposable
{
    private const string Id = "[0-9a-f]{8}";
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task A_long_turn_works_on_in_its_slot_and_comes_back_word_for_word()
    {
        var rest = new ModelGate();
        stage.Model.Answers(r =>
            r.LastUser.StartsWith("a quick one") ? ModelScript.Text("Forty-two.")
            : r.LastResult is null
                ? ModelScript.Words(40, "alpha").ThenCall("bash", """{"command":"echo said-by-the-tool"}""")
                : ModelScript.Words(40, "beta").HoldFor(rest).ThenText("gamma1 ", "gamma2 ", "The end of the long turn."));
        var terminal = stage.Open();
        terminal.Send("a long turn");
        terminal.WaitFor("beta40");

        terminal.Send("/bg");

        // The board's news may be drawn before the view moves.
        terminal.WaitFor("Background: [#1]");
        terminal.WaitFor("bg: 1 running");
        var clean = terminal.Rows;
        Assert.Matches($@"^New foreground session \[{Id}\]$", clean[0]);
        Assert.Matches($@"^Background: \[#1\] {Id} \(state: running\)$", clean[1]);
        Assert.DoesNotContain("beta", terminal.Screen);
        Assert.Contains("❯ Ask for something", terminal.Screen);
        Assert.Contains("alpha1 ", terminal.Scrollback);
        var left = Regex.Match(clean[1], Id).Value;

        terminal.Send("a quick one");
        terminal.WaitFor("Forty-two.");
        terminal.WaitFor(" in · ");
        terminal.Send("/bg");
        terminal.WaitFor("Background: [#2]");
        terminal.Send("/bg /list");
        terminal.WaitFor("Summary");
        Assert.Matches(@"(?m)^#  ID        State    Created           Summary$", terminal.Screen);
        Assert.Matches($@"(?m)^1  {left}  running  \d{{4}}-\d\d-\d\d \d\d:\d\d  a long turn$", terminal.Screen);
        Assert.Matches($@"(?m)^2  {Id}  done     \d{{4}}-\d\d-\d\d \d\d:\d\d  a quick one$", terminal.Screen);
        Assert.Matches("\x1b\\[33mrunning", terminal.Coloured);
        Assert.Matches("\x1b\\[32mdone", terminal.Coloured);

        rest.Open();
        terminal.WaitFor("bg: 2 done");
        terminal.WaitFor($"[#1] {left} done: a long turn");
        var before = terminal.Everything;
        terminal.Send("/bg 1");
        terminal.WaitFor("Resumed session");
        terminal.WaitFor("Ask for something");

        var after = terminal.Everything;
        var history = after[after.LastIndexOf("── [", StringComparison.Ordinal)..];
        Assert.Contains($"[{left}]", history);
        var words = history.ReplaceLineEndings(" ");
        Assert.Matches("❯ a long turn .*" + Counted("alpha") + ".*bash  echo said-by-the-tool.*said-by-the-tool.*"
            + Counted("beta") + @"gamma1 gamma2 The end of the long turn\.", Regex.Replace(words, " +", " ").Replace("bash echo", "bash  echo"));
        Assert.Matches(
            $@"(?m)^Resumed session \[#1\] {left} \(state: done\)\nPrevious active sent to bg \[#1\] {Id} \(state: idle\)\nSummary: a long turn$",
            history);
        Assert.Equal(2, stage.Model.Requests.Count(r => r.LastUser.StartsWith("a long turn")));
        Assert.StartsWith(before[..before.IndexOf("Forty-two.", StringComparison.Ordinal)], after);
    }

    [Fact]
    public async Task A_dropped_session_is_cancelled_and_its_number_is_the_next_to_be_used()
    {
        stage.Model.Answers(r => ModelScript.Words(3, r.LastUser).FallSilent());
        var terminal = stage.Open();
        foreach (var name in new[] { "one", "two", "three" })
        {
            terminal.Send($"/bg /run {name}");
            terminal.WaitFor($"❯ /bg /run {name}");
        }

        await stage.Model.RequestAsync(3);
        terminal.WaitFor("bg: 3 running");
        var two = stage.Model.Requests.Single(r => r.LastUser == "two");

        terminal.Send("/bg /drop 2");
        terminal.WaitFor("Dropped [#2]");
        Assert.False(await two.Answered);
        terminal.WaitFor("bg: 2 running");
        terminal.Send("/sessions");
        terminal.WaitFor("cancelled");
        terminal.Send("/bg /run four");
        terminal.WaitFor("Background: [#2]");
        terminal.Send("/bg /drop 1");
        terminal.WaitFor("Dropped [#1]");
        terminal.Send("five");
        terminal.WaitFor("five3");
        terminal.Send("/bg");
        terminal.WaitFor("Background: [#1]");
        terminal.Send("/bg /list");
        terminal.WaitFor("Summary");
        Assert.Matches(@"(?s)\n1 .* five\n2 .* four\n3 .* three\n", terminal.Screen);
    }

    [Fact]
    public void A_background_session_whose_turn_failed_counts_as_an_error()
    {
        var terminal = stage.Open();
        stage.Model.Answers(ModelScript.Error(400, "no such thing"));
        terminal.Send("/bg /run fail");

        terminal.WaitFor("bg: 1 error");
        Assert.DoesNotContain("done", terminal.Rows[^1]);
    }

    private static string Counted(string mark) => string.Concat(Enumerable.Range(1, 40).Select(i => $"{mark}{i} "));
}
