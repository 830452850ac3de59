namespace Berth.Tests.Testing;

/// <summary>A clock that stands still until a test moves it.</summary>
internal sealed class HeldTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<HeldTimer> _timers = [];
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Not zero, as no real clock is.
    private TimeSpan _now = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 5, 6, 20, 14, 3, TimeSpan.Zero) + Now();

    /// <inheritdoc/>
    public override long GetTimestamp() => Now().Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HeldTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly this time from now, then lets it pass.</summary>
    public async Task PassAsync(TimeSpan wait)
    {
        while (true)
        {
            Task change;
            lock (_gate)
            {
                if (_timers.Exists(t => t.Due == _now + wait))
                {
                    break;
                }

                change = _change.Task;
            }

            await change.WaitAsync(TimeSpan.FromSeconds(30));
        }

        Advance(wait);
    }

    /// <summary>Lets time pass; timers that come due fire, in their order.</summary>
    public void Advance(TimeSpan by)
    {
        var end = Now() + by;
        while (true)
        {
            HeldTimer? next;
            lock (_gate)
            {
                next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
                _now = next?.Due ?? end;
                if (next is not null)
                {
                    _timers.Remove(next);
                    if (next.Period > TimeSpan.Zero)
                    {
                        next.Due += next.Period;
                        _timers.Add(next);
                    }
                }
            }

            if (next is null)
            {
                return;
            }

            next.Fire();
        }
    }

    private TimeSpan Now()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    private void Set(HeldTimer timer, TimeSpan dueTime)
    {
        TaskCompletionSource change;
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                timer.Due = _now + dueTime;
                _timers.Add(timer);
            }

            (change, _change) = (_change, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        change.SetResult();
    }

    private sealed class HeldTimer(HeldTime time, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Period = period;
            time.Set(this, dueTime);
            return true;
        }

        public void Dispose() => time.Set(this, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
