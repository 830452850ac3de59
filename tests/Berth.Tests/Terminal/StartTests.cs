using System.Text.Json;
using Berth.App;
using Berth.Rendering;
using Berth.Tests.Testing;
using Berth.Views;
using Xunit;

namespace Berth.Tests.Terminal;

public sealed class StartTests
{
    // The number when this was written was 230; each method more is some 50 µs of start.
    private const int MostMethods = 280;

    [Fact]
    public void The_prompt_stands_after_few_compiled_methods()
    {
        Assert.SkipUnless(TmuxTerminal.IsThere, "tmux is not installed");
        using var home = new BerthHome();
        var trace = Path.Combine(home.Project, "trace");
        using var terminal = new TmuxTerminal(Path.Combine(AppContext.BaseDirectory, "berth"), home.Project, new Dictionary<string, string>
        {
            ["BERTH_HOME"] = home.Home,
            ["BERTH_TRACE_START"] = trace,
        });
        terminal.WaitFor("demo ·");
        var methods = JsonDocument.Parse(File.ReadAllText(trace)).RootElement.GetProperty("methods").GetInt32();
        Assert.InRange(methods, 1, MostMethods);
    }

    [Fact]
    public void The_rehearsal_beside_the_prompt_plays_to_its_end() => Rehearsal.Play(new MarkdownView(), TimeProvider.System);

    [Fact]
    public void What_is_drawn_first_needs_no_daemon()
    {
        var story = new TerminalStory(connected: false);
        Assert.StartsWith("Berth", story.Screen);
        Assert.Equal(new Row("─").Text[0], story.Screen.Split('\n')[2][0]);
    }
}
