using System.Globalization;
using Berth.Bench.Native;
using Berth.Bench.Place;
using Berth.Protocol.Events;

namespace Berth.Bench.Measurements;

/// <summary>
/// From the moment the bash tool is about to act until the command runs: the shell itself says when that is. The floor
/// is posix_spawn of the same shell.
/// </summary>
internal static class CommandStart
{
    private const int Pairs = 25;
    private const string Command = "echo $EPOCHREALTIME";

    // Events carry their time cut to the millisecond, so a difference to it is half a millisecond too long on average.
    private const double CutOff = 0.5;

    public static Measurement Row { get; } = new("command", "start of a command by the bash tool", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var (bare, tool) = Samples.Paired(Pairs, () => Bare(place), () => Tool(place));
        return
        [
            new("start of a command by the bash tool", tool.Median - CutOff, Unit.Milliseconds, new Floor("posix_spawn", bare.Median), new Aim.Above(2)),
        ];
    }

    private static double Bare(Installation place)
    {
        var options = place.Options(Programs.Bash, "-c", Command);
        var before = TimeProvider.System.GetUtcNow();
        ProgramRun.Whole(options);
        return Since(before, File.ReadAllText(options.Output!));
    }

    private static double Tool(Installation place)
    {
        using var caller = new Caller(place, terminal: false);
        var events = caller.Run(ModelSays.Run + Command);
        var before = events.First(e => e.Event is ToolStarted).At;
        return Since(before, events.Select(e => e.Event).OfType<ToolEnded>().Single().Output);
    }

    private static double Since(DateTimeOffset before, string output)
    {
        var seconds = output.Split('\n', StringSplitOptions.TrimEntries)
            .Select(line => decimal.TryParse(line, CultureInfo.InvariantCulture, out var value) ? value : 0)
            .FirstOrDefault(value => value > 0);
        return (double)((seconds * 1000) - ((before - DateTimeOffset.UnixEpoch).Ticks / (decimal)TimeSpan.TicksPerMillisecond));
    }
}
