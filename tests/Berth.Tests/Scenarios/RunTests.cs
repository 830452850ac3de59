using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>One turn without a terminal, with the real programs and the demo model.</summary>
public sealed class RunTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void The_answer_stands_alone_on_standard_output()
    {
        var ran = home.Berth("run", "run: echo one two", "--permission-mode", "bypass");

        Assert.Equal(0, ran.Code);
        Assert.Contains("one two", ran.Out);
        Assert.DoesNotContain("•", ran.Out);
        Assert.Contains("• bash echo one two", ran.Error);
    }

    [Fact]
    public void With_json_there_is_one_object_at_the_end()
    {
        var ran = home.Berth("run", "hello", "--json");

        var root = JsonDocument.Parse(ran.Out).RootElement;
        Assert.Equal(0, ran.Code);
        Assert.Matches("^[0-9a-f]{8}$", root.GetProperty("session").GetString());
        Assert.Equal("done", root.GetProperty("state").GetString());
        Assert.Contains("demo", root.GetProperty("answer").GetString());
        Assert.True(root.GetProperty("usage").GetProperty("output_tokens").GetInt64() > 0);
        Assert.Equal(0, root.GetProperty("denied").GetArrayLength());
        Assert.Equal(0, root.GetProperty("tasks").GetArrayLength());
    }

    [Fact]
    public void With_stream_every_event_is_a_line_of_json()
    {
        var ran = home.Berth("run", "hello", "--stream");

        var events = ran.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        var first = events[0].GetProperty("seq").GetInt64();
        Assert.Equal(Enumerable.Range(0, events.Count).Select(i => first + i), events.Select(e => e.GetProperty("seq").GetInt64()));
        Assert.Contains(events, e => e.GetProperty("type").GetString() == "text_added");
        Assert.Equal("turn_ended", events[^1].GetProperty("type").GetString());
    }

    [Fact]
    public void What_nobody_could_be_asked_for_is_denied_and_listed()
    {
        var ran = home.Berth("run", "run: touch made", "--json");

        var denied = JsonDocument.Parse(ran.Out).RootElement.GetProperty("denied");
        Assert.Equal(3, ran.Code);
        Assert.Equal("bash", Assert.Single(denied.EnumerateArray()).GetProperty("tool").GetString());
        Assert.False(File.Exists(Path.Combine(home.Project, "made")));
    }

    [Fact]
    public void The_demo_model_really_writes_a_file()
    {
        var asked = home.Berth("run", "write notes/a.txt: hello", "--json");
        var allowed = home.Berth("run", "write notes/a.txt: hello", "--allow", "edit(notes/**)");

        Assert.Equal((3, 0), (asked.Code, allowed.Code));
        Assert.Equal("hello", File.ReadAllText(Path.Combine(home.Project, "notes", "a.txt")));
    }

    [Fact]
    public void A_rule_given_with_the_call_permits_it()
    {
        var ran = home.Berth("run", "run: touch made", "--allow", "bash(touch made)");

        Assert.Equal(0, ran.Code);
        Assert.True(File.Exists(Path.Combine(home.Project, "made")));
    }

    [Fact]
    public void In_the_background_it_prints_its_slot_and_returns_at_once()
    {
        var first = home.Berth("run", "wait 30", "--bg");
        var second = home.Berth("run", "wait 30", "--bg", "--json");

        Assert.Matches(@"^\[#1\] [0-9a-f]{8}\n$", first.Out);
        var root = JsonDocument.Parse(second.Out).RootElement;
        Assert.Equal(2, root.GetProperty("slot").GetInt32());
        var rows = JsonDocument.Parse(home.Berth("bg", "list", "--json").Out).RootElement;
        Assert.Equal(["running", "running"], rows.EnumerateArray().Select(row => row.GetProperty("state").GetString()));
    }

    [Fact]
    public void What_is_piped_in_is_the_prompt_or_added_to_it()
    {
        var alone = home.BerthReading("run: cat\n", "run", "--permission-mode", "bypass", "--json");
        var added = home.BerthReading("piped words", "-p", "look at this", "--json");

        Assert.Equal("done", JsonDocument.Parse(alone.Out).RootElement.GetProperty("state").GetString());
        var logs = home.Berth("logs", JsonDocument.Parse(added.Out).RootElement.GetProperty("session").GetString()!);
        Assert.StartsWith("> look at this\n> \n> piped words\n", logs.Out);
    }

    [Fact]
    public void An_open_and_silent_standard_input_does_not_hold_a_run_that_has_its_prompt()
    {
        var ran = home.Start(["run", "hello"], input: null).End();

        Assert.Equal(0, ran.Code);
        Assert.Contains("nothing came from standard input", ran.Error);
    }

    [Fact]
    public void A_session_goes_on_where_it_was()
    {
        var id = Session(home.Berth("run", "hello", "--name", "parser", "--json"));

        var again = home.Berth("run", "hello again", "--resume", "parser", "--json");

        Assert.Equal(id, Session(again));
        Assert.Contains("> hello again", home.Berth("logs", id).Out);
    }

    [Fact]
    public void A_session_that_is_not_there_is_named()
    {
        var ran = home.Berth("run", "hello", "--resume", "nonsense");

        Assert.Equal(1, ran.Code);
        Assert.Contains("nonsense", ran.Error);
    }

    [Theory]
    [InlineData("--permission-mode", "bypas")]
    [InlineData("--allow", "bash(")]
    public void A_wrong_option_is_wrong_usage_and_begins_nothing(string option, string value)
    {
        var ran = home.Berth("run", "hello", option, value);

        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.Equal("[]\n", home.Berth("sessions", "list", "--json").Out);
    }

    [Fact]
    public void No_control_byte_of_a_tool_reaches_the_output()
    {
        var ran = home.Berth("run", @"run: printf 'a\033[31mb\007c\302\233d'", "--permission-mode", "bypass");

        Assert.Contains("abc", ran.Out);
        Assert.DoesNotContain(ran.Out + ran.Error, c => char.IsControl(c) && c is not '\n');
    }

    [Fact]
    public void A_reader_that_has_seen_enough_ends_it_quietly()
    {
        // The pipe has lost its reader before the first byte.
        var ran = home.Berth(
            "run", $"run: {{ cat; {BerthHome.Program} --help; }} < <(sleep 0.3) | true; echo \"<${{PIPESTATUS[0]}}>\"", "--permission-mode", "bypass");

        Assert.Contains("<0>", ran.Out);
        Assert.DoesNotContain("berth:", ran.Out);
    }

    [Fact]
    public void The_variables_of_a_call_reach_its_tools_and_not_the_daemon()
    {
        home.Variables["BERTH_TEST_MARK"] = "here I am";

        var ran = home.Berth("run", "run: echo \"<$BERTH_TEST_MARK>\"", "--permission-mode", "bypass");

        Assert.Contains("<here I am>", ran.Out);
        Assert.DoesNotContain("BERTH_TEST_MARK", File.ReadAllText($"/proc/{home.Daemon}/environ"));
    }

    private static string Session(Ran ran) => JsonDocument.Parse(ran.Out).RootElement.GetProperty("session").GetString()!;
}
