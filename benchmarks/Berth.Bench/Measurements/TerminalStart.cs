using System.Diagnostics;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary><c>berth</c> while the daemon runs: the prompt against a hello program, and the daemon's first answer.</summary>
internal static class TerminalStart
{
    private const int Pairs = 11;

    public static Measurement Row { get; } = new("start", "berth on a terminal, daemon running: prompt, first answer", Run);

    /// <summary>Starts a hello program on a terminal; the time until its word is there.</summary>
    public static TimeSpan Hello(Installation place, Programs programs)
    {
        var hello = place.OnTerminal(programs.Hello);
        var said = Stopwatch.GetElapsedTime(hello.Began, hello.Written.Await("hello"));
        place.Close(hello);
        return said;
    }

    /// <summary>Starts <c>berth</c> on a terminal; the times until its prompt and the daemon's answer are there.</summary>
    public static (TimeSpan Prompt, TimeSpan Answer) Berth(Installation place)
    {
        var terminal = place.Terminal();
        var prompt = terminal.Written.Await(Shown.Prompt);
        var answer = terminal.Written.Await(Shown.Session, "the session's id");
        place.Close(terminal);
        return (Stopwatch.GetElapsedTime(terminal.Began, prompt), Stopwatch.GetElapsedTime(terminal.Began, answer));
    }

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        var answer = new Samples();
        var (hello, prompt) = Samples.Paired(
            Pairs,
            () => Hello(place, programs).TotalMilliseconds,
            () =>
            {
                var berth = Berth(place);
                answer.Add(berth.Answer - berth.Prompt);
                return berth.Prompt.TotalMilliseconds;
            });
        return
        [
            new("prompt drawn after berth", prompt.Median, Unit.Milliseconds, new Floor(".NET hello", hello.Median), new Aim.Above(60)),
            new("… first answer after the prompt", answer.Median, Unit.Milliseconds, Aim: new Aim.AtMost(20)),
        ];
    }
}
