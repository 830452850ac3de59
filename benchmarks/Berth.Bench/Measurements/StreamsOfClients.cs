using System.Diagnostics;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>Sixteen <c>berth run</c> started at the same moment, each with its own stream.</summary>
internal static class StreamsOfClients
{
    private const int Pairs = 3;

    public static Measurement Row { get; } = new("clients", "16 × berth run at once, each streams 200 tokens at 20 ms", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var daemon = place.Daemon;
        var (bareCpu, cpu, clientCpu, memory) = (new Samples(), new Samples(), new Samples(), new Samples());
        var (ideal, clients) = Samples.Paired(
            Pairs,
            () => StreamsInDaemon.Ideal(place, bareCpu),
            () =>
            {
                var before = ProcessCost.Cpu(daemon);
                var began = Stopwatch.GetTimestamp();
                var runs = Enumerable.Range(0, Limits.Slots)
                    .Select(_ => new ProgramRun(place.Berth("run", ModelSays.Paced))).ToList();
                Waiting.Rest(ModelSays.Pace * (ModelSays.PacedTokens * 3 / 4));
                memory.Add(ProcessCost.MemoryMb(daemon) + runs.Sum(r => ProcessCost.MemoryMb(r.Pid)));
                var ended = runs.Select(r => r.Wait()).ToList();
                var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                if (ended.Find(e => e.Code != 0) is { } failed)
                {
                    throw new IOException($"One of 16 × berth run ended with {failed.Code}.");
                }

                cpu.Add((ProcessCost.Cpu(daemon) - before).TotalMicroseconds / (Limits.Slots * ModelSays.PacedTokens));
                clientCpu.Add(ended.Average(e => e.Cpu.TotalMilliseconds));
                return seconds;
            });
        return
        [
            new("16 × berth run at once, the same streams", clients.Median, Unit.Seconds, new Floor("bare reader", ideal.Median), new Aim.Times(1.12)),
            new("… processor time of the daemon per token, with fan-out", cpu.Median, Unit.Microseconds, new Floor("bare reader", bareCpu.Median), new Aim.AtMost(80)),
            new("… processor time of one client", clientCpu.Median, Unit.Milliseconds),
            new("… memory of all 17 processes", memory.Median, Unit.Megabytes, Aim: new Aim.AtMost(220)),
        ];
    }
}
