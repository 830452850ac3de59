using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Core.Commands;

/// <summary>A line that is wrong gets one clear line, and nothing happens.</summary>
public sealed class WrongLineTests : IAsyncLifetime
{
    private readonly Desk desk = new();
    private TestTerminal terminal = null!;

    public async ValueTask InitializeAsync()
    {
        desk.Life.Model.Always(_ => Answer.Of("Yes."));
        await desk.BackgroundAsync("in the background");
        terminal = await desk.SitDownAsync();
        await terminal.TypeAsync("in front");
        await EngineLife.Is(terminal.Session, "done");
        await terminal.Session.WhenQuietAsync();
    }

    public ValueTask DisposeAsync() => desk.DisposeAsync();

    [Theory]
    [InlineData("/bg 99")]
    [InlineData("/bg 17")]
    [InlineData("/bg 0")]
    [InlineData("/bg 00")]
    [InlineData("/bg 01")]
    [InlineData("/bg -1")]
    [InlineData("/bg +1")]
    [InlineData("/bg 1.0")]
    [InlineData("/bg １")]
    [InlineData("/bg ١")]
    [InlineData("/bg ##1")]
    [InlineData("/bg #")]
    [InlineData("/bg 2")]
    [InlineData("/bg 1 2")]
    [InlineData("/bg 1 x")]
    [InlineData("/bg x")]
    [InlineData("/bg \"list\"")]
    [InlineData("/bg \"1")]
    [InlineData("/bg 99999999999999999999")]
    [InlineData("/bg /drop")]
    [InlineData("/bg /drop 2")]
    [InlineData("/bg /drop 17")]
    [InlineData("/bg /drop x")]
    [InlineData("/bg /drop １")]
    [InlineData("/bg /drop 1 2")]
    [InlineData("/bg drop 1 x")]
    [InlineData("/bg /list x")]
    [InlineData("/bg /list /all x")]
    [InlineData("/bg /list 1")]
    [InlineData("/bg /lst")]
    [InlineData("/bg /run")]
    [InlineData("/bg /run   ")]
    [InlineData("/bg /send")]
    [InlineData("/bg /send 1")]
    [InlineData("/bg /send 2 hello")]
    [InlineData("/bg /send hello")]
    [InlineData("/bg /peek")]
    [InlineData("/bg /peek 2")]
    [InlineData("/bg /peek 1 x")]
    [InlineData("/bg /answer")]
    [InlineData("/bg /answer 1")]
    [InlineData("/bg /answer 1 maybe")]
    [InlineData("/bg /answer 2 y")]
    [InlineData("/bg /answer 1 y")]
    [InlineData("/answer")]
    [InlineData("/answer y")]
    [InlineData("/answer maybe")]
    [InlineData("/answer r1")]
    [InlineData("/answer r1 y")]
    [InlineData("/answer r1 maybe")]
    [InlineData("/sessions x")]
    [InlineData("/sessions 0")]
    [InlineData("/sessions -1")]
    [InlineData("/sessions 99")]
    [InlineData("/sessions １")]
    [InlineData("/sessions /list x")]
    [InlineData("/sessions /current x")]
    [InlineData("/sessions /resume")]
    [InlineData("/sessions /resume nobody")]
    [InlineData("/sessions /resume #0")]
    [InlineData("/sessions /resume #99")]
    [InlineData("/sessions /resume #-1")]
    [InlineData("/sessions /resume #+2")]
    [InlineData("/sessions /resume #２")]
    [InlineData("/sessions /resume # 2")]
    [InlineData("/sessions /resume ../../../etc")]
    [InlineData("/sessions /rename")]
    [InlineData("/sessions /rename \"\"")]
    [InlineData("/sessions /rename \"   \"")]
    [InlineData("/sessions /rename \"open")]
    [InlineData("/tasks x")]
    [InlineData("/tasks /list x")]
    [InlineData("/tasks /output")]
    [InlineData("/tasks /output x")]
    [InlineData("/tasks /output 1")]
    [InlineData("/tasks /output １")]
    [InlineData("/tasks /output 1 2")]
    [InlineData("/tasks /stop")]
    [InlineData("/tasks /stop 99999999999999999999")]
    [InlineData("/tasks /stop -1")]
    [InlineData("/tasks /background x")]
    [InlineData("/tasks /background 1 2")]
    [InlineData("/conf nonsense")]
    [InlineData("/conf modle:demo")]
    [InlineData("/conf model:nobody")]
    [InlineData("/conf permission_mode:always")]
    [InlineData("/conf /drop")]
    [InlineData("/conf /drop nonsense")]
    [InlineData("/conf /drop model notify")]
    [InlineData("/conf /global")]
    [InlineData("/conf /global /drop")]
    [InlineData("/models x")]
    [InlineData("/models /add")]
    [InlineData("/models /add gpt")]
    [InlineData("/models /add gpt provider:nobody model:m")]
    [InlineData("/models /add gpt nonsense")]
    [InlineData("/models /remove")]
    [InlineData("/models /remove nobody")]
    [InlineData("/models /fork nobody else")]
    [InlineData("/models /fork demo")]
    [InlineData("/models /key")]
    [InlineData("/models /set nobody temperature:0")]
    [InlineData("/models /use nobody")]
    [InlineData("/model nobody")]
    [InlineData("/model a b")]
    [InlineData("/new x")]
    [InlineData("/new /name")]
    [InlineData("/new /name \"\"")]
    [InlineData("/clear x")]
    [InlineData("/interrupt x")]
    [InlineData("/status x")]
    [InlineData("/exit x")]
    [InlineData("/help nobody")]
    [InlineData("/bgg")]
    [InlineData("/nothing at all")]
    public async Task It_says_what_is_wrong_and_changes_nothing(string line)
    {
        var before = desk.Files();
        var (session, sessions) = (terminal.Session, desk.Life.Sessions.InUse.Count);

        var reply = await terminal.LineAsync(line);

        Assert.NotNull(reply.Error);
        Assert.DoesNotContain('\n', reply.Error.What);
        Assert.Null(reply.Lines);
        Assert.Null(reply.Table);
        Assert.Equal(session.Id, terminal.Session.Id);
        Assert.Equal(sessions, desk.Life.Sessions.InUse.Count);
        Assert.Equal(before, desk.Files());
    }

