using System.Diagnostics;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>Sixteen background sessions that stream at once, started over one connection.</summary>
internal static class StreamsInDaemon
{
    private const int Pairs = 3;

    public static Measurement Row { get; } = new("streams", "16 background sessions stream 200 tokens at 20 ms", Run);

    /// <summary>Reads the same streams with nothing around them.</summary>
    /// <returns>Wall time in seconds.</returns>
    public static double Ideal(Installation place, Samples cpuPerToken)
    {
        var began = Stopwatch.GetTimestamp();
        var readers = BareReader.ReadAll(place.ModelPort, ModelSays.Paced, Limits.Slots);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        cpuPerToken.Add(readers.Sum(r => r.Cpu.TotalMicroseconds) / readers.Sum(r => r.Tokens));
        return seconds;
    }

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        using var caller = new Caller(place, terminal: true);
        var daemon = place.Daemon;
        var (bareCpu, cpu) = (new Samples(), new Samples());
        var (ideal, streams) = Samples.Paired(
            Pairs,
            () => Ideal(place, bareCpu),
            () =>
            {
                var before = ProcessCost.Cpu(daemon);
                var began = Stopwatch.GetTimestamp();
                for (var i = 0; i < Limits.Slots; i++)
                {
                    caller.Start(ModelSays.Paced, background: true);
                }

                caller.AwaitAllDone(Limits.Slots);
                var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
                cpu.Add((ProcessCost.Cpu(daemon) - before).TotalMicroseconds / (Limits.Slots * ModelSays.PacedTokens));
                Free(caller);
                return seconds;
            });
        return
        [
            new("16 sessions stream 200 tokens at 20 ms, in the daemon", streams.Median, Unit.Seconds, new Floor("bare reader", ideal.Median), new Aim.Times(1.03)),
            new("… processor time of the daemon per token", cpu.Median, Unit.Microseconds, new Floor("bare reader", bareCpu.Median), new Aim.AtMost(80)),
        ];
    }

    private static void Free(Caller caller)
    {
        for (var slot = 1; slot <= Limits.Slots; slot++)
        {
            caller.Say($"/bg /drop {slot}");
        }
    }
}
