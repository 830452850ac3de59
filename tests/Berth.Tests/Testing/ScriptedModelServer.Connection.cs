using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Berth.Tests.Testing;

/// <summary>One client's connection: reads requests, plays the scripts that answer them, one after the other.</summary>
internal sealed class ModelServerConnection(ScriptedModelServer server, Socket socket, CancellationToken stop)
{
    private const int FlushBytes = 32 * 1024;

    private readonly ModelServerInput _input = new(socket);
    private readonly MemoryStream _out = new();
    private bool _isChunked;

    /// <summary>Runs until the client leaves, a script cuts, or the server stops.</summary>
    public async Task RunAsync()
    {
        using (socket)
        {
            try
            {
                while (await _input.ReadRequestAsync(stop) is { } request)
                {
                    var script = server.Choose(request);
                    using var leaves = CancellationTokenSource.CreateLinkedTokenSource(stop);
                    _input.WatchForLeaving(leaves);
                    var goesOn = false;
                    try
                    {
                        goesOn = await PlayAsync(request, script, leaves.Token);
                        request.End(true);
                    }
                    finally
                    {
                        request.End(false);
                        _input.StopWatching();
                    }

                    if (!goesOn)
                    {
                        return;
                    }
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException
                or ObjectDisposedException or InvalidDataException)
            {
                // The client left, or the test is over: nobody is there to be told.
            }
        }

        await _input.LeavingAsync();
    }

    private async Task<bool> PlayAsync(ModelServerRequest request, ModelScript script, CancellationToken cancellation)
    {
        _isChunked = false;
        if (script.Body is { } body)
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            var hasType = script.Headers.Any(h => h.Name == "Content-Type");
            WriteHead(script, hasType ? null : "application/json", bytes.Length);
            _out.Write(bytes);
            await FlushAsync(cancellation);
            return true;
        }

        if (script.Status is not null)
        {
            WriteHead(script, "text/event-stream", length: null);
            await FlushAsync(cancellation);
            _isChunked = true;
        }

        IModelSpeech speech = request.IsAnthropic ? new AnthropicSpeech(script, _out) : new OpenAiSpeech(script, _out);
        var start = TimeProvider.System.GetTimestamp();
        var due = TimeSpan.Zero;
        foreach (var step in script.Steps)
        {
            switch (step)
            {
                case ModelStep.Hold hold:
                    await FlushAsync(cancellation);
                    await hold.Gate.PassAsync(cancellation);
                    continue;
                case ModelStep.Pause pause:
                    await FlushAsync(cancellation);
                    await Task.Delay(pause.Time, cancellation);
                    continue;
                case ModelStep.Cut cut:
                    await FlushAsync(cancellation);
                    Close(cut.Reset);
                    return false;
                case ModelStep.EndBody:
                    await EndBodyAsync(cancellation);
                    return true;
                case ModelStep.Send send:
                    _out.Write(send.Bytes);
                    break;
                default:
                    speech.Say(step);
                    break;
            }

            if (script.Pace is { } pace)
            {
                await FlushAsync(cancellation);
                due += pace;
                var left = due - TimeProvider.System.GetElapsedTime(start);
                if (left > TimeSpan.Zero)
                {
                    await Task.Delay(left, cancellation);
                }
            }
            else if (_out.Length > FlushBytes || step is ModelStep.Send)
            {
                await FlushAsync(cancellation);
            }
        }

        if (script.Status is null)
        {
            await FlushAsync(cancellation);
            return true;
        }

        speech.End();
        await EndBodyAsync(cancellation);
        return true;
    }

    private async Task EndBodyAsync(CancellationToken cancellation)
    {
        await FlushAsync(cancellation, isLast: true);
        _isChunked = false;
    }

    private void Close(bool reset)
    {
        if (reset)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        else
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        socket.Close();
    }

    private void WriteHead(ModelScript script, string? contentType, int? length)
    {
        var head = new StringBuilder($"HTTP/1.1 {script.Status} Scripted\r\n");
        foreach (var (name, value) in script.Headers)
        {
            head.Append($"{name}: {value}\r\n");
        }

        if (contentType is not null)
        {
            head.Append($"Content-Type: {contentType}\r\n");
        }

        head.Append(length is null ? "Transfer-Encoding: chunked\r\n\r\n" : $"Content-Length: {length}\r\n\r\n");
        _out.Write(Encoding.Latin1.GetBytes(head.ToString()));
    }

    private async Task FlushAsync(CancellationToken cancellation, bool isLast = false)
    {
        var length = (int)_out.Length;
        List<ArraySegment<byte>> parts = [];
        if (length > 0)
        {
            var content = new ArraySegment<byte>(_out.GetBuffer(), 0, length);
            var size = Encoding.Latin1.GetBytes(length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
            parts = _isChunked ? [size, content, "\r\n"u8.ToArray()] : [content];
        }

        if (isLast && _isChunked)
        {
            parts.Add("0\r\n\r\n"u8.ToArray());
        }

        if (parts.Count > 0)
        {
            // One send for all parts; it is given up when the client leaves, which closes the socket.
            using var abort = cancellation.UnsafeRegister(static s => ((Socket)s!).Dispose(), socket);
            var total = parts.Sum(p => p.Count);
            var sent = await socket.SendAsync(parts);
            if (sent != total)
            {
                throw new SocketException((int)SocketError.ConnectionAborted);
            }
        }

        _out.SetLength(0);
    }
}
