using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>Nothing is configured: the offline stand-in.</summary>
public sealed class DemoStory : IAsyncDisposable
{
    private readonly Stage stage = new(permissionMode: null);

    public ValueTask DisposeAsync() => stage.DisposeAsync();

    [Fact]
    public void Without_a_model_the_stand_in_tells_the_same_story()
    {
        var terminal = stage.Open();
        terminal.WaitFor("No model is configured");
        terminal.Send("wait 2");
        terminal.WaitFor("the tide");
        terminal.Send("/bg");
        terminal.WaitFor("bg: 1 running");
        terminal.Send("run: touch it; echo from $((40 + 2))");
        terminal.WaitFor("? ");
        terminal.WaitFor("bg: 1 done");
        terminal.Send("/bg");
        terminal.WaitFor("bg: 1 waiting · 1 done");
        terminal.Send("/bg /answer 2 y");
        terminal.WaitFor("bg: 2 done");
        terminal.Send("/bg 2");
        terminal.WaitFor("Summary: run: touch it");
        Assert.Contains("from 42", terminal.Screen);
    }
}
