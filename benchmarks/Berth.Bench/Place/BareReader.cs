using System.Net;
using System.Net.Sockets;
using System.Text;
using Berth.Bench.Native;

namespace Berth.Bench.Place;

/// <summary>
/// The least that reads a model's stream: one blocking socket, lines counted, nothing understood or kept. The floor of
/// every figure about streams.
/// </summary>
/// <param name="Tokens">The pieces that came.</param>
/// <param name="Cpu">Processor time of the reading thread.</param>
internal sealed record BareReader(int Tokens, TimeSpan Cpu)
{
    private const int BufferBytes = 64 * 1024;

    private static ReadOnlySpan<byte> Piece => "data: {"u8;

    private static ReadOnlySpan<byte> End => "data: [DONE]"u8;

    /// <summary>Asks the model's server for an answer and reads it on this thread.</summary>
    /// <exception cref="IOException">The answer has no end.</exception>
    public static BareReader Read(int port, string message)
    {
        var began = ProcessCost.CpuOfThisThread();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, port);
        var body = $$"""{"model":"scripted","stream":true,"messages":[{"role":"user","content":"{{message}}"}]}""";
        socket.Send(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}"));
        var buffer = new byte[BufferBytes];
        var (held, tokens) = (0, 0);
        while (true)
        {
            var count = socket.Receive(buffer.AsSpan(held));
            if (count == 0)
            {
                throw new IOException("The model's stream broke off.");
            }

            var have = buffer.AsSpan(0, held + count);
            var whole = have.LastIndexOf((byte)'\n') + 1;
            foreach (var range in have[..whole].Split((byte)'\n'))
            {
                var line = have[range];
                tokens += line.StartsWith(Piece) ? 1 : 0;
                if (line.StartsWith(End))
                {
                    return new BareReader(tokens, ProcessCost.CpuOfThisThread() - began);
                }
            }

            have[whole..].CopyTo(buffer);
            held = have.Length - whole;
        }
    }

    /// <summary>Reads answers side by side, a thread each.</summary>
    public static IReadOnlyList<BareReader> ReadAll(int port, string message, int count)
    {
        var readers = new BareReader[count];
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() => readers[i] = Read(port, message))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return readers;
    }
}
