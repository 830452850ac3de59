using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>Many sessions at once, and many who look: nobody hears another, and nobody is held in memory for nothing.</summary>
public sealed class ManySessionsTests : IAsyncDisposable
{
    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task Sixteen_speak_and_work_at_once_and_none_hears_another()
    {
        var gate = new ModelGate();
        life.Model.Always(r =>
        {
            var mark = Conversation.Lines(r)[0]["user: ".Length..];
            return r.Messages.Count == 1
                ? Answer.Of($"{mark} begins. ").ThenHold(gate).Then($"{mark} goes on.").ThenBash($"echo tool {mark}", "c1")
                : Answer.Of($"{mark} ends.");
        });
        var sessions = await Task.WhenAll(Enumerable.Range(1, 16).Select(i => life.BeginAsync($"mark-{i}-")));

        foreach (var session in sessions)
        {
            await life.Holds<TextAdded>(session);
        }

        Assert.All(sessions, s => Assert.Equal("running", s.Row!.State));
        gate.Open();
        foreach (var session in sessions)
        {
            await EngineLife.Is(session, "done");
            var mark = life.Events<UserMessage>(session)[0].Text;
            Assert.Equal(
                $"{mark} begins. {mark} goes on.{mark} ends.", string.Concat(life.Events<TextAdded>(session).Select(e => e.Text)));
            Assert.Equal($"tool {mark}\n", life.Events<ToolEnded>(session)[0].Output);
        }
    }

    [Fact]
    public async Task A_session_that_nobody_watches_and_that_does_not_run_has_its_log_closed()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();

        Assert.DoesNotContain(LogOf(session), OpenFiles());
        Assert.Null(session.ReadAfter(0));
        Assert.Equal("done", session.Row!.State);

        await session.SubmitAsync("again", life.Terminal);
        await Eventually.True(() => life.Events<TurnEnded>(session).Count == 2, "it goes on all the same");
        Assert.Equal(["user: hello", "assistant: Yes.", "user: again"], life.Model.LastRequest);
    }

    [Fact]
    public async Task Watched_its_log_stays_open_until_the_last_watcher_leaves()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        var session = await life.BeginAsync("hello");
        var (one, two) = (new Watched(), new Watched());
        await session.WatchAsync(one.Watcher, null);
        await session.WatchAsync(two.Watcher, null);
        await EngineLife.Is(session, "done");
        await session.WhenQuietAsync();

        await session.UnwatchAsync(one.Watcher);
        Assert.Contains(LogOf(session), OpenFiles());
        await session.UnwatchAsync(two.Watcher);
        Assert.DoesNotContain(LogOf(session), OpenFiles());
    }

    [Fact]
    public async Task Two_watchers_see_the_same_events_each_at_its_own_place()
    {
        var gate = new ModelGate();
        life.Model.Answers(Answer.Of("one ").ThenHold(gate).Then("two"));
        var session = await life.BeginAsync("count");
        await life.Holds<TextAdded>(session);
        var (early, late) = (new Watched(), new Watched());
        await session.WatchAsync(early.Watcher, null);
        var seen = session.EventsAfter(0).ToList();

        gate.Open();
        await EngineLife.Is(session, "done");
        await session.WatchAsync(late.Watcher, null);

        seen.AddRange(session.EventsAfter(seen[^1].Seq));
        Assert.Equal(session.EventsAfter(0).Select(e => (e.Seq, EventJson.NameOf(e.Event))), seen.Select(e => (e.Seq, EventJson.NameOf(e.Event))));
        Assert.Equal(Enumerable.Range(1, seen.Count).Select(i => (long)i), seen.Select(e => e.Seq));
        Assert.True(early.Woken > 0);
    }

    [Fact]
    public async Task What_nobody_looked_at_is_unread_until_a_person_looks()
    {
        life.Model.Always(_ => Answer.Of("Yes."));
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");
        Assert.True(session.Row!.Unread);

        var program = new Watched(person: false);
        await session.WatchAsync(program.Watcher, null);
        Assert.True(session.Row.Unread);
        await session.WatchAsync(new Watched().Watcher, null);
        Assert.False(session.Row.Unread);
    }

    private static IEnumerable<string> OpenFiles() => Directory.EnumerateFiles("/proc/self/fd")
        .Select(file => new FileInfo(file).LinkTarget ?? "");

    private string LogOf(Session session) => Path.Combine(life.State, "sessions", session.Id, "log.jsonl");

    private sealed class Watched
    {
        private int woken;

        public Watched(bool person = true) => Watcher = new Watcher(() => Interlocked.Increment(ref woken), (_, _) => { }, person);

        public Watcher Watcher { get; }

        public int Woken => Volatile.Read(ref woken);
    }
}
