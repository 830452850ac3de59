using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol;
using Berth.Protocol.Events;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A very long session is looked at as quickly as a long one: its end comes, and no more.</summary>
public sealed class LongHistoryTests : IAsyncDisposable
{
    private const int RowsOfTurn = 9;

    private readonly EngineLife life = new();

    public ValueTask DisposeAsync() => life.DisposeAsync();

    [Fact]
    public async Task A_view_begins_at_a_message_with_as_many_rows_behind_it_as_a_terminal_keeps()
    {
        var session = await StoredAsync(Turns(2_000));

        var start = await WatchedAsync(session, () => session.HistoryStart(columns: 80));

        var events = life.Events(session);
        Assert.IsType<UserMessage>(events[(int)start].Event);
        var turns = events.Skip((int)start).Count(e => e.Event is TurnEnded);
        Assert.InRange(turns * RowsOfTurn, Limits.HistoryLines, Limits.HistoryLines + 50);
    }

    [Fact]
    public async Task A_session_that_fits_is_shown_whole()
    {
        var session = await StoredAsync(Turns(700));

        Assert.Equal(0, await WatchedAsync(session, () => session.HistoryStart(columns: 80)));
    }

    [Fact]
    public async Task However_little_is_drawn_of_it_no_more_events_are_sent_than_the_limit()
    {
        // Pieces of one letter: twenty thousand of them are a few rows.
        var session = await StoredAsync(
            [.. Turns(1), new UserMessage("go"), new TurnStarted(2, "message"), .. Enumerable.Repeat(new TextAdded("a"), Limits.HistoryEvents), new TurnEnded("completed", null, null, 1)]);

        var start = await WatchedAsync(session, () => session.HistoryStart(columns: 80));

        Assert.InRange(session.Row!.Turns, 2, 2);
        Assert.Equal(life.Events(session).Count - Limits.HistoryEvents, start);
    }

    // A message of two rows; a blank one and a text of four, one of them blank; an end of two.
    private static IEnumerable<SessionEvent> Turns(int count) => Enumerable.Range(1, count).SelectMany(turn => (SessionEvent[])
    [
        new UserMessage($"message {turn}"), new TurnStarted(turn, "message"), new StepStarted(1, "m"),
        new TextAdded($"{new string('a', 160)}\n\n"), new TextAdded(new string('方', 40)), new StepEnded("stop", new Usage(), []), new TurnEnded("completed", null, null, 1),
    ]);

    private async Task<Session> StoredAsync(IEnumerable<SessionEvent> events)
    {
        const string Id = "5e55107e";
        using (var log = SessionLog.Open(Path.Combine(life.State, "sessions", Id), TimeProvider.System, _ => { }))
        {
            await log.AppendAsync(0, [new SessionCreated(Id, life.Project, life.Project, "session", null, "1"), .. events], durable: true);
        }

        return await life.Sessions.FindAsync(Id) ?? throw new InvalidOperationException("it is not stored");
    }

    private async Task<T> WatchedAsync<T>(Session session, Func<T> look)
    {
        var watcher = new Watcher(() => { }, (_, _) => { });
        await session.WatchAsync(watcher, life.Terminal);
        var seen = look();
        await session.UnwatchAsync(watcher);
        return seen;
    }
}
