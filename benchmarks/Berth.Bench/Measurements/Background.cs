using System.Diagnostics;
using Berth.Bench.Place;
using Berth.Protocol;

namespace Berth.Bench.Measurements;

/// <summary>Enter on <c>/bg</c> while sixteen sessions stream, the one in front among them.</summary>
internal static class Background
{
    private const int Rounds = 9;

    private static readonly TimeSpan ToSettle = TimeSpan.FromMilliseconds(300);

    public static Measurement Row { get; } = new("bg", "Enter on /bg, 16 sessions running", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        place.StartDaemon();
        using var caller = new Caller(place, terminal: false);
        for (var i = 1; i < Limits.Slots; i++)
        {
            caller.Start(ModelSays.Endless, background: true);
        }

        var terminal = place.Terminal();
        terminal.Written.Await(Shown.Session, "the session's id");
        var clean = new Samples();
        for (var round = 0; round < Rounds; round++)
        {
            var from = terminal.Written.Length;
            terminal.Type(ModelSays.Endless + "\r");
            terminal.Written.Await("w3", from);
            terminal.Type("/bg");
            Waiting.Rest(ToSettle);
            from = terminal.Written.Length;
            var pressed = terminal.Type("\r");
            clean.Add(Stopwatch.GetElapsedTime(pressed, terminal.Written.Await($"Background: [#{Limits.Slots}]", from)));
            caller.Say($"/bg /drop {Limits.Slots}");
        }

        return
        [
            new("Enter on /bg → clean prompt, 16 running", clean.Median, Unit.Milliseconds, Aim: new Aim.AtMost(30)),
        ];
    }
}
