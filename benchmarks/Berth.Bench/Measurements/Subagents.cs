using System.Diagnostics;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>Eight sub-agents of one session: how much longer they take than their models do, and what one of them costs.</summary>
internal static class Subagents
{
    private const int Pairs = 5;
    private const int Rounds = 15;

    public static Measurement Row { get; } = new("agents", "8 sub-agents of a session, with a model that takes 1 s or answers at once", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        using var caller = new Caller(place, terminal: false);
        var (ideal, eight) = Samples.Paired(
            Pairs,
            () => Seconds(() => BareReader.ReadAll(place.ModelPort, ModelSays.Second, Limits.SubagentsPerSession)),
            () => Seconds(() => caller.Run(ModelSays.Agents(Limits.SubagentsPerSession, ModelSays.Second))));

        // Of all costs of a turn with sub-agents, those that come with each further one.
        var (one, many) = (new Samples(), new Samples());
        for (var round = 0; round < Rounds; round++)
        {
            one.Add(Seconds(() => caller.Run(ModelSays.Agents(1, ModelSays.Hello))));
            many.Add(Seconds(() => caller.Run(ModelSays.Agents(Limits.SubagentsPerSession, ModelSays.Hello))));
        }

        var each = Math.Max(0, many.Median - one.Median) * 1000 / (Limits.SubagentsPerSession - 1);
        return
        [
            new("8 sub-agents with a model that takes 1 s", eight.Median, Unit.Seconds, new Floor("bare reader", ideal.Median), new Aim.Times(1.1)),
            new("a turn with one sub-agent, models that answer at once", one.Median * 1000, Unit.Milliseconds),
            new("… each further sub-agent", each, Unit.Milliseconds, Aim: new Aim.AtMost(20)),
        ];
    }

    private static double Seconds(Action act)
    {
        var began = Stopwatch.GetTimestamp();
        act();
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }
}
