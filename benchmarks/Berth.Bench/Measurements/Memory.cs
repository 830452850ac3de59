using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>What the daemon and one terminal take: at rest, and while sixteen sessions stream in the background.</summary>
internal static class Memory
{
    private const int Rounds = 3;

    private static readonly TimeSpan ToRest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ToReturn = TimeSpan.FromSeconds(25);

    public static Measurement Row { get; } = new("memory", "memory of daemon and terminal, at rest and with 16 streams", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        var (rest, streams, after) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            using var place = new Installation(programs);
            var terminal = place.Terminal();
            terminal.Written.Await(Shown.Session, "the session's id");
            Waiting.Rest(ToRest);
            var daemon = place.Daemon;
            rest.Add(ProcessCost.MemoryMb(daemon) + ProcessCost.MemoryMb(terminal.Pid));
            using var caller = new Caller(place, terminal: true);
            for (var i = 0; i < Limits.Slots; i++)
            {
                caller.Start(ModelSays.Paced, background: true);
            }

            Waiting.Rest(ModelSays.Pace * (ModelSays.PacedTokens * 3 / 4));
            streams.Add(ProcessCost.MemoryMb(daemon) + ProcessCost.MemoryMb(terminal.Pid));
            caller.AwaitAllDone(Limits.Slots);
            Waiting.Rest(ToReturn);
            after.Add(ProcessCost.MemoryMb(daemon) + ProcessCost.MemoryMb(terminal.Pid));
        }

        return
        [
            new("memory of daemon and one terminal, at rest", rest.Median, Unit.Megabytes, Aim: new Aim.AtMost(70)),
            new("… with 16 streams", streams.Median, Unit.Megabytes, Aim: new Aim.AtMost(120)),
            new("… half a minute after they are done", after.Median, Unit.Megabytes),
        ];
    }
}
