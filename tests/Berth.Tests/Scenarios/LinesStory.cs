using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Slash commands, right and wrong ones, as a person types them.</summary>
public sealed class LinesStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public async Task A_background_session_is_reached_without_looking_at_it()
    {
        var first = new ModelGate();
        stage.Model.Answers(r => r.LastUser == "again" ? ModelScript.Text("Second answer.")
            : ModelScript.Text("First answer.").HoldFor(first));
        var terminal = stage.Open();
        terminal.Send("/bg /run first words");
        terminal.WaitFor("Background: [#1]");
        await first.Reached;
        await BerthHome.Until(() => stage.Home.Berth("logs", "#1").Out.Contains("First answer."), "its first words");
        terminal.Send("/bg /peek 1");
        terminal.WaitFor("First answer.");
        Assert.Contains("> first words", terminal.Screen);
        first.Open();
        terminal.WaitFor("bg: 1 done");

        terminal.Send("/bg /send 1 again");
        terminal.WaitFor("Sent to [#1]");
        await stage.Model.RequestAsync(2);
        terminal.WaitFor("bg: 1 done");
        terminal.Send("/bg /peek #1");
        terminal.WaitFor("Second answer.");
        Assert.Contains("❯ Ask for something", terminal.Screen);
    }

    [Fact]
    public void New_begins_clean_and_what_ran_goes_on_in_a_slot()
    {
        stage.Model.Answers(r => ModelScript.Text($"Heard {r.LastUser}.").FallSilent());
        var terminal = stage.Open();
        terminal.Send("one");
        terminal.WaitFor("Heard one.");
        terminal.Send("/new");
        terminal.WaitFor("Background: [#1]");
        Assert.StartsWith("New foreground session [", terminal.Screen);
        terminal.Send("two");
        terminal.WaitFor("Heard two.");
        terminal.Send("/clear");
        terminal.WaitFor("Background: [#2]");
        Assert.DoesNotContain("Heard", terminal.Screen);

        terminal.Send("three");
        terminal.WaitFor("Heard three.");
        terminal.Send("/exit");
        terminal.WaitFor("goes on (state: running)");
        terminal.WaitFor("2 background sessions go on.");
        terminal.Until(() => terminal.Screen.EndsWith("shell$", StringComparison.Ordinal), "the shell");
    }

    [Fact]
    public void Help_is_readable_on_eighty_columns()
    {
        var terminal = stage.Open(rows: 40);
        terminal.Send("/help");
        terminal.WaitFor("/exit");
        foreach (var name in new[] { "/bg", "/new", "/sessions", "/tasks", "/answer", "/models", "/conf", "/status", "!CMD", "@path" })
        {
            Assert.Contains(terminal.Rows, row => row.StartsWith(name + " ", StringComparison.Ordinal));
        }

        terminal.Send("/bg /help");
        terminal.WaitFor("/bg /drop N");
        Assert.DoesNotContain("…\n", terminal.Screen);
        Assert.DoesNotContain("\n\n\n", terminal.Screen.Split("❯ Ask for")[0]);
    }

    [Fact]
    public void A_wrong_line_gets_one_clear_answer_and_changes_nothing()
    {
        stage.Model.Answers(_ => ModelScript.Text("Here.").FallSilent());
        var terminal = stage.Open(columns: 120, rows: 50);
        terminal.Send("/bg /run stay");
        terminal.WaitFor("bg: 1 running");
        foreach (var (line, says) in new[]
        {
            ("/bg 99", "There is no slot 99"), ("/bg -1", "'-1' is neither a slot"), ("/bg 0", "There is no slot 0"),
            ("/bg 1 2", "'/bg 1' takes nothing more"), ("/bg 2", "There is no background session #2"),
            ("/bg １", "'１' is neither a slot"), ("/bg 1.5", "'1.5' is neither a slot"), ("/bg 007", "There is no slot 007"),
            ("/bg /drop", "The slot's number is missing."), ("/bg /drop 17", "'17' is no slot"),
            ("/bg /drop 1 2", "'2' is too much"), ("/bg /list x", "'x' is not understood"), ("/bg /frob", "'/frob' is neither"),
            ("/bg /run", "The prompt is missing."), ("/bg /send 1", "The text is missing."), ("/bg /send", "The slot's number is"),
            ("/bg /peek x", "'x' is no slot"), ("/bg /answer 1", "The answer is missing."),
            ("/bg /answer 1 perhaps", "'perhaps' is no answer"), ("/bg /answer 1 y", "waits for no answer"),
            ("/bg \"1", "The quote \" is not closed."), ("/bgg", "Did you mean /bg?"), ("/exit now", "'now' is too much"),
            ("/", "name is missing"), ("/new x", "'x' is not understood"),
        })
        {
            terminal.Keys("C-l");
            terminal.WaitForNo(says);
            terminal.Send(line);
            terminal.WaitFor(says);
        }

        terminal.Keys("C-l");
        terminal.Send("/bg /list");
        terminal.WaitFor("Summary");
        Assert.Matches(@"\n1  [0-9a-f]{8}  running  .* stay\n\n─", terminal.Screen);
        terminal.WaitFor("bg: 1 running");
        Assert.Equal(1, stage.Model.Count);
    }

    [Fact]
    public void A_path_is_a_message()
    {
        stage.Model.Answers(r => ModelScript.Text($"Heard {r.LastUser}"));
        var terminal = stage.Open();
        terminal.Send("/etc/hosts is broken");
        terminal.WaitFor("Heard /etc/hosts is broken");
        terminal.Send("//bg is a comment");
        terminal.WaitFor("Heard //bg is a comment");
    }
}
