namespace Berth.Core.Models;

/// <summary>
/// Cuts a call when its server is silent for too long. Only the time counts in which somebody listens, so a slow
/// reader of the answer is never mistaken for a silent server.
/// </summary>
internal sealed class SilenceWatch : IDisposable
{
    private const long NotListening = 0;

    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _cut;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private TimeSpan _allowed = Timeout.InfiniteTimeSpan;
    private long _since = NotListening;
    private bool _disposed;

    public SilenceWatch(TimeProvider time, CancellationToken cancellation)
    {
        _time = time;
        _cut = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _timer = time.CreateTimer(static watch => ((SilenceWatch)watch!).Look(), this,
            Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled by the caller's token, by too long a silence, or by <see cref="Cut"/>.</summary>
    public CancellationToken Token => _cut.Token;

    /// <summary>The silence that was too long; null while there was none.</summary>
    public TimeSpan? Exceeded { get; private set; }

    /// <summary>Sets the longest silence from now on.</summary>
    public void Allow(TimeSpan silence)
    {
        lock (_gate)
        {
            _allowed = silence;
            _timer.Change(silence, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Somebody waits for a byte from now on.</summary>
    // The timer is not touched here: it looks at this stamp when it fires, so a byte costs no timer call.
    public void Listen() => Volatile.Write(ref _since, Math.Max(_time.GetTimestamp(), NotListening + 1));

    /// <summary>A byte came (or the wait ended otherwise).</summary>
    public void Heard() => Volatile.Write(ref _since, NotListening);

    /// <summary>Ends the call now.</summary>
    public void Cut() => _cut.Cancel();

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
        }

        _timer.Dispose();
        _cut.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            var since = Volatile.Read(ref _since);
            var left = since == NotListening ? _allowed : _allowed - _time.GetElapsedTime(since);
            if (left > TimeSpan.Zero)
            {
                // Rounded up: a timer that fires a fraction early would be set again and again.
                _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return;
            }

            Exceeded = _allowed;
        }

        // Outside the lock: what is cancelled may run here. Dispose cannot come between in a way that hurts,
        // because Cancel on a disposed source is the only harm, and it is caught below.
        try
        {
            _cut.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in this very moment; nobody is left to be told.
        }
    }
}
