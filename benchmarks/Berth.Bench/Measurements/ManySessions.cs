using System.Diagnostics;
using Berth.Bench.Native;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary>What ten thousand stored sessions cost: the daemon's start, a page of the list, memory.</summary>
internal static class ManySessions
{
    private const int Stored = 10_000;
    private const int EventsEach = 60;
    private const int Pairs = 7;

    public static Measurement Row { get; } = new("sessions", "10,000 stored sessions: daemon start, /sessions, memory", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var none = new Installation(programs);
        using var many = new Installation(programs);
        StoredSessions.Write(many, Stored, EventsEach);

        // The list is derived: the first look at it reads all logs once.
        Start(many);
        var derived = Timed(() => Ask(many, "/sessions"));
        var page = new Samples();
        var (memoryNone, memoryMany) = (new Samples(), new Samples());
        var (without, with) = Samples.Paired(
            Pairs,
            () => Start(none, memoryNone),
            () =>
            {
                var start = Start(many, memoryMany);
                Ask(many, "/sessions");
                for (var i = 0; i < Pairs; i++)
                {
                    page.Add(Timed(() => Ask(many, "/sessions")));
                }

                return start;
            });
        return
        [
            new("daemon start with 10,000 stored sessions", with.Median, Unit.Milliseconds, new Floor("with none", without.Median), new Aim.Times(1.3)),
            new("a page of /sessions with 10,000 stored", page.Median, Unit.Milliseconds, Aim: new Aim.AtMost(50)),
            new("the first list when nothing but the logs is there", derived, Unit.Milliseconds),
            new("memory of the daemon with 10,000 stored, at its start", memoryMany.Median, Unit.Megabytes, new Floor("with none", memoryNone.Median)),
        ];
    }

    private static double Start(Installation place, Samples memory)
    {
        var start = Start(place);
        memory.Add(ProcessCost.MemoryMb(place.Daemon));
        return start;
    }

    // From nothing to the answer to a client's first words.
    private static double Start(Installation place)
    {
        place.StopDaemon();
        return Timed(() =>
        {
            place.StartBareDaemon();
            new Caller(place, terminal: true).Dispose();
        });
    }

    private static void Ask(Installation place, string line)
    {
        using var caller = new Caller(place, terminal: true);
        caller.Say(line);
    }

    private static double Timed(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
