using Berth.Bench.Native;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary>A long answer that comes as fast as it can be sent, followed by one client.</summary>
internal static class FastTokens
{
    private const int Pairs = 7;

    public static Measurement Row { get; } = new("tokens", "20,000 tokens at once through the daemon", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var daemon = place.Daemon;
        var (bare, cpu) = Samples.Paired(
            Pairs,
            () => BareReader.Read(place.ModelPort, ModelSays.Fast).Cpu.TotalMicroseconds / ModelSays.FastTokens,
            () =>
            {
                var before = ProcessCost.Cpu(daemon);
                using (var caller = new Caller(place, terminal: false))
                {
                    caller.Run(ModelSays.Fast);
                }

                return (ProcessCost.Cpu(daemon) - before).TotalMicroseconds / ModelSays.FastTokens;
            });
        return
        [
            new("20,000 tokens at once: processor time per token", cpu.Median, Unit.Microseconds, new Floor("bare reader", bare.Median), new Aim.AtMost(6)),
        ];
    }
}
