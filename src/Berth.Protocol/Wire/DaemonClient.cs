using System.Buffers;
using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Protocol.Wire;

/// <summary>
/// One connection to the daemon: JSON-RPC 2.0, one message a line, over any stream. It blocks and starts no thread:
/// who wants to wait elsewhere reads on a thread of his own. One reader and one writer may use it at the same time.
/// </summary>
/// <param name="stream">Both directions; closed by <see cref="Dispose"/>.</param>
public sealed class DaemonClient(Stream stream) : IDisposable
{
    private byte[] buffer = new byte[16 * 1024];
    private int start;
    private int end;
    private long lastId;

    /// <summary>Calls a method and returns the id its answer will carry.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public long Send<T>(string method, T parameters, JsonShape<T> shape)
        where T : class
    {
        var id = Interlocked.Increment(ref lastId);
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteNumber("id"u8, id);
            writer.WriteString("method"u8, method);
            writer.WritePropertyName("params"u8);
            shape.Write(writer, parameters);
            writer.WriteEndObject();
        }

        bytes.Write("\n"u8);
        stream.Write(bytes.WrittenSpan);
        return id;
    }

    /// <summary>Waits for the next message; null when the daemon closed the connection.</summary>
    /// <exception cref="IOException">The connection broke, or what came is no message.</exception>
    public WireMessage? Receive()
    {
        var searched = start;
        while (true)
        {
            var newline = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = buffer.AsMemory(start, searched + newline - start);
                start = searched + newline + 1;
                return WireMessage.Parse(line.ToArray());
            }

            searched = end;
            if (end == buffer.Length)
            {
                searched -= start;
                MakeRoom();
            }

            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                return null;
            }

            end += read;
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => stream.Dispose();

    private void MakeRoom()
    {
        var held = end - start;
        if (held > Limits.WireMessageBytes + Limits.EventBytes)
        {
            throw new IOException("The daemon sent a message without an end.");
        }

        var target = held > buffer.Length / 2 ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, start, target, 0, held);
        buffer = target;
        start = 0;
        end = held;
    }
}