    [Theory]
    [InlineData("/etc/hosts is broken")]
    [InlineData("//x")]
    [InlineData("// TODO means nothing here")]
    [InlineData("/usr/bin/env: what is it?")]
    [InlineData("what does /bg do?")]
    public async Task What_only_looks_like_a_command_is_a_message(string line)
    {
        await terminal.TypeAsync(line);

        await EngineLife.Is(terminal.Session, "done");
        Assert.Equal($"user: {line}", desk.Life.Model.LastRequest[^1]);
    }

    [Theory]
    [InlineData("/bg list")]
    [InlineData("/BG /LIST")]
    [InlineData("  /bg   /list  ")]
    [InlineData("/bg \"1\"")]
    [InlineData("/bg '1'")]
    [InlineData("/bg #1")]
    [InlineData("/bg peek 1")]
    [InlineData("/bg /help")]
    [InlineData("/tasks /background")]
    [InlineData("/bg /list /all")]
    [InlineData("/sessions")]
    [InlineData("/sessions 1")]
    [InlineData("/sessions /current")]
    [InlineData("/tasks")]
    [InlineData("/tasks /all")]
    [InlineData("/tasks /list /all")]
    [InlineData("/conf")]
    [InlineData("/models")]
    [InlineData("/permissions")]
    [InlineData("/status")]
    [InlineData("/help")]
    [InlineData("/help bg")]
    [InlineData("/interrupt")]
    public async Task What_is_only_written_otherwise_is_right(string line) => Assert.Null((await terminal.LineAsync(line)).Error);
}
