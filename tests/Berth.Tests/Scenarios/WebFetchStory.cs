using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>A page that the model asks for, with the real daemon: rules, settings, and what the model gets.</summary>
public sealed class WebFetchStory : IAsyncDisposable
{
    private readonly Stage stage = new(permissionMode: "ask");
    private readonly PageServer server = new();

    public WebFetchStory() => server.Page("/", "text/html", "<h1>Docs</h1>");

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await stage.DisposeAsync();
    }

    [Fact]
    public void This_machine_is_reached_only_where_the_settings_say_so()
    {
        Script();
        Assert.Equal(0, stage.Home.Berth("run", "look", "--allow", "web_fetch").Code);
        Assert.Contains("/conf private_hosts:127.0.0.1", stage.Model.Requests[1].LastResult);
        Assert.Empty(server.Asked);

        Assert.Equal(0, stage.Home.Berth("conf", "private_hosts:127.0.0.1").Code);
        Script();
        Assert.Equal(3, stage.Home.Berth("run", "look").Code);
        Assert.Empty(server.Asked);

        Script();
        Assert.Equal(0, stage.Home.Berth("run", "look", "--allow", "web_fetch(domain:127.0.0.1)").Code);
        Assert.Contains("\n# Docs\n</web_page>", stage.Model.Requests[5].LastResult);
        Assert.Single(server.Asked);
    }

    [Fact]
    public void A_person_is_asked_and_may_allow_the_host_for_the_session()
    {
        Assert.Equal(0, stage.Home.Berth("conf", "private_hosts:127.0.0.1").Code);
        Script();
        Script();
        var terminal = stage.Open();
        terminal.Send("look");
        terminal.WaitFor("fetch from 127.0.0.1");
        terminal.WaitFor($"http://127.0.0.1:{server.Port}/");
        terminal.Keys("a");
        terminal.WaitFor("Read.");
        terminal.Send("again");
        terminal.Until(() => server.Asked.Count == 2, "the second request, without a question");
    }

    private void Script() => stage.Model
        .Answers(ModelScript.Call("web_fetch", $$"""{"url":"{{server.At("/")}}"}"""))
        .Answers("Read.");
}
