using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Files named with @, from the real terminal and from the shell to the model's server.</summary>
public sealed class MentionStory : IAsyncDisposable
{
    private readonly Stage stage = new();

    public MentionStory()
    {
        stage.Model.Answers(_ => ModelScript.Text("Understood."));
        File.WriteAllText(Path.Combine(stage.Home.Project, "a.cs"), "class A;\nclass B;\n");
    }

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void The_terminal_shows_the_short_form_and_the_model_gets_the_lines()
    {
        var terminal = stage.Open();
        terminal.Send("explain @a.cs and @gone.cs ");
        terminal.WaitFor("Understood.");
        Assert.Contains("❯ explain @a.cs and @gone.cs\n  ⎿ @a.cs (2 lines)\n  ⎿ @gone.cs (no such file; sent as it stands)", terminal.Screen);
        Assert.DoesNotContain("class A", terminal.Screen);
        Assert.Contains("\n     1→class A;\n     2→class B;\n</file>\n", stage.Model.Requests[0].LastUser);
    }

    [Fact]
    public async Task A_run_in_the_shell_knows_mentions_and_follows_none_in_what_is_piped_in()
    {
        Assert.Equal(0, stage.Home.BerthReading("from elsewhere: @b.cs", "run", "explain @a.cs").Code);
        File.WriteAllText(Path.Combine(stage.Home.Project, "b.cs"), "SECRET\n");
        Assert.Equal(0, stage.Home.BerthReading("from elsewhere: @b.cs", "run").Code);
        Assert.Equal(0, stage.Home.Berth("bg", "run", "look at @a.cs").Code);

        Assert.Contains("from elsewhere: @b.cs\n\n<file path=", stage.Model.Requests[0].LastUser);
        Assert.Contains("1→class A;", stage.Model.Requests[0].LastUser);
        Assert.Equal("from elsewhere: @b.cs", stage.Model.Requests[1].LastUser);
        await BerthHome.Until(() => stage.Model.Requests.Count == 3, "the background session's request");
        Assert.Contains("1→class A;", stage.Model.Requests[2].LastUser);
    }

    [Fact]
    public void A_rule_that_forbids_reading_binds_mentions_too()
    {
        File.WriteAllText(Path.Combine(stage.Home.Project, "key.pem"), "SECRET\n");
        Assert.Equal(0, stage.Home.Berth("permissions", "deny", "read(*.pem)").Code);

        Assert.Equal(0, stage.Home.Berth("run", "look at @key.pem").Code);

        Assert.DoesNotContain("SECRET", stage.Model.Requests[0].LastUser);
        Assert.Contains("not shown: the rule", stage.Model.Requests[0].LastUser);
    }
}
