using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;
using Xunit;

namespace Berth.Tests.Core.Simulation;

/// <summary>What must be so of every log, whatever happened.</summary>
internal static class VoyageLog
{
    /// <summary>Checks a session's log, and that the row that lists show is its fold.</summary>
    public static void Check(SessionRow row, IReadOnlyList<StoredEvent> events)
    {
        Assert.Equal(Enumerable.Range(1, events.Count).Select(i => (long)i), events.Select(e => e.Seq));
        Once(events.Select(e => e.Event).OfType<RequestAnswered>().Select(e => e.Request), "answers to a request");
        Once(events.Select(e => e.Event).OfType<TaskEnded>().Select(e => e.Task), "outcomes of a task");
        Once(events.Select(e => e.Event).OfType<NoticeAdded>().SelectMany(e => e.Tasks), "notices of a task");
        NoticesAreWhole([.. events.Select(e => e.Event)]);
        Once(events.Select(e => e.Event).OfType<ToolStarted>().Select(e => e.Call), "starts of a call");
        Once(events.Select(e => e.Event).OfType<ToolEnded>().Select(e => e.Call), "results of a call");
        var fold = events.Aggregate(new SessionState(), (state, e) => state.Apply(e));
        Assert.Equal(row, fold.ToRow(slot: null, row.Unread));
    }

    // What ended in the background, and a person's own command, was told of; what was waited for was not.
    private static void NoticesAreWhole(IReadOnlyList<SessionEvent> events)
    {
        var told = events.OfType<NoticeAdded>().SelectMany(e => e.Tasks).ToHashSet();
        var away = events.OfType<TaskBackgrounded>().Select(e => e.Task).ToHashSet();
        var own = events.OfType<TaskStarted>().Where(e => e.By == "user").Select(e => e.Task).ToHashSet();
        Assert.All(events.OfType<TaskEnded>(), e => Assert.Equal(away.Contains(e.Task) || own.Contains(e.Task), told.Contains(e.Task)));
    }

    private static void Once<T>(IEnumerable<T> all, string what)
    {
        var seen = new HashSet<T>();
        Assert.All(all, one => Assert.True(seen.Add(one), $"two {what}: {one}"));
    }
}
