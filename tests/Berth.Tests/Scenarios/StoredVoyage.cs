using System.Text.Json;
using Berth.Tests.Testing;
using Xunit;

namespace Berth.Tests.Scenarios;

/// <summary>
/// A random sequence of what people do from the shell with sessions, made from a seed, on the real daemon and on a simple
/// model of it: after every step the list of sessions must be the same.
/// </summary>
internal sealed class StoredVoyage(int seed) : IDisposable
{
    private readonly BerthHome home = new();
    private readonly Random random = new(seed);
    private readonly Dictionary<string, Expected> sessions = [];
    private readonly SortedDictionary<int, string> slots = [];
    private readonly List<string> steps = [];

    private sealed record Expected(string State, int Turns, string? Name, string? Parent, bool InTrash = false);

    public void Dispose() => home.Dispose();

    public void Sail(int length)
    {
        try
        {
            Start();
            for (var i = 0; i < length; i++)
            {
                Step();
                Agree();
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{e.Message}\nseed {seed}\n{string.Join('\n', steps)}", e);
        }
    }

    private void Step()
    {
        var stored = sessions.Where(s => !s.Value.InTrash).Select(s => s.Key).ToList();
        var any = stored.Count == 0 ? null : stored[random.Next(stored.Count)];
        switch (random.Next(12))
        {
            case 0 or 1:
                Start();
                break;
            case 2 or 3:
                Background();
                break;
            case 4 when any is not null:
                Do(0, "run", "and more", "--resume", any, "--json");
                sessions[any] = sessions[any] with { Turns = sessions[any].Turns + 1, State = "done" };
                break;
            case 5 when any is not null:
                var fork = Do(0, "fork", "--session", any, "--json").GetProperty("session").GetString()!;
                sessions[fork] = sessions[any] with { Parent = any, Name = null };
                break;
            case 6 when any is not null:
                var name = $"name {steps.Count} 名";
                Do(0, "sessions", "rename", name, "--session", any);
                sessions[any] = sessions[any] with { Name = name };
                break;
            case 7 when any is not null:
                Do(0, "sessions", "delete", any);
                sessions[any] = sessions[any] with { InTrash = true };
                Free(any);
                break;
            case 8 when sessions.FirstOrDefault(s => s.Value.InTrash).Key is { } deleted:
                Do(0, "sessions", "restore", deleted);
                sessions[deleted] = sessions[deleted] with { InTrash = false };
                break;
            case 9 when slots.Count > 0:
                var slot = slots.Keys.ElementAt(random.Next(slots.Count));
                Do(0, "bg", "drop", $"{slot}");
                slots.Remove(slot);
                break;
            case 10 when any is not null:
                Compact(any);
                break;
            case 11:
                Die();
                break;
        }
    }

    private void Start()
    {
        var id = Do(0, "run", $"talk {steps.Count}", "--json").GetProperty("session").GetString()!;
        sessions[id] = new Expected("done", 1, null, null);
    }

    private void Background()
    {
        var started = Do(0, "run", $"talk {steps.Count}", "--bg", "--json");
        var id = started.GetProperty("session").GetString()!;
        var free = Enumerable.Range(1, 16).First(n => !slots.ContainsKey(n));
        Assert.Equal(free, started.GetProperty("slot").GetInt32());
        sessions[id] = new Expected("done", 1, null, null);
        slots[free] = id;
    }

    // Whether a summary is worth it is the daemon's to say; whatever comes of it is a turn.
    private void Compact(string id)
    {
        steps.Add($"compact {id}");
        var ran = home.Berth("compact", "--session", id);
        Assert.InRange(ran.Code, 0, 1);
        if (!ran.Error.Contains("There is nothing to compact."))
        {
            sessions[id] = sessions[id] with { Turns = sessions[id].Turns + 1, State = ran.Code == 0 ? "done" : "error" };
        }
    }

    private void Die()
    {
        Agree();
        steps.Add("the daemon dies");
        if (home.Daemon is { } daemon)
        {
            var started = Berth.Platform.CurrentProcess.StartTicks(daemon);
            Berth.Platform.ProcessTable.Signal(daemon, started, 9);
            BerthHome.Until(() => !Berth.Platform.ProcessTable.IsAlive(daemon, started), "the daemon's end").GetAwaiter().GetResult();
        }
    }

    private void Free(string id)
    {
        foreach (var slot in slots.Where(s => s.Value == id).Select(s => s.Key).ToList())
        {
            slots.Remove(slot);
        }
    }

    // A background turn comes to its end a moment later.
    private void Agree()
    {
        List<JsonElement> rows = [];
        BerthHome.Until(
            () =>
            {
                rows = [.. JsonDocument.Parse(home.Berth("sessions", "list", "--json").Out).RootElement.EnumerateArray()];
                return rows.TrueForAll(r => r.GetProperty("state").GetString() != "running");
            },
            "all turns are over").GetAwaiter().GetResult();

        var expected = sessions.Where(s => !s.Value.InTrash).Select(s => Line(
            s.Key, s.Value.State, s.Value.Turns, s.Value.Parent, slots.Where(p => p.Value == s.Key).Select(p => (int?)p.Key).FirstOrDefault()));
        Assert.Equal(expected.Order(), rows.Select(r => Line(
            r.GetProperty("id").GetString()!, r.GetProperty("state").GetString()!, r.GetProperty("turns").GetInt32(),
            r.GetProperty("parent").GetString(), r.GetProperty("slot") is { ValueKind: JsonValueKind.Number } slot ? slot.GetInt32() : null)).Order());
        Assert.All(rows, r => Assert.True(
            sessions[r.GetProperty("id").GetString()!].Name is not { } given || given == r.GetProperty("name").GetString()));
        Assert.Equal(rows.Count, rows.Select(r => r.GetProperty("name").GetString()).Distinct().Count());
    }

    private static string Line(string id, string state, int turns, string? parent, int? slot) =>
        $"{id} {state} {turns} turns from {parent ?? "nobody"} in {slot?.ToString() ?? "no slot"}";

    private JsonElement Do(int code, params string[] arguments)
    {
        steps.Add(string.Join(' ', arguments));
        var ran = home.Berth(arguments);
        Assert.True(ran.Code == code, $"{string.Join(' ', arguments)}: {ran}");
        return ran.Out.StartsWith('{') ? JsonDocument.Parse(ran.Out).RootElement : default;
    }
}

/// <summary>Voyages from seeds on the real daemon. A seed that failed once becomes a row.</summary>
public sealed class StoredVoyageTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_daemon_does_what_the_simple_model_of_it_says(int seed)
    {
        using var voyage = new StoredVoyage(seed);
        voyage.Sail(length: 20);
    }
}
