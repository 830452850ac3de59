using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol.Events;

namespace Berth.Bench.Measurements;

/// <summary>A command that writes 190 MB, against the same command writing to a file.</summary>
internal static class CommandOutput
{
    private const int Pairs = 5;
    private const string Command = "yes | head -c 190000000";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(20);

    public static Measurement Row { get; } = new("output", "190 MB of output through a task", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var memory = new Samples();
        var (file, task) = Samples.Paired(Pairs, () => File(place), () => Task(place, memory));
        return
        [
            new("190 MB of output through a task", task.Median, Unit.Milliseconds, new Floor("to a file", file.Median), new Aim.Times(1.15)),
            new("… memory the daemon takes meanwhile", memory.Median, Unit.Megabytes, Aim: new Aim.AtMost(10)),
        ];
    }

    private static double File(Installation place)
    {
        var options = place.Options(Programs.Bash, "-c", Command);
        var wall = ProgramRun.Whole(options).Wall.TotalMilliseconds;
        System.IO.File.Delete(options.Output!);
        return wall;
    }

    private static double Task(Installation place, Samples memory)
    {
        var daemon = place.Daemon;
        var before = ProcessCost.MemoryMb(daemon);
        var most = before;
        using var isOver = new ManualResetEventSlim();
        var watch = new Thread(() =>
        {
            do
            {
                most = Math.Max(most, ProcessCost.MemoryMb(daemon));
            }
            while (!isOver.Wait(BetweenLooks));
        });
        watch.Start();
        IReadOnlyList<StoredEvent> events;
        try
        {
            using var caller = new Caller(place, terminal: false);
            events = caller.Run(ModelSays.Run + Command);
        }
        finally
        {
            isOver.Set();
            watch.Join();
        }

        memory.Add(most - before);
        System.IO.File.Delete(events.Select(e => e.Event).OfType<TaskStarted>().Single().OutputFile);
        return (events.First(e => e.Event is TaskEnded).At - events.First(e => e.Event is ToolStarted).At).TotalMilliseconds;
    }
}
