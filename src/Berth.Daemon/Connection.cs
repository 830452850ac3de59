using System.Net.Sockets;
using Berth.Protocol;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Daemon;

/// <summary>
/// One client: reads its messages one after the other, and writes one ordered stream of answers, views and news. Its
/// end, however it comes, ends nothing but its views.
/// </summary>
internal sealed class Connection(Socket socket, Engine engine)
{
    private const int UsualBytes = 16 * 1024;

    // How long a client that leaves, or a daemon that does, may take to write what is queued.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly Outbox outbox = new();
    private byte[] buffer = new byte[UsualBytes];
    private int start;
    private int end;

    /// <summary>Serves the client until it leaves or <paramref name="cancellation"/> ends it.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var stopWriting = new CancellationTokenSource();
        var client = new Client(engine, outbox);
        var writing = WriteAsync(client, stopWriting.Token);
        try
        {
            while (await ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
            {
                await client.HandleAsync(Parse(line)).ConfigureAwait(false);
                await Task.WhenAny(outbox.RoomAsync(cancellation).AsTask(), writing).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client is gone, or spoke something else than our wire: either way this connection is over.
        }
        catch (Exception e)
        {
            engine.Journal($"a connection ended: {e}");
        }
        finally
        {
            await LeaveAsync(client).ConfigureAwait(false);
            outbox.Complete();
            stopWriting.CancelAfter(LastWords);
            await writing.ConfigureAwait(false);
            socket.Dispose();
        }
    }

    private async Task LeaveAsync(Client client)
    {
        try
        {
            await client.LeaveAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            engine.Journal($"a client left: {e}");
        }
    }

    private WireMessage Parse(ReadOnlyMemory<byte> line)
    {
        try
        {
            return WireMessage.Parse(line);
        }
        catch (IOException e)
        {
            outbox.Add(new OutMessage(WireWriter.Error(null, new ErrorInfo(e.Message))));
            throw;
        }
    }

    private async Task WriteAsync(Client client, CancellationToken cancellation)
    {
        try
        {
            SessionFollower? follower = null;
            do
            {
                while (outbox.TryTake(out var item))
                {
                    if (item is OutView view)
                    {
                        follower = view.Follower;
                        await SendAsync(view.Look, cancellation).ConfigureAwait(false);
                        await follower.SendAsync(socket, cancellation).ConfigureAwait(false);
                    }
                    else if (item is OutMessage message)
                    {
                        await SendAsync(message.Bytes, cancellation).ConfigureAwait(false);
                    }
                }

                if (follower is not null && client.Follows(follower))
                {
                    await follower.SendAsync(socket, cancellation).ConfigureAwait(false);
                }

                if (await client.NewsAsync().ConfigureAwait(false) is { Length: > 0 } news)
                {
                    await SendAsync(news, cancellation).ConfigureAwait(false);
                }
            }
            while (await outbox.WaitAsync(cancellation).ConfigureAwait(false));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client does not read any more. Reading notices the same and ends the connection.
            socket.Dispose();
        }
        catch (Exception e)
        {
            engine.Journal($"writing to a client: {e}");
            socket.Dispose();
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, cancellation).ConfigureAwait(false)..];
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>?> ReadLineAsync(CancellationToken cancellation)
    {
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = buffer.AsSpan(start, searched + newline - start).ToArray();
                start = searched + newline + 1;
                return line;
            }

            if (end - start > Limits.WireMessageBytes)
            {
                outbox.Add(new OutMessage(WireWriter.Error(null, new ErrorInfo(
                    $"A message over {Limits.WireMessageBytes / 1024 / 1024} MB was refused.", "Send large text as a file."))));
                throw new IOException("A message is too long.");
            }

            var held = end - start;
            var target = held > buffer.Length / 2 ? new byte[buffer.Length * 2]
                : held == 0 && buffer.Length > UsualBytes ? new byte[UsualBytes]
                : buffer;
            Buffer.BlockCopy(buffer, start, target, 0, held);
            buffer = target;
            start = 0;
            searched = end = held;
            var read = await socket.ReceiveAsync(buffer.AsMemory(end), cancellation).ConfigureAwait(false);
            if (read == 0)
            {
                return null;
            }

            end += read;
        }
    }
}
