using System.Globalization;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol.Events;

namespace Berth.Bench.Measurements;

/// <summary>
/// From the last thing that a background command does, which says when that is, until the notice of its end is in the
/// session's log. The floor is a parent that waits for the same command.
/// </summary>
internal static class CommandEnd
{
    private const int Pairs = 15;

    // Long enough that the answer of the call does not wait for the command.
    private const string Command = "sleep 0.5; echo $EPOCHREALTIME";

    // Events carry their time cut to the millisecond, so a difference from it is half a millisecond too short on average.
    private const double CutOff = 0.5;

    public static Measurement Row { get; } = new("end", "end of a background command until its notice is in the log", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var (bare, task) = Samples.Paired(Pairs, () => Bare(place), () => Task(place));
        return
        [
            new("end of a background command until its notice is in the log", task.Median + CutOff, Unit.Milliseconds,
                new Floor("waitpid", bare.Median), new Aim.Above(5)),
        ];
    }

    private static double Bare(Installation place)
    {
        var options = place.Options(Programs.Bash, "-c", Command);
        ProgramRun.Whole(options);
        var ended = TimeProvider.System.GetUtcNow();
        var said = File.ReadAllText(options.Output!).Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        return Since(said, ended);
    }

    private static double Task(Installation place)
    {
        using var caller = new Caller(place, terminal: false);
        var events = caller.Run(ModelSays.RunInBackground + Command);
        events = events.Any(e => e.Event is NoticeAdded) ? events : [.. events, .. caller.EventsUntil(e => e is NoticeAdded)];
        var said = events.Select(e => e.Event).OfType<TaskEnded>().Single().LastLine!;
        return Since(said, events.First(e => e.Event is NoticeAdded).At);
    }

    private static double Since(string seconds, DateTimeOffset until) => (double)(
        ((until - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerMillisecond)
        - (decimal.Parse(seconds, CultureInfo.InvariantCulture) * 1000));
}
