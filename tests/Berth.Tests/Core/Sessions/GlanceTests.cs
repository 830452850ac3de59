using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Architecture;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>A log that is read without its conversation tells the same about the session as one that is read whole.</summary>
public sealed class GlanceTests : IDisposable
{
    private static readonly IReadOnlyList<Type> Kinds =
        [.. typeof(SessionEvent).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(SessionEvent)) && t != typeof(UnknownEvent))];

    private readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData(1664304212)]
    public async Task What_is_seen_at_a_glance_is_what_the_whole_log_says(int? known)
    {
        var seed = known ?? Random.Shared.Next();
        var random = new Random(seed);
        var quiet = 0;
        for (var round = 0; round < 150; round++)
        {
            var directory = scratch.Path($"{round:x8}");
            using (var log = SessionLog.Open(directory, TimeProvider.System, _ => { }))
            {
                await log.AppendAsync(
                    0, [new SessionCreated(Path.GetFileName(directory), "/p", "/p", "session", null, "1"), .. Happenings(random)], durable: false);
            }

            var glance = SessionGlance.Read(directory);
            var whole = SessionGlance.Whole(directory);

            var at = $"seed {seed}, round {round}: {string.Join(' ', Events(directory).Select(e => e.GetType().Name))}";
            Assert.True(whole.ToRow(null, false) == glance.ToRow(null, false), at);
            Assert.True((whole.Seq, whole.TurnOpen, whole.Busy, whole.Waits) == (glance.Seq, glance.TurnOpen, glance.Busy, glance.Waits), at);
            Assert.True(whole.LastFinished.Seq == glance.LastFinished.Seq, at);
            quiet += glance.IsConversationUnread ? 1 : 0;
            Assert.True(
                !glance.IsConversationUnread || whole.Context is { TurnOpen: false, StepOpen: false, Calls.IsEmpty: true, Queued.IsEmpty: true }, at);
            Assert.True(
                (whole.Context.Messages.Count, whole.Context.Turn, whole.Context.HasNews, whole.Context.Spent, whole.Context.RequestCount)
                == (glance.Context.Messages.Count, glance.Context.Turn, glance.Context.HasNews, glance.Context.Spent, glance.Context.RequestCount), at);
        }

        Assert.InRange(quiet, 10, 140);
    }

    [Fact]
    public async Task A_look_and_a_copy_read_no_conversation_and_a_message_does()
    {
        await using var life = new EngineLife();
        life.Model.Always(_ => Answer.Of("ok"));
        var session = await life.BeginAsync("hello");
        await EngineLife.Is(session, "done");
        await using var next = await life.RestartAsync();
        var again = await next.FindAsync(session);

        await again.WatchAsync(new Watcher(() => { }, (_, _) => { }), next.Terminal);
        await next.Sessions.ForkAsync(again, next.Sessions.FreeId(), null, null, next.Terminal);
        Assert.True(again.IsConversationUnread);

        await again.SubmitAsync("go on", next.Terminal);
        Assert.False(again.IsConversationUnread);
    }

    [Fact]
    public void What_is_passed_over_is_what_no_list_shows()
    {
        foreach (var kind in Kinds)
        {
            var happened = (SessionEvent)Samples.Full(kind);
            var glance = new SessionGlance("/none");

            var passed = glance.PassesOver(1, System.Text.Encoding.UTF8.GetBytes($"{EventJson.NameOf(happened)}\",\"text\":\"\"}}"));

            Assert.True(!passed || !SessionState.ChangesRow(happened), $"{kind.Name} is passed over and lists show it");
        }
    }

    private static IEnumerable<SessionEvent> Events(string directory)
    {
        var events = new List<SessionEvent>();
        SessionLog.Read(directory, e => events.Add(e.Event));
        return events;
    }

    // Turns as they are, cut off anywhere, with anything between them.
    private static IEnumerable<SessionEvent> Happenings(Random random)
    {
        for (var turn = 1; turn <= random.Next(1, 4); turn++)
        {
            var call = new ToolCall($"c{turn}", "bash", "{}");
            SessionEvent[] whole =
            [
                new UserMessage($"message {turn}"), new TurnStarted(turn, "message"), new StepStarted(1, "m"), new TextAdded("a"),
                new ReasoningAdded("r"), new StepEnded("tools", new Usage(3, 2), [call]), new ToolStarted(call.Id),
                new ToolEnded(call.Id, "ok", "out"), new StepStarted(2, "m"), new TextAdded("b"),
                new StepEnded("stop", new Usage(4, 5), []), new TurnEnded("completed", null, null, 1),
            ];
            foreach (var e in whole.Take(random.Next(6) == 0 ? random.Next(whole.Length) : whole.Length))
            {
                yield return e;
                if (random.Next(40) == 0)
                {
                    yield return (SessionEvent)Samples.Full(Kinds[random.Next(Kinds.Count)]);
                }
            }
        }
    }
}
