using System.Diagnostics;
using Berth.Bench.Place;
using Berth.Core.Log;
using Berth.Platform;
using Berth.Protocol.Events;

namespace Berth.Bench.Measurements;

/// <summary>An event that is on the disk before anybody is told, against one write and fdatasync of as many bytes.</summary>
internal static class Append
{
    private const int Pairs = 400;

    private static readonly SessionEvent Event = new UserMessage("A message of ordinary length, as people type them.");

    public static Measurement Row { get; } = new("append", "one acknowledged event in the log", Run);

    private static IReadOnlyList<Figure> Run(Programs programs)
    {
        using var place = new Installation(programs);
        using var log = SessionLog.Open(Path.Combine(place.Paths.State, "sessions", "a99e4d00"), TimeProvider.System, _ => { });
        var line = new byte[150];
        line.AsSpan().Fill((byte)'x');
        using var file = PrivateFiles.OpenAppend(place.NewFile("bare"));
        var (bare, acknowledged) = Samples.Paired(
            Pairs,
            () => Timed(() =>
            {
                RandomAccess.Write(file, line, 0);
                PrivateFiles.SyncData(file);
            }),
            () => Timed(() => log.AppendAsync(log.LastSeq, [Event], durable: true).AsTask().GetAwaiter().GetResult()));
        return
        [
            new("an acknowledged event, half of them within", acknowledged.Part(0.5), Unit.Milliseconds, new Floor("write + fdatasync", bare.Part(0.5))),
            new("… 99 of 100 within", acknowledged.Part(0.99), Unit.Milliseconds, new Floor("write + fdatasync", bare.Part(0.99))),
        ];
    }

    private static double Timed(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
