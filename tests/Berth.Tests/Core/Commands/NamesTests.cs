using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary>A session is called by whatever name a person gave it, in every command that takes one.</summary>
public sealed class NamesTests : IAsyncDisposable
{
    private readonly Desk desk = new();

    public NamesTests() => desk.Life.Model.Always(_ => Answer.Of("Yes."));

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Theory]
    [InlineData("API refactor line", "\"API refactor line\"")]
    [InlineData("API refactor line", "API refactor line")]
    [InlineData("日本語 \"q\"", "日本語 \"q\"")]
    [InlineData("日本語 \"q\"", "'日本語 \"q\"'")]
    [InlineData("it's 🚢", "it's 🚢")]
    [InlineData("/all of it", "\"/all of it\"")]
    public async Task Every_command_takes_it_as_it_is_written(string name, string typed)
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("hello");
        await EngineLife.Is(terminal.Session, "done");
        var session = terminal.Session;

        await terminal.TypeAsync($"/sessions /rename {typed}");
        Assert.Equal(name, session.Row!.Name);

        await terminal.TypeAsync("/new");
        Assert.Contains($"The name '{name}' is taken by session {session.Id}.", await terminal.TypeAsync($"/new /name {typed}"));
        await terminal.TypeAsync($"/sessions /resume {typed}");
        Assert.Equal(session.Id, terminal.Session.Id);

        await terminal.TypeAsync("/new");
        Assert.Contains("is in the trash", await terminal.TypeAsync($"/sessions /delete {typed}"));
        Assert.Contains(session.Id, await terminal.TypeAsync($"/sessions /restore {typed}"));
    }

    [Fact]
    public async Task A_new_session_has_the_name_it_was_given_with_its_quotes()
    {
        var terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("/new /name the \"good\" one");
        Assert.Equal("the \"good\" one", terminal.Session.Row!.Name);
    }
}
