using System.Threading.Channels;
using Berth.Protocol;

namespace Berth.Core.Sessions;

/// <summary>
/// One bounded queue with one reader: what stands in it is done one after the other, so its owner needs no locks.
/// Work that waits for the same mailbox from inside it would wait for ever; nothing here does.
/// </summary>
internal sealed class Mailbox : IAsyncDisposable
{
    private readonly Channel<Func<Task>> queue =
        Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(Limits.Mailbox) { SingleReader = true });

    private readonly Task reader;

    public Mailbox() => reader = ReadAsync();

    /// <summary>Queues work and waits for its result; its exception is the caller's.</summary>
    /// <exception cref="ChannelClosedException">The owner has ended.</exception>
    public async Task<T> AskAsync<T>(Func<ValueTask<T>> work)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await queue.Writer.WriteAsync(async () =>
        {
            try
            {
                done.SetResult(await work().ConfigureAwait(false));
            }
            catch (Exception e)
            {
                // The session reader: failures go to who asked, and the next work is done as if nothing had been.
                done.SetException(e);
            }
        }).ConfigureAwait(false);
        return await done.Task.ConfigureAwait(false);
    }

    /// <summary>Queues work and waits for its end.</summary>
    public Task AskAsync(Func<ValueTask> work) => AskAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    /// <summary>Does what is queued, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await reader.ConfigureAwait(false);
    }

    private async Task ReadAsync()
    {
        await foreach (var work in queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await work().ConfigureAwait(false);
        }
    }
}
