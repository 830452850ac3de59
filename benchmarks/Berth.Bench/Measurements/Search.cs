using System.Diagnostics;
using Berth.Bench.Place;
using Berth.Core.Log;
using Berth.Platform;

namespace Berth.Bench.Measurements;

/// <summary>A text that stands nowhere, and one that stands in every turn, looked for in 1 GB of logs.</summary>
internal static class Search
{
    private const int Sessions = 200;
    private const int EventsEach = 36_000;
    private const double Gigabyte = 1e9;
    private const int Rounds = 3;

    public static Measurement Row { get; } = new("search", "/sessions search in 1 GB of logs", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        var bytes = StoredSessions.Write(place, Sessions, EventsEach);
        place.StartBareDaemon();
        using var caller = new Caller(place, terminal: true);
        caller.Say("/sessions");
        var (rare, common, floor) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round <= Rounds; round++)
        {
            var read = Timed(() => Read(place));
            var nowhere = Timed(() => caller.Say("/sessions search the yellow submarine"));
            var everywhere = Timed(() => caller.Say("/sessions search writes what it found"));
            if (round > 0)
            {
                floor.Add(read / bytes * Gigabyte);
                rare.Add(nowhere / bytes * Gigabyte);
                common.Add(everywhere / bytes * Gigabyte);
            }
        }

        return
        [
            new("search in 1 GB of logs, text that is nowhere", rare.Median, Unit.Seconds, new Floor("reading them, one core", floor.Median), new Aim.AtMost(2)),
            new("… text that is in every turn", common.Median, Unit.Seconds, new Floor("reading them, one core", floor.Median)),
        ];
    }

    private static void Read(Installation place)
    {
        var buffer = new byte[256 * 1024];
        foreach (var directory in Directory.EnumerateDirectories(Path.Combine(place.Paths.State, "sessions")))
        {
            using var file = PrivateFiles.OpenRead(Path.Combine(directory, SessionLog.FileName));
            for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var read;)
            {
                at += read;
            }
        }
    }

    private static double Timed(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
