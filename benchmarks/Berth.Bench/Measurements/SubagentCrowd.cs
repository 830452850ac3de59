using System.Diagnostics;
using System.Text.Json;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>Sixteen sessions with eight sub-agents each, all of which stream at once: memory, and whether one starves.</summary>
internal static class SubagentCrowd
{
    private const int Agents = Limits.Slots * Limits.SubagentsPerSession;
    private static readonly TimeSpan ToRest = TimeSpan.FromSeconds(2);

    public static Measurement Row { get; } = new("crowd", "16 sessions with 8 sub-agents each stream 200 tokens at 20 ms", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        using var caller = new Caller(place, terminal: true);
        var daemon = place.Daemon;
        Waiting.Rest(ToRest);
        var rest = ProcessCost.MemoryMb(daemon);
        var began = Stopwatch.GetTimestamp();
        BareReader.ReadAll(place.ModelPort, ModelSays.Paced, Agents);
        var ideal = Stopwatch.GetElapsedTime(began).TotalSeconds;

        began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Limits.Slots; i++)
        {
            caller.Start(ModelSays.Agents(Limits.SubagentsPerSession, ModelSays.Paced), background: true);
        }

        Waiting.Rest(ModelSays.Pace * (ModelSays.PacedTokens * 3 / 4));
        var streaming = ProcessCost.MemoryMb(daemon);
        caller.AwaitAllDone(Limits.Slots);
        var wall = Stopwatch.GetElapsedTime(began).TotalSeconds;
        var times = Times(place);
        if (times.Count != Agents)
        {
            throw new IOException($"{times.Count} of {Agents} sub-agents came to an end.");
        }

        return
        [
            new("16 sessions with 8 sub-agents each, 200 tokens at 20 ms", wall, Unit.Seconds, new Floor("bare reader", ideal), new Aim.Times(1.25)),
            new("… the slowest sub-agent", times.Max(), Unit.Seconds, new Floor("the fastest", times.Min()), new Aim.Times(1.1)),
            new("… memory of the daemon meanwhile", streaming, Unit.Megabytes, new Floor("at rest", rest), new Aim.AtMost(250)),
            new("… for each sub-agent", (streaming - rest) / Agents, Unit.Megabytes, Aim: new Aim.AtMost(1)),
        ];
    }

    // How long each of them took, as the logs of their parents say.
    private static List<double> Times(Installation place)
    {
        var times = new List<double>();
        foreach (var log in Directory.EnumerateFiles(Path.Combine(place.Paths.State, "sessions"), "log.jsonl", SearchOption.AllDirectories))
        {
            foreach (var line in File.ReadLines(log))
            {
                if (line.Contains("\"type\":\"agent_ended\""))
                {
                    using var json = JsonDocument.Parse(line[line.IndexOf('{')..(line.LastIndexOf('}') + 1)]);
                    times.Add(json.RootElement.GetProperty("seconds").GetDouble());
                }
            }
        }

        return times;
    }
}
