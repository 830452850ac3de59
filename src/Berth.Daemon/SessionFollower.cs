using System.Buffers;
using System.Net.Sockets;
using System.Text;
using Berth.Core.Log;
using Berth.Core.Sessions;

namespace Berth.Daemon;

/// <summary>
/// A client's place in a session's log. It sends the lines that come after it as they stand in the log; a slow client
/// only falls behind in its own place.
/// </summary>
/// <param name="joinsPieces">For a view: pieces of one answer that follow each other come as one.</param>
internal sealed class SessionFollower(Session session, long after, bool joinsPieces)
{
    private const int BatchBytes = 64 * 1024;

    private readonly byte[] head = Encoding.ASCII.GetBytes(
        $"{{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{{\"session\":\"{session.Id}\",\"events\":[");

    private readonly ArrayBufferWriter<byte> batch = new(1024);
    private EventStream? stream;
    private LogCursor? cursor;

    /// <summary>The session followed.</summary>
    public Session Session => session;

    /// <summary>Sends what is published, at least up to a sequence number when that is.</summary>
    public async ValueTask SendAsync(Socket socket, CancellationToken cancellation)
    {
        while (session.LastSeq > (cursor?.Seq ?? after))
        {
            cursor ??= session.ReadAfter(after);
            if (cursor is null || !Gather(cursor))
            {
                return;
            }

            for (var rest = batch.WrittenMemory; rest.Length > 0;)
            {
                rest = rest[await socket.SendAsync(rest, cancellation).ConfigureAwait(false)..];
            }
        }
    }

    private bool Gather(LogCursor from)
    {
        stream ??= new EventStream(batch, joinsPieces);
        batch.ResetWrittenCount();
        batch.Write(head);
        stream.Begin();
        while (stream.Length < BatchBytes && from.TryNext(out var line))
        {
            stream.Add(line);
        }

        var hasEvents = stream.End();
        batch.Write("]}}\n"u8);
        return hasEvents;
    }
}
