using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Berth.Daemon;

/// <summary>What waits to be written to one client, in order, and the wake-up of who writes it.</summary>
internal sealed class Outbox
{
    private readonly ConcurrentQueue<OutItem> items = new();
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Queues an item behind all others.</summary>
    public void Add(OutItem item)
    {
        items.Enqueue(item);
        Wake();
    }

    /// <summary>Something else than an item is new.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>Nothing will come any more; what is queued is still written.</summary>
    public void Complete() => wake.Writer.TryComplete();

    /// <summary>The next item, if there is one.</summary>
    public bool TryTake(out OutItem? item) => items.TryDequeue(out item);

    /// <summary>Waits for a wake-up; false when there will be none any more.</summary>
    public async ValueTask<bool> WaitAsync(CancellationToken cancellation)
    {
        if (!await wake.Reader.WaitToReadAsync(cancellation).ConfigureAwait(false))
        {
            return false;
        }

        wake.Reader.TryRead(out _);
        return true;
    }
}

/// <summary>One thing to write.</summary>
internal abstract record OutItem;

/// <summary>A whole message.</summary>
internal sealed record OutMessage(ReadOnlyMemory<byte> Bytes) : OutItem;

/// <summary>The view moves: a look, then what the session's log has up to now.</summary>
internal sealed record OutView(SessionFollower Follower, ReadOnlyMemory<byte> Look) : OutItem;
