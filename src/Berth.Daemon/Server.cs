using System.Collections.Concurrent;
using System.Net.Sockets;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Daemon;

/// <summary>The socket: takes clients of this user in, one connection each, and notices when nobody needs the daemon.</summary>
internal sealed class Server(Engine engine)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<Task, bool> connections = new();

    /// <summary>Serves until the engine leaves.</summary>
    public async Task RunAsync(Socket listener)
    {
        var idle = WatchIdleAsync();
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(engine.Leaving);
        try
        {
            while (true)
            {
                if (await AcceptAsync(listener, closing.Token).ConfigureAwait(false) is { } socket)
                {
                    Accepted(socket, closing.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon leaves; what is still to be said to clients is said before they are closed.
        }

        // Each of them has said what it had to say about its end.
        await Task.WhenAll(connections.Keys.Append(idle)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    // Null when this one client could not be taken in: too many open files, or it has gone again.
    private async ValueTask<Socket?> AcceptAsync(Socket listener, CancellationToken cancellation)
    {
        try
        {
            return await listener.AcceptAsync(cancellation).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            engine.Journal($"a client could not be taken in: {e.Message}");
            await Task.Delay(AfterFailure, engine.Time, cancellation).ConfigureAwait(false);
            return null;
        }
    }

    private void Accepted(Socket socket, CancellationToken cancellation)
    {
        var serving = Task.Run(() => ServeAsync(socket, cancellation), CancellationToken.None);
        connections[serving] = true;
        _ = serving.ContinueWith(done => connections.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket, CancellationToken cancellation)
    {
        // The directory is private already; a second lock in case somebody opened it.
        if (LocalSocket.PeerUserId(socket) is var peer && peer != CurrentProcess.UserId)
        {
            engine.Journal($"refused a client of user {peer}");
            socket.Dispose();
            return;
        }

        await new Connection(socket, engine).RunAsync(cancellation).ConfigureAwait(false);
    }

    private async Task WatchIdleAsync()
    {
        var idleSince = engine.Time.GetTimestamp();
        using var timer = new PeriodicTimer(LookEvery, engine.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(engine.Leaving).ConfigureAwait(false))
            {
                if (!engine.IsBusy)
                {
                    engine.ReturnMemory();
                }

                if (!connections.IsEmpty || engine.IsBusy)
                {
                    idleSince = engine.Time.GetTimestamp();
                }
                else if (engine.Time.GetElapsedTime(idleSince) > Limits.DaemonIdle)
                {
                    engine.Leave();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Leaving already.
        }
    }
}
