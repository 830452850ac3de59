using System.Diagnostics;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary><c>/fork</c> of a short session and of a very long one, while terminals look at them.</summary>
internal static class Fork
{
    private const int Short = 10;
    private const int Long = 100_000;
    private const int Pairs = 40;

    public static Measurement Row { get; } = new("fork", "/fork at 10 and at 100,000 events", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        var few = LongSession.Write(place, Short, "5e550010");
        var many = LongSession.Write(place, Long, "5e55107e");
        place.StartBareDaemon();
        using var shortTerminal = new Caller(place, terminal: true);
        using var longTerminal = new Caller(place, terminal: true);
        using var caller = new Caller(place, terminal: false);
        shortTerminal.Look(few);
        longTerminal.Look(many);
        var (atFew, atMany) = Samples.Paired(Pairs, () => Timed(caller, few), () => Timed(caller, many));
        return
        [
            new("/fork at 100,000 events", atMany.Median, Unit.Milliseconds, new Floor("at 10", atFew.Median), new Aim.AtMost(5)),
        ];
    }

    private static double Timed(Caller caller, string original)
    {
        var began = Stopwatch.GetTimestamp();
        caller.Say("/fork", original);
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
