using System.Collections.Concurrent;
using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>
/// The real daemon, killed at moments that nothing chooses, while several clients talk to it: the next one has everything
/// that was acknowledged, and does nothing by itself.
/// </summary>
public sealed class KilledDaemonTests : IDisposable
{
    private const int Clients = 3;
    private const int Longest = 60_000;

    private readonly BerthHome home = new();
    private readonly ConcurrentQueue<Promise> promised = new();
    private readonly ConcurrentDictionary<string, int> slots = new();
    private readonly HashSet<string> settled = [];

    public KilledDaemonTests()
    {
        Directory.CreateDirectory(Path.Combine(home.Home, "config"));
        File.WriteAllText(Path.Combine(home.Home, "config", "config.json"), """{"model":"demo","permission_mode":"bypass"}""");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public Task Killed_at_any_moment_it_comes_back_with_everything() => SweepAsync(3);

    /// <summary>The same many times: for <c>./bench --crash</c>.</summary>
    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Killed_at_many_moments_it_comes_back_with_everything(int part)
    {
        const int Rounds = 15;
        await SweepAsync(Rounds);
        Console.WriteLine($"Part {part}: {Rounds} kills of the daemon, {promised.Count} acknowledged messages: everything holds.");
    }

    private async Task SweepAsync(int rounds)
    {
        for (var round = 1; round <= rounds; round++)
        {
            using (var daemon = await BareDaemon.StartAsync(home))
            {
                await KillWhileTalkingAsync(daemon, round);
            }

            var effects = Directory.GetFiles(home.Project, "effect-*").Select(f => Path.GetFileName(f)).ToList();
            var logs = Logs();
            KeepsWhatWasAcknowledged(logs);
            var begun = logs.Values.SelectMany(Begun).ToList();
            Assert.All(effects, effect => Assert.Contains(begun, call => call.Arguments.Contains($"{effect}\"")));
            using var next = await BareDaemon.StartAsync(home);
            await HoldsAsync(next, logs);
        }
    }

    // The calls of which the log says that they had begun.
    private static IEnumerable<ToolCall> Begun(List<StoredEvent> log)
    {
        var started = log.Select(e => e.Event).OfType<ToolStarted>().Select(t => t.Call).ToHashSet();
        return log.Select(e => e.Event).OfType<StepEnded>().SelectMany(s => s.Calls).Where(c => started.Contains(c.Id));
    }

    private async Task KillWhileTalkingAsync(BareDaemon daemon, int round)
    {
        // The logs' growth is the clock: how fast the machine is does not matter.
        var bytes = LogBytes() + Random.Shared.Next(Longest);
        var clients = Enumerable.Range(1, Clients).Select(client => Task.Run(() => Talk(daemon, $"{round}-{client}"))).ToList();
        await BerthHome.Until(() => LogBytes() >= bytes || clients.TrueForAll(c => c.IsCompleted), "the logs grow");
        daemon.Kill();
        await Task.WhenAll(clients);
    }

    // Talks until the daemon is gone.
    private void Talk(BareDaemon daemon, string name)
    {
        try
        {
            using var client = daemon.Connect(home);
            var started = client.Run($"run: echo done >> effect-{name}-0");
            promised.Enqueue(new Promise.Message(started.Session, $"run: echo done >> effect-{name}-0"));
            slots[started.Session] = started.Slot!.Value;
            for (var message = 1; message < 50; message++)
            {
                var text = message % 4 == 0 ? $"tell {name}-{message}" : $"run: echo done >> effect-{name}-{message}";
                client.Say(started.Session, text);
                promised.Enqueue(new Promise.Message(started.Session, text));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // It was killed.
        }
    }

    private async Task HoldsAsync(BareDaemon daemon, Dictionary<string, List<StoredEvent>> before)
    {
        using var client = daemon.Connect(home);
        var after = Logs();
        foreach (var (id, log) in after.Where(l => l.Value.Count > 0))
        {
            Assert.Equal(Enumerable.Range(1, log.Count).Select(n => (long)n), log.Select(e => e.Seq));
            var fold = log.Aggregate(new SessionState(), (state, e) => state.Apply(e));
            Assert.False(fold.Context.TurnOpen, $"{id}: a turn is open");
            var added = log.Skip(before[id].Count).Select(e => e.Event).ToList();
            Assert.All(added, e => Assert.True(e is WriterOpened or ToolEnded or TaskBackgrounded or TaskEnded or NoticeAdded or TurnEnded, $"{id}: {e}"));
            var was = before[id].Aggregate(new SessionState(), (state, e) => state.Apply(e));
            Assert.All(
                was.Context.TurnOpen ? was.Context.Calls.Where(c => c is { Started: true, End: null }) : [],
                call => Assert.Contains(added, e => e is ToolEnded { Outcome: "unknown" } ended && ended.Call == call.Call.Id));
        }

        foreach (var (session, slot) in slots)
        {
            Assert.Contains($"[#{slot}] ", home.Berth("sessions", "list").Out.Split('\n').Single(line => line.Contains(session)));
        }

        // One of them goes on; all are sent away, so that the next round has slots.
        foreach (var id in after.Keys.Where(id => after[id].Count > 0 && settled.Add(id)))
        {
            client.Say(id, "go on");
            promised.Enqueue(new Promise.Message(id, "go on"));
            await BerthHome.Until(() => Read(id).Select(e => e.Event).SkipWhile(e => e is not UserMessage { Text: "go on" }).Any(e => e is TurnEnded), $"{id} goes on");
            Assert.Equal("completed", Read(id).Select(e => e.Event).OfType<TurnEnded>().Last().Reason);
            if (slots.TryRemove(id, out var slot))
            {
                client.Say(id, $"/bg /drop {slot}");
            }
        }
    }

    private void KeepsWhatWasAcknowledged(Dictionary<string, List<StoredEvent>> logs) => Assert.All(
        promised.OfType<Promise.Message>(),
        m => Assert.Contains(logs[m.Session], e => e.Event is UserMessage said && said.Text == m.Text));

    private Dictionary<string, List<StoredEvent>> Logs() => Directory.Exists(Sessions)
        ? Directory.GetDirectories(Sessions).Select(d => Path.GetFileName(d)).ToDictionary(id => id, Read)
        : [];

    private string Sessions => Path.Combine(home.Home, "state", "sessions");

    private List<StoredEvent> Read(string id)
    {
        var events = new List<StoredEvent>();
        var directory = Path.Combine(Sessions, id);
        if (File.Exists(Path.Combine(directory, SessionLog.FileName)))
        {
            SessionLog.Read(directory, events.Add);
        }

        return events;
    }

    private long LogBytes() => Directory.Exists(Sessions)
        ? Directory.GetDirectories(Sessions).Sum(d => new FileInfo(Path.Combine(d, SessionLog.FileName)) is { Exists: true } log ? log.Length : 0)
        : 0;
}
