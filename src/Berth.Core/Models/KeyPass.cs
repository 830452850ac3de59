using System.Runtime.CompilerServices;

namespace Berth.Core.Models;

/// <summary>One request's way through the limiter of its key.</summary>
internal sealed class KeyPass(
    KeyLimiter limiter, KeyLimits limits, long arrival, long tokens, Func<bool> isForeground) : IDisposable
{
    private readonly TaskCompletionSource admitted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WaitPiece? shown;
    private long? shownUntil;
    private long tokens = tokens;
    private int isLeft;

    public KeyLimits Limits => limits;

    public long Arrival => arrival;

    /// <summary>When it was let pass, a time stamp.</summary>
    public long BegunAt { get; set; }

    /// <summary>It may pass.</summary>
    public bool IsAdmitted => admitted.Task.IsCompleted;

    /// <summary>How often somebody who came later was let pass before it.</summary>
    public int Overtaken { get; set; }

    /// <summary>It goes before those that nobody looks at.</summary>
    public bool IsFirst => Overtaken >= Protocol.Limits.Overtaken || isForeground();

    /// <summary>Tokens it uses: estimated, then as they were counted.</summary>
    public long Tokens => Volatile.Read(ref tokens);

    /// <summary>Yields what it waits for until it may pass; nothing when it may at once.</summary>
    public async IAsyncEnumerable<WaitPiece> WaitAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (admitted.Task.IsCompleted)
        {
            yield break;
        }

        while (true)
        {
            // Taken before it is looked at: a change that comes between is not missed.
            var change = Volatile.Read(ref changed);
            if (admitted.Task.IsCompleted)
            {
                break;
            }

            if (Volatile.Read(ref shown) is { } wait)
            {
                yield return wait;
            }

            await Task.WhenAny(admitted.Task, change.Task).WaitAsync(cancellation).ConfigureAwait(false);
        }

        yield return WaitPiece.Over;
    }

    /// <summary>The server has accepted the request.</summary>
    public void Accepted() => limiter.Accepted(this);

    /// <summary>The answer is whole, and the provider has counted.</summary>
    public void Used(TokenCount count) => Volatile.Write(ref tokens, Math.Max(0, count.Input) + Math.Max(0, count.Output));

    /// <summary>The request is over, or not wanted any more.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isLeft, 1) == 0)
        {
            limiter.Leave(this);
        }
    }

    internal void Admit() => admitted.TrySetResult();

    // Called by the limiter, one at a time. A moment that shifts by less than anybody sees is no news.
    internal void Show(string why, long? until, TimeSpan? left)
    {
        if (shown is { } before && before.Why == why && shownUntil == until)
        {
            return;
        }

        shownUntil = until;
        Volatile.Write(ref shown, new WaitPiece(left, why));
        var old = changed;
        Volatile.Write(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        old.TrySetResult();
    }
}
