using System.Threading.Channels;

namespace Berth.Core.Sessions;

/// <summary>
/// A queue with one reader at a time: what is brought is done one after the other, in the order in which it came, so its
/// owner needs no locks. Whoever's turn it is does his own work; when nobody else is there, that is at once and on the
/// thread he came on. So a streamed token changes no thread on its way to the log. Work that waits for the same mailbox
/// from inside it would wait for ever; nothing here does.
/// </summary>
internal sealed class Mailbox : IAsyncDisposable
{
    // Who waits for it gets it in the order of the waiting, and goes on on a thread of the pool.
    private readonly SemaphoreSlim turn = new(1);
    private bool hasEnded;

    /// <summary>Does work when its turn has come; its exception is the caller's.</summary>
    /// <exception cref="ChannelClosedException">The owner has ended.</exception>
    public async Task<T> AskAsync<T>(Func<ValueTask<T>> work)
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            // The session reader: failures go to who asked, and the next work is done as if nothing had been.
            return hasEnded ? throw new ChannelClosedException() : await work().ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Does work when its turn has come.</summary>
    public Task AskAsync(Func<ValueTask> work) => AskAsync(async () =>
    {
        await work().ConfigureAwait(false);
        return true;
    });

    /// <summary>Lets what was brought before be done; what comes later is refused.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        hasEnded = true;
        turn.Release();
    }
}
