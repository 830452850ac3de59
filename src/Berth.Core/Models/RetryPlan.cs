using System.Globalization;
using System.Net.Http.Headers;
using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>Decides how long to wait before the same request is sent again.</summary>
/// <param name="chance">Gives numbers from 0 up to 1: spreads the sessions that failed at the same moment.</param>
internal sealed class RetryPlan(Func<double> chance)
{
    private static readonly TimeSpan MaxSpread = TimeSpan.FromMilliseconds(250);

    /// <summary>Requests made so far.</summary>
    public int Requests { get; private set; } = 1;

    /// <summary>The wait before the next request; null when there may be none any more.</summary>
    /// <param name="asked">What the server asked for; null when it did not say.</param>
    public TimeSpan? Next(TimeSpan? asked)
    {
        if (Requests >= Limits.ModelRequests)
        {
            return null;
        }

        // 1, 2, 4 and 8 of 15 parts, each shortened by up to half: the sum stays within the limit.
        var parts = (1 << (Limits.ModelRequests - 1)) - 1;
        var own = Limits.ModelOwnWaits * (1 << (Requests - 1)) / parts * (0.5 + chance() / 2);
        Requests++;
        return asked is { } wait ? wait + MaxSpread * chance() : own;
    }

    /// <summary>
    /// What the server says about the wait: Retry-After in seconds or as a date (RFC 9110, section 10.2.3), or
    /// OpenAI's retry-after-ms. Null when it says nothing that can be understood.
    /// </summary>
    public static TimeSpan? Asked(HttpResponseHeaders headers, DateTimeOffset now)
    {
        if (headers.TryGetValues("retry-after-ms", out var inMs) && Number(inMs.First()) is { } ms)
        {
            return AtMostADay(ms / 1000);
        }

        if (!headers.TryGetValues("Retry-After", out var values))
        {
            return null;
        }

        var text = values.First().Trim();
        if (Number(text) is { } seconds)
        {
            return AtMostADay(seconds);
        }

        if (!DateTimeOffset.TryParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal,
            out var date))
        {
            return null;
        }

        // The server's own clock, when it shows it: ours may be wrong.
        var left = date - (headers.Date ?? now);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static double? Number(string text) =>
        double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number : null;

    // Far beyond what is waited for; keeps absurd numbers within what a TimeSpan holds.
    private static TimeSpan AtMostADay(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, 86_400));
}
