using Berth.Protocol;

namespace Berth.Core.Models;

/// <summary>What a model's settings allow its key; null: no limit.</summary>
/// <param name="Concurrent">Requests in flight at the same time.</param>
/// <param name="RequestsPerMinute">Requests begun within a minute.</param>
/// <param name="TokensPerMinute">Tokens of the requests begun within a minute, in and out.</param>
internal sealed record KeyLimits(int? Concurrent, int? RequestsPerMinute, long? TokensPerMinute);

/// <summary>
/// Lets the requests of all sessions pass that go to one address with one key: as many as its limits allow, none while
/// the server has asked to wait. Sessions that a person looks at go first, then who came first; who was overtaken a few
/// times goes next whoever looks. It is asked once a request, never for the pieces of an answer.
/// </summary>
internal sealed class KeyLimiter(TimeProvider time) : IDisposable
{
    private const string RetryAfter = "the server asked to wait (Retry-After)";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly List<KeyPass> waiting = [];
    private readonly Queue<KeyPass> begun = new();
    private ITimer? timer;
    private long arrivals;
    private int inFlight;
    private long pausedUntil = long.MinValue;
    private bool isUnproven;
    private KeyPass? proving;
    private bool countsMinutes;
    private bool isDisposed;

    /// <summary>A place in the line, before anything waits in it; a request that is repeated keeps it.</summary>
    public long Arrive() => Interlocked.Increment(ref arrivals);

    /// <summary>Asks to pass. The pass must be disposed when the request is over, or not wanted any more.</summary>
    /// <param name="arrival">From <see cref="Arrive"/>.</param>
    /// <param name="tokens">What the request may use, estimated.</param>
    /// <param name="isForeground">Whether a person looks at the session now.</param>
    public KeyPass Ask(KeyLimits limits, long arrival, long tokens, Func<bool> isForeground)
    {
        var pass = new KeyPass(this, limits, arrival, tokens, isForeground);
        lock (gate)
        {
            countsMinutes |= limits.RequestsPerMinute is not null || limits.TokensPerMinute is not null;
            waiting.Add(pass);
            LetPass();
        }

        return pass;
    }

    /// <summary>
    /// The server asked to wait: nothing is sent before. Then one request shows whether it answers again, and the
    /// others follow it.
    /// </summary>
    public void Pause(TimeSpan wait)
    {
        lock (gate)
        {
            pausedUntil = Math.Max(pausedUntil, After(time.GetTimestamp(), wait));
            isUnproven = true;
            LetPass();
        }
    }

    /// <summary>The server has accepted the request.</summary>
    internal void Accepted(KeyPass pass)
    {
        lock (gate)
        {
            if (isUnproven && (proving == pass || proving is null) && time.GetTimestamp() >= pausedUntil)
            {
                (isUnproven, proving) = (false, null);
                LetPass();
            }
        }
    }

    internal void Leave(KeyPass pass)
    {
        lock (gate)
        {
            proving = proving == pass ? null : proving;
            if (!waiting.Remove(pass))
            {
                inFlight--;
            }

            LetPass();
        }
    }

    /// <summary>Nobody is let pass by time any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            timer?.Dispose();
            isDisposed = true;
        }
    }

    private void LetPass()
    {
        while (begun.TryPeek(out var oldest) && time.GetElapsedTime(oldest.BegunAt) >= Window)
        {
            begun.Dequeue();
        }

        Blocked? blocked = null;
        while (waiting.Count > 0)
        {
            var next = waiting.MinBy(static pass => (pass.IsFirst ? 0 : 1, pass.Arrival))!;
            blocked = WhatBlocks(next);
            if (blocked is not null)
            {
                break;
            }

            Begin(next);
        }

        Show(blocked);
    }

    private void Begin(KeyPass pass)
    {
        waiting.Remove(pass);
        foreach (var earlier in waiting.Where(other => other.Arrival < pass.Arrival))
        {
            earlier.Overtaken++;
        }

        inFlight++;
        proving = isUnproven ? pass : null;
        pass.BegunAt = time.GetTimestamp();
        if (countsMinutes)
        {
            begun.Enqueue(pass);
        }

        pass.Admit();
    }

    private sealed record Blocked(string Why, long? Until);

    private Blocked? WhatBlocks(KeyPass pass)
    {
        var limits = pass.Limits;
        var now = time.GetTimestamp();
        if (isUnproven && (now < pausedUntil || proving is not null))
        {
            // A refusal comes at once; a request that is silent for a while was taken.
            var until = now < pausedUntil ? pausedUntil : After(proving!.BegunAt, Limits.ModelProof);
            if (now < until)
            {
                return new Blocked(RetryAfter, until);
            }

            (isUnproven, proving) = (false, null);
        }

        if (inFlight >= limits.Concurrent)
        {
            return new Blocked($"{inFlight} of {limits.Concurrent} requests are in flight (max_concurrent)", null);
        }

        if (limits.RequestsPerMinute is { } requests && begun.Count >= requests)
        {
            return new Blocked($"{requests} requests a minute (requests_per_minute)", Leaves(begun.Count - requests));
        }

        return limits.TokensPerMinute is { } most && TokensGone(most, pass.Tokens) is { } freed
            ? new Blocked($"{most:N0} tokens a minute (tokens_per_minute)", freed)
            : null;
    }

    // When enough tokens are a minute old; null: there is room. What alone is more than a minute's passes alone.
    private long? TokensGone(long most, long wanted)
    {
        var used = begun.Sum(static pass => pass.Tokens);
        var index = 0;
        long? until = null;
        foreach (var pass in begun)
        {
            if (used + wanted <= most)
            {
                break;
            }

            used -= pass.Tokens;
            until = Leaves(index++);
        }

        return until;
    }

    private long Leaves(int index) => After(begun.ElementAt(index).BegunAt, Window);

    private long After(long timestamp, TimeSpan wait) => timestamp + (long)((decimal)wait.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond);

    private void Show(Blocked? blocked)
    {
        if (blocked is null)
        {
            return;
        }

        TimeSpan? left = blocked.Until is { } until ? time.GetElapsedTime(time.GetTimestamp(), until) : null;
        foreach (var pass in waiting)
        {
            pass.Show(blocked.Why, blocked.Until, left);
        }

        if (left is { } due && !isDisposed)
        {
            timer ??= time.CreateTimer(static limiter => ((KeyLimiter)limiter!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            timer.Change(due > TimeSpan.Zero ? due : TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTime()
    {
        lock (gate)
        {
            LetPass();
        }
    }
}
