using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Calls that need no daemon, and slash commands as verbs.</summary>
public sealed class CallTests : IDisposable
{
    private readonly BerthHome home = new();

    public void Dispose() => home.Dispose();

    [Theory]
    [InlineData("run")]
    [InlineData("run", "x", "--bogus")]
    [InlineData("run", "x", "--model")]
    [InlineData("run", "x", "--wait", "soon")]
    [InlineData("run", "x", "--json", "--stream")]
    [InlineData("logs")]
    [InlineData("logs", "a", "b")]
    [InlineData("daemon", "dance")]
    [InlineData("fix the bug")]
    [InlineData("--bogus")]
    public void A_wrong_call_is_said_in_one_line_and_starts_nothing(params string[] arguments)
    {
        var ran = home.Berth(arguments);

        Assert.Equal((2, ""), (ran.Code, ran.Out));
        Assert.Equal(1, ran.Error.Count(c => c == '\n'));
        Assert.False(Directory.Exists(home.Home));
    }

    [Fact]
    public void The_version_and_the_help_need_no_daemon()
    {
        Assert.StartsWith("berth 0.", home.Berth("--version").Out);
        Assert.Contains("berth run", home.Berth("--help").Out);
        Assert.Contains("--permission-mode", home.Berth("help", "run").Out);
        Assert.False(Directory.Exists(home.Home));
    }

    [Fact]
    public void An_error_with_json_is_json()
    {
        var ran = home.Berth("bg", "drop", "99", "--json");

        var error = JsonDocument.Parse(ran.Error).RootElement.GetProperty("error");
        Assert.NotEqual(0, ran.Code);
        Assert.NotEmpty(error.GetProperty("what").GetString()!);
        Assert.Equal("", ran.Out);
    }

    [Fact]
    public void Slashes_may_be_left_out()
    {
        Assert.Equal(home.Berth("/bg", "/list").Out, home.Berth("bg", "list").Out);
        Assert.Contains("/bg", home.Berth("help", "bg").Out);
    }

    [Fact]
    public void An_unknown_command_is_a_wrong_call()
    {
        var ran = home.Berth("sesions");

        Assert.Equal(2, ran.Code);
        Assert.Contains("sessions", ran.Error);
    }

    [Fact]
    public void A_prompt_arrives_without_the_quotes_that_held_it_together()
    {
        home.Berth("bg", "run", "say \"hi there\" and don't stop");

        Assert.StartsWith("> say \"hi there\" and don't stop\n", home.Berth("logs", "1").Out);
    }

    [Fact]
    public void A_model_is_added_chosen_and_listed()
    {
        home.Berth("models", "add", "mine", "provider:openai", "model:m-1", "base_url:http://127.0.0.1:1/v1", "key:secret-word");

        home.Berth("conf", "model:mine");

        var rows = JsonDocument.Parse(home.Berth("models", "list", "--json").Out).RootElement;
        Assert.Contains(rows.EnumerateArray(), row => row.GetProperty("name").GetString() == "mine");
        Assert.DoesNotContain("secret-word", rows.ToString());
        Assert.Contains("mine", home.Berth("conf").Out);
    }

    [Fact]
    public void Tables_in_a_pipe_are_aligned_and_plain()
    {
        home.Berth("run", "wait 30\n船船", "--bg");
        home.Berth("run", "wait 30", "--bg");

        var lines = home.Berth("bg", "list").Out.TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain('\x1b', line));
        Assert.Equal(lines[0].IndexOf("State", StringComparison.Ordinal), lines[1].IndexOf("running", StringComparison.Ordinal));
    }
}
