using System.Collections.Concurrent;
using System.Net.Sockets;
using Berth.Platform;
using Berth.Protocol;

namespace Berth.Daemon;

/// <summary>The socket: takes clients of this user in, one connection each, and notices when nobody needs the daemon.</summary>
internal sealed class Server(Engine engine)
{
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
                Accepted(await listener.AcceptAsync(closing.Token).ConfigureAwait(false), closing.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon leaves; what is still to be said to clients is said before they are closed.
        }

        await Task.WhenAll(connections.Keys.Append(idle)).ConfigureAwait(false);
    }

    private void Accepted(Socket socket, CancellationToken cancellation)
    {
        // The directory is private already; a second lock in case somebody opened it.
        if (LocalSocket.PeerUserId(socket) != CurrentProcess.UserId)
        {
            engine.Journal($"refused a client of user {LocalSocket.PeerUserId(socket)}");
            socket.Dispose();
            return;
        }

        var serving = Task.Run(() => new Connection(socket, engine).RunAsync(cancellation), CancellationToken.None);
        connections[serving] = true;
        _ = serving.ContinueWith(done => connections.TryRemove(done, out _), TaskScheduler.Default);
    }

    private async Task WatchIdleAsync()
    {
        var idleSince = engine.Time.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), engine.Time);
        try
        {
            while (await timer.WaitForNextTickAsync(engine.Leaving).ConfigureAwait(false))
            {
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
