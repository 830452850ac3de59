using System.Buffers;
using System.Globalization;
using Berth.Core.Log;
using Berth.Platform;
using Berth.Protocol.Events;

namespace Berth.Bench.Place;

/// <summary>Many sessions as a daemon would have stored them: each line in the log's own form, whole and with its checksum.</summary>
internal static class StoredSessions
{
    /// <summary>Writes sessions into an installation whose daemon does not run.</summary>
    /// <param name="count">How many.</param>
    /// <param name="events">How many events each has.</param>
    /// <returns>Bytes of all logs.</returns>
    public static long Write(Installation place, int count, int events)
    {
        // All but the first line is the same in each: written once.
        var body = new ArrayBufferWriter<byte>();
        var seq = 1L;
        foreach (var e in LongSession.Events(place, "0", events).Skip(1))
        {
            Seal(body, new StoredEvent(++seq, Moment(0), e));
        }

        long bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var id = (0x10000000 + i).ToString("x8", CultureInfo.InvariantCulture);
            var directory = Path.Combine(place.Paths.State, "sessions", id);
            var first = new ArrayBufferWriter<byte>();
            Seal(first, new StoredEvent(1, Moment(i), new SessionCreated(id, place.Project, place.Project, "session", null, "bench")));
            PrivateFiles.CreateDirectory(directory);
            using var file = PrivateFiles.CreateNew(Path.Combine(directory, SessionLog.FileName));
            PrivateFiles.Write(file, first.WrittenSpan, 0);
            PrivateFiles.Write(file, body.WrittenSpan, first.WrittenCount);
            bytes += first.WrittenCount + body.WrittenCount;
        }

        return bytes;
    }

    private static DateTimeOffset Moment(int minute) => new DateTimeOffset(2026, 5, 6, 20, 14, 3, TimeSpan.Zero).AddMinutes(minute);

    private static void Seal(ArrayBufferWriter<byte> lines, StoredEvent stored)
    {
        var json = new ArrayBufferWriter<byte>();
        EventJson.Write(json, stored);
        LogLine.Seal(lines, json.WrittenSpan);
    }
}
