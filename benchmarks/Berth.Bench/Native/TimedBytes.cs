using System.Diagnostics;
using System.Text;

namespace Berth.Bench.Native;

/// <summary>Finds something in bytes: the place just behind it, or -1.</summary>
internal delegate int Finder(ReadOnlySpan<byte> bytes);

/// <summary>
/// Bytes as they came, each piece with its time. Who looks for something in them does so on a thread of his own, so
/// that looking does not delay the times.
/// </summary>
internal sealed class TimedBytes
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly object gate = new();
    private readonly List<(int End, long Time)> pieces = [];
    private readonly MemoryStream bytes = new();
    private bool isWhole;

    /// <summary>How many have come.</summary>
    public int Length
    {
        get
        {
            lock (gate)
            {
                return (int)bytes.Length;
            }
        }
    }

    /// <summary>Adds a piece that came now.</summary>
    public void Add(ReadOnlySpan<byte> piece)
    {
        var now = Stopwatch.GetTimestamp();
        lock (gate)
        {
            bytes.Write(piece);
            pieces.Add(((int)bytes.Length, now));
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Nothing more will come.</summary>
    public void Complete()
    {
        lock (gate)
        {
            isWhole = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Waits for a text behind a place.</summary>
    /// <returns>The time when its last byte came.</returns>
    /// <exception cref="IOException">It did not come.</exception>
    public long Await(string text, int from = 0)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return Await(have => have.IndexOf(wanted) is >= 0 and var at ? at + wanted.Length : -1, $"'{text}'", from);
    }

    /// <summary>Waits until the finder finds something behind a place.</summary>
    /// <param name="what">What it looks for, for the error.</param>
    /// <returns>The time when the last byte of it came.</returns>
    /// <exception cref="IOException">It did not come.</exception>
    public long Await(Finder find, string what, int from = 0)
    {
        var began = Stopwatch.GetTimestamp();
        lock (gate)
        {
            while (true)
            {
                if (bytes.Length > from && find(bytes.GetBuffer().AsSpan(from, (int)bytes.Length - from)) is >= 0 and var end)
                {
                    return pieces.Find(p => p.End >= from + end).Time;
                }

                var left = LongestWait - Stopwatch.GetElapsedTime(began);
                if (isWhole || left <= TimeSpan.Zero || !Monitor.Wait(gate, left))
                {
                    throw new IOException($"{what} did not appear. The terminal shows: {Tail()}");
                }
            }
        }
    }

    private string Tail()
    {
        var all = Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        return all[^Math.Min(all.Length, 2_000)..].Replace("\e", "␛", StringComparison.Ordinal);
    }
}
