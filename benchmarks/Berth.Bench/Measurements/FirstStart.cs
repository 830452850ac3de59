using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary>The first <c>berth</c> of the day: no daemon runs, so the terminal starts one.</summary>
internal static class FirstStart
{
    private const int Pairs = 7;

    public static Measurement Row { get; } = new("first-start", "berth on a terminal that starts the daemon", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        var answer = new Samples();
        var (hello, prompt) = Samples.Paired(
            Pairs,
            () => TerminalStart.Hello(place, programs).TotalMilliseconds,
            () =>
            {
                place.StopDaemon();
                var berth = TerminalStart.Berth(place);
                answer.Add(berth.Answer);
                return berth.Prompt.TotalMilliseconds;
            });
        return
        [
            new("first berth of the day: prompt", prompt.Median, Unit.Milliseconds, new Floor(".NET hello", hello.Median), new Aim.Above(60)),
            new("… first answer", answer.Median, Unit.Milliseconds, new Floor(".NET hello", hello.Median), new Aim.AtMost(250)),
        ];
    }
}
