using Berth.Protocol;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>The model's todo list is the session's: in its log, in its copies, and after a restart.</summary>
public sealed class TodoTests : IAsyncDisposable
{
    private const string List = """{"todos":[{"content":"Read\nit","status":"completed"},{"content":"Write it","status":"in_progress"}]}""";

    private static readonly TodoItem[] Kept = [new("Read it", "completed"), new("Write it", "in_progress")];

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_call_replaces_the_list_and_is_told_where_it_stands()
    {
        var session = await KeepAsync(List, """{"todos":[{"content":"Only this","status":"pending"}]}""");

        Assert.Equal(
            ["Kept: 1 of 2 completed. In progress: Write it.", "Kept: 0 of 1 completed. Nothing is in progress: mark what you work on."],
            life.Events<ToolEnded>(session).Select(e => e.Output));
        Assert.Equal([Kept, [new TodoItem("Only this", "pending")]], life.Events<TodosChanged>(session).Select(e => e.Todos));
        Assert.Equal("0 of 1 done", life.Events<ToolEnded>(session)[1].Summary);
    }

    [Fact]
    public async Task Nobody_is_asked_for_it_even_where_everything_is()
    {
        life.Policy.Judge = _ => Berth.Core.Permissions.Verdict.Allow;
        var tool = Berth.Core.Tools.ToolTable.Find("todo")!;

        Assert.IsType<Berth.Core.Permissions.SessionAction>(tool.Asks(Berth.Core.Tools.ToolInput.Parse("todo", List), null!).Action);
        await KeepAsync(List);
    }

    [Fact]
    public async Task It_is_there_after_a_restart_and_in_a_copy()
    {
        life.Model.HasForks = true;
        var session = await KeepAsync(List);
        var next = await life.RestartAsync();
        var again = await next.FindAsync(session);
        var copy = (await next.Sessions.ForkAsync(again, next.Sessions.FreeId(), null, null, next.Terminal))!;

        Assert.Equal(Kept, (await again.TodosAsync()));
        Assert.Equal(Kept, (await copy.TodosAsync()));
    }

    [Fact]
    public async Task It_stays_the_models_when_the_conversation_is_summarized()
    {
        life.Model.CountsText = true;
        life.Model.Always(r => r.IsForSummary ? Answer.Of("They counted boats.") : null);
        var session = await KeepAsync(List);
        for (var i = 2; i <= 4; i++)
        {
            life.Model.Answers(string.Concat(Enumerable.Repeat("and the tide went on. ", 400)));
            await session.SubmitAsync("go on", life.Terminal);
            await Berth.Tests.Processes.Eventually.True(() => session.Row is { State: "done" } row && row.Turns == i, "the turn is over");
        }

        Assert.Null(await session.CompactAsync(null, life.Terminal));
        await EngineLife.Is(session, "done");

        Assert.Contains(
            "Your todo list as it stands (tool todo):\n- completed: Read it\n- in_progress: Write it\n",
            Assert.Single(life.Events<ContextCompacted>(session)).Text);
    }

    [Theory]
    [InlineData("""{}""", "todo needs 'todos'")]
    [InlineData("""{"todos":"x"}""", "todo needs 'todos'")]
    [InlineData("""{"todos":[{"content":"a","status":"pending"},{"content":" \n","status":"pending"}]}""", "Item 2 of 'todos' needs 'content'")]
    [InlineData("""{"todos":[{"content":"a","status":"doing"}]}""", "one of pending, in_progress, completed")]
    [InlineData("""{"todos":["a"]}""", "Item 1 of 'todos' needs 'content'")]
    public async Task What_is_no_list_changes_nothing(string arguments, string words)
    {
        var session = await KeepAsync(arguments);

        Assert.Contains(words, Assert.Single(life.Events<ToolEnded>(session)).Output);
        Assert.Empty(life.Events<TodosChanged>(session));
    }

    [Fact]
    public async Task A_list_is_bounded()
    {
        var items = string.Join(',', Enumerable.Repeat($$"""{"content":"{{new string('x', 5_000)}}","status":"pending"}""", Limits.Todos));
        var session = await KeepAsync($$"""{"todos":[{{items}}]}""", $$"""{"todos":[{{items}},{{items}}]}""");

        Assert.All(Assert.Single(life.Events<TodosChanged>(session)).Todos, todo => Assert.Equal(Limits.TodoChars, todo.Content.Length));
        Assert.Equal(["ok", "error"], life.Events<ToolEnded>(session).Select(e => e.Outcome));
    }

    private async Task<Berth.Core.Sessions.Session> KeepAsync(params string[] lists)
    {
        life.Model.Answers([.. lists.Select((list, i) => Answer.Calling("todo", list, $"t{i}")), Answer.Of("Done.")]);
        var session = await life.BeginAsync("work");
        await EngineLife.Is(session, "done");
        return session;
    }
}
