using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol;
using Berth.Protocol.Messages;

namespace Berth.Bench.Measurements;

/// <summary>What the daemon takes while a session has as many live tasks as it may, and what their start costs it.</summary>
internal static class ManyTasks
{
    private const int Rounds = 3;

    // What the start made the runtime compile better is done by then.
    private static readonly TimeSpan ToRest = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(5);

    public static Measurement Row { get; } = new("tasks", "64 tasks at once: processor time and memory of the daemon", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        var (start, rest, memory) = (new Samples(), new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            using var place = new Installation(programs);
            place.StartDaemon();
            var daemon = place.Daemon;
            using var caller = new Caller(place, terminal: true);
            caller.Call(ClientMethods.Open, new OpenView("new"), MessageJson.OpenView);
            caller.Say("!sleep 1000 &");
            var (cpu, before) = (ProcessCost.Cpu(daemon), ProcessCost.MemoryMb(daemon));
            for (var i = 1; i < Limits.LiveTasksPerSession; i++)
            {
                caller.Say("!sleep 1000 &");
            }

            var started = ProcessCost.Cpu(daemon);
            start.Add((started - cpu) / (Limits.LiveTasksPerSession - 1));
            memory.Add(ProcessCost.MemoryMb(daemon) - before);
            Waiting.Rest(ToRest);
            var rested = ProcessCost.Cpu(daemon);
            Waiting.Rest(Watched);
            rest.Add((ProcessCost.Cpu(daemon) - rested) / Watched.TotalSeconds);
        }

        return
        [
            new("processor time of the daemon for the start of a task", start.Median, Unit.Milliseconds),
            new("… a second while 64 live and are silent", rest.Median, Unit.Milliseconds, Aim: new Aim.AtMost(10)),
            new("… memory that 64 take in the daemon", memory.Median, Unit.Megabytes, Aim: new Aim.AtMost(10)),
        ];
    }
}
