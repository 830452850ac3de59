using System.Diagnostics;

namespace Berth.Bench.Place;

/// <summary>Bounded waiting for what tells nobody when it is so.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(2);

    /// <summary>Waits until something is so; false when it was not in that time.</summary>
    public static bool For(Func<bool> isSo, TimeSpan longest)
    {
        using var never = new ManualResetEventSlim();
        var began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > longest)
            {
                return false;
            }

            never.Wait(Look);
        }

        return true;
    }

    /// <summary>Waits until something is so.</summary>
    /// <exception cref="IOException">It was not in that time.</exception>
    public static void Until(Func<bool> isSo, string what, TimeSpan longest)
    {
        if (!For(isSo, longest))
        {
            throw new IOException($"Waited in vain for {what}.");
        }
    }

    /// <summary>Lets time pass: for a program that shall come to rest.</summary>
    public static void Rest(TimeSpan time)
    {
        using var never = new ManualResetEventSlim();
        never.Wait(time);
    }
}
