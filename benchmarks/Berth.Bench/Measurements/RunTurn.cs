using Berth.Bench.Native;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary>One turn without a terminal, with a model that answers at once.</summary>
internal static class RunTurn
{
    private const int Rounds = 15;

    public static Measurement Row { get; } = new("run", "berth run, daemon running, a model that answers at once", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var (bash, hello, turn) = (new Samples(), new Samples(), new Samples());
        var (helloCpu, turnCpu) = (new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            bash.Add(ProgramRun.Whole(place.Options(Programs.Bash, "-c", "true")).Wall);
            var least = ProgramRun.Whole(place.Options(programs.Hello));
            hello.Add(least.Wall);
            helloCpu.Add(least.Cpu);
            var whole = ProgramRun.Whole(place.Berth("run", ModelSays.Hello));
            turn.Add(whole.Wall);
            turnCpu.Add(whole.Cpu);
        }

        return
        [
            new("berth run, one turn", turn.Median, Unit.Milliseconds, new Floor(".NET hello", hello.Median), new Aim.AtMost(100)),
            new("… processor time of the client", turnCpu.Median, Unit.Milliseconds, new Floor(".NET hello", helloCpu.Median)),
            new("… over a shell that does nothing", turn.Median, Unit.Milliseconds, new Floor("bash -c true", bash.Median)),
        ];
    }
}
