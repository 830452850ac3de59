using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Berth.Daemon;

/// <summary>What waits to be written to one client, in order, and the wake-up of who writes it.</summary>
internal sealed class Outbox
{
    private const int ManyBytes = 1024 * 1024;

    private readonly ConcurrentQueue<OutItem> items = new();
    private long bytes;
    private readonly Channel<bool> wake = Signal();
    private readonly Channel<bool> room = Signal();

    /// <summary>Queues an item behind all others.</summary>
    public void Add(OutItem item)
    {
        Interlocked.Add(ref bytes, item.Size);
        items.Enqueue(item);
        Wake();
    }

    /// <summary>
    /// Waits while much is queued: a client that asks and does not read is not listened to until it does.
    /// </summary>
    public async ValueTask RoomAsync(CancellationToken cancellation)
    {
        while (Interlocked.Read(ref bytes) > ManyBytes)
        {
            await room.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Something else than an item is new.</summary>
    public void Wake() => wake.Writer.TryWrite(true);

    /// <summary>Nothing will come any more; what is queued is still written.</summary>
    public void Complete() => wake.Writer.TryComplete();

    /// <summary>The next item, if there is one.</summary>
    public bool TryTake(out OutItem? item)
    {
        if (!items.TryDequeue(out item))
        {
            return false;
        }

        Interlocked.Add(ref bytes, -item.Size);
        room.Writer.TryWrite(true);
        return true;
    }

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

    // One that is given again before it was seen counts once.
    private static Channel<bool> Signal() => Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
}

/// <summary>One thing to write.</summary>
internal abstract record OutItem
{
    /// <summary>Bytes it holds in memory.</summary>
    public abstract int Size { get; }
}

/// <summary>A whole message.</summary>
internal sealed record OutMessage(ReadOnlyMemory<byte> Bytes) : OutItem
{
    /// <inheritdoc/>
    public override int Size => Bytes.Length;
}

/// <summary>The view moves: a look, then what the session's log has up to now.</summary>
internal sealed record OutView(SessionFollower Follower, ReadOnlyMemory<byte> Look) : OutItem
{
    /// <inheritdoc/>
    public override int Size => Look.Length;
}
