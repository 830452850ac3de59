using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;
using Berth.Tests.Core.Sessions;
using Xunit;

namespace Berth.Tests.Faults;

/// <summary>Starts a new life on the files of a fall, and holds it against everything that was promised.</summary>
internal sealed class CrashInquiry(CrashImage image, string project)
{
    // A copy and its origin share their instructions, and both go on here.
    private readonly ScriptedModel model = new() { ComparesRequests = false };

    public async Task HoldsAsync()
    {
        model.Always(_ => Answer.Of("Fine."));
        await using var life = new EngineLife(image.Files, model, policy: null);
        life.Policy.Judge = CrashVoyage.Judge;
        var logs = StoredIds(life).ToDictionary(id => id, id => Read(life, id));
        KeepsWhatWasAcknowledged(logs);
        NothingWasDoneUnlogged(logs);

        var problems = await life.Sessions.RecoverAsync();

        Assert.Empty(problems);
        Assert.Empty(model.Requests);
        SlotsAreAsBefore(life, logs);
        var effects = Effects();
        foreach (var (id, log) in logs.Where(l => l.Value.Count > 0))
        {
            await GoesOnAsync(life, id, log);
        }

        OnlyWhatWasAnsweredRan(effects, logs);

        // A session whose first write was torn never began; its bytes are named as long as nobody mends them.
        var began = logs.Where(l => l.Value.Count > 0).Select(l => l.Key).ToHashSet();
        Assert.DoesNotContain((await life.Sessions.VerifyAsync()).Problems, p => began.Contains(p[..p.IndexOf(':')]));
        await life.EndAsync(stopTasks: false);
    }

    private static IReadOnlyList<string> StoredIds(EngineLife life) => life.Sessions.StoredIds();

    private static List<StoredEvent> Read(EngineLife life, string id)
    {
        var events = new List<StoredEvent>();
        var directory = Path.Combine(life.State, "sessions", id);
        if (File.Exists(Path.Combine(directory, SessionLog.FileName)))
        {
            SessionLog.Read(directory, events.Add);
        }

        return events;
    }

    private void KeepsWhatWasAcknowledged(Dictionary<string, List<StoredEvent>> logs)
    {
        foreach (var promise in image.Promised.Where(p => p is not Promise.Slots))
        {
            Assert.True(logs.TryGetValue(promise.Session, out var log), $"session {promise.Session} is lost");
            Assert.Contains(log, e => promise switch
            {
                Promise.Message m => e.Event is UserMessage said && said.Text == m.Text,
                Promise.Answered a => e.Event is RequestAnswered answered && answered.Request == a.Request,
                Promise.Named n => e.Event is SessionRenamed named && named.Name == n.Name,
                Promise.Copied c => e.Event is SessionForked forked && forked.Parent == c.Origin,
                _ => false,
            });
        }
    }

    // A tool that did something was in the log before it did.
    private void NothingWasDoneUnlogged(Dictionary<string, List<StoredEvent>> logs)
    {
        var started = logs.Values.SelectMany(log => log).Select(e => e.Event).OfType<ToolStarted>().Select(t => t.Call).ToHashSet();
        Assert.All(image.Effects, effect => Assert.Contains(effect["effect-".Length..], started));
    }

    private void SlotsAreAsBefore(EngineLife life, Dictionary<string, List<StoredEvent>> logs)
    {
        var last = image.Promised.OfType<Promise.Slots>().LastOrDefault()?.Holders ?? [];
        var now = life.Board.SlotsOf(project);

        // One change may have been on its way to the board.
        var differ = Enumerable.Range(1, Math.Max(last.Count, now.Keys.DefaultIfEmpty(0).Max()))
            .Count(slot => (slot <= last.Count ? last[slot - 1] : "") != now.GetValueOrDefault(slot, ""));
        Assert.InRange(differ, 0, 1);
        Assert.Equal(now.Count, now.Values.Distinct().Count());
        Assert.All(now.Values, id => Assert.NotEmpty(logs[id]));
    }

    private async Task GoesOnAsync(EngineLife life, string id, List<StoredEvent> log)
    {
        var session = await life.Sessions.FindAsync(id) ?? throw new InvalidOperationException($"{id} is lost");
        await session.ViewAsync(life.Terminal);
        var recovered = Read(life, id);
        Assert.Equal(Enumerable.Range(1, recovered.Count).Select(n => (long)n), recovered.Select(e => e.Seq));
        Assert.Equal(log.Select(e => e.Event).OfType<UserMessage>(), recovered.Select(e => e.Event).OfType<UserMessage>());
        var state = Fold(log);
        Assert.Equal(
            state.Waits ? SessionStates.Waiting : state.Context.TurnOpen ? SessionStates.Interrupted : state.Shown, session.Row!.State);
        var asked = model.Requests.Count;
        if (state.Waits)
        {
            Assert.Equal(state.Requests[0].Request, (await session.AnswerAsync(null, "yes", null, life.Terminal))!.Request);
            await EngineLife.Is(session, "done");
        }
        else
        {
            await session.SubmitAsync("go on", life.Terminal);
            await session.WhenQuietAsync();
        }

        Assert.Equal(SessionStates.Done, session.Row!.State);
        Assert.Equal(asked + 1, model.Requests.Count);
        var told = model.LastRequest;
        Assert.Equal(
            log.Select(e => e.Event).OfType<UserMessage>().Select(m => $"user: {m.Text}"),
            told.Where(line => line.StartsWith("user: ") && !line.StartsWith("user: [") && line != "user: go on"));
        Assert.All(InFlight(state), call => Assert.Contains(told, line => line.StartsWith($"result {call} (error): Unknown outcome")));
    }

    // Calls that had started and had no end when the turn was cut.
    private static IEnumerable<string> InFlight(SessionState state) =>
        state.Context.TurnOpen ? state.Context.Calls.Where(c => c is { Started: true, End: null }).Select(c => c.Call.Id) : [];

    private static SessionState Fold(List<StoredEvent> log) => log.Aggregate(new SessionState(), (state, e) => state.Apply(e));

    private Dictionary<string, string> Effects() =>
        Directory.GetFiles(project, "effect-*").ToDictionary(f => Path.GetFileName(f)["effect-".Length..], File.ReadAllText);

    private void OnlyWhatWasAnsweredRan(Dictionary<string, string> before, Dictionary<string, List<StoredEvent>> logs)
    {
        var answered = logs.Values.Select(Fold).Where(s => s.Waits).SelectMany(s => s.Requests).Select(r => r.Call).ToList();
        foreach (var (call, content) in Effects())
        {
            var ran = before.GetValueOrDefault(call, "");
            Assert.Equal(answered.Contains(call) ? $"{ran}done\n" : ran, content);
        }
    }
}
