using System.Diagnostics;
using Berth.Bench.Place;

namespace Berth.Bench.Measurements;

/// <summary>Enter on <c>/bg 1</c> in a terminal that was just started, with a long session in the slot.</summary>
internal static class Swap
{
    private const int Rounds = 7;

    private static readonly TimeSpan ToSettle = TimeSpan.FromMilliseconds(500);

    public static Measurement Row { get; } = new("swap", "Enter on /bg N, 5,000 and 100,000 events of history", Run);

    private static IReadOnlyList<Figure> Run(Programs programs) =>
    [
        new("Enter on /bg N → history and prompt, 5,000 events", Median(programs, 5_000), Unit.Milliseconds, Aim: new Aim.AtMost(100)),
        new("… 100,000 events", Median(programs, 100_000), Unit.Milliseconds, Aim: new Aim.AtMost(100)),
    ];

    private static double Median(Programs programs, int events)
    {
        using var place = new Installation(programs);
        var session = LongSession.Write(place, events);
        place.StartDaemon();
        var terminal = place.Terminal("-r", session);
        terminal.Written.Await(Shown.Session, "the session's id");
        Say(terminal, "/bg", "Background: [#1]");
        place.Close(terminal);

        var swap = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            terminal = place.Terminal();
            terminal.Written.Await(Shown.Session, "the session's id");
            swap.Add(Say(terminal, "/bg 1", $"Summary: {LongSession.Question}"));
            Say(terminal, "/bg 1", "Summary:");
            place.Close(terminal);
        }

        return swap.Median;
    }

    private static TimeSpan Say(Native.PtyProcess terminal, string line, string answer)
    {
        terminal.Type(line);
        Waiting.Rest(ToSettle);
        var from = terminal.Written.Length;
        var pressed = terminal.Type("\r");
        return Stopwatch.GetElapsedTime(pressed, terminal.Written.Await(answer, from));
    }
}
