using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Berth.Tests.Testing;

/// <summary>Reads HTTP/1.1 requests from a connection, and notices that the client leaves during an answer.</summary>
internal sealed class ModelServerInput(Socket socket)
{
    private const int MaxBodyBytes = 256 * 1024 * 1024;

    private byte[] _bytes = new byte[16 * 1024];
    private int _length;
    private Task<int>? _receiving;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _watching;
    private Task _leaving = Task.CompletedTask;

    /// <summary>Ends when nothing of this connection runs any more; its socket is closed then.</summary>
    public Task LeavingAsync() => _leaving;

    /// <summary>The next request; null when the client has left between two of them.</summary>
    public async Task<ModelServerRequest?> ReadRequestAsync(CancellationToken cancellation)
    {
        int end;
        while ((end = _bytes.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync(cancellation))
            {
                return null;
            }
        }

        var head = Encoding.Latin1.GetString(_bytes, 0, end).Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in head.Skip(1))
        {
            var colon = line.IndexOf(':');
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        Drop(end + 4);
        var body = headers.TryGetValue("Content-Length", out var length)
            ? await TakeAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellation)
            : headers.ContainsKey("Transfer-Encoding") ? await TakeChunksAsync(cancellation) : [];
        var (json, fault) = ModelServerJson.Parse(body);
        var path = head[0].Split(' ')[1];
        var request = new ModelServerRequest(path, headers, json, body);
        return request with { Fault = fault ?? StrictRequest.FaultOf(head[0].Split(' ')[0], request) };
    }

    /// <summary>Cancels the source when the client leaves. A byte that comes instead is the next request's.</summary>
    public void WatchForLeaving(CancellationTokenSource source)
    {
        _watching = source;
        Room();
        _receiving = socket.ReceiveAsync(_bytes.AsMemory(_length), CancellationToken.None).AsTask();
        _leaving = NoticeLeavingAsync(_receiving);
    }

    /// <summary>The answer is over.</summary>
    public void StopWatching()
    {
        lock (_gate)
        {
            _watching = null;
        }
    }

    private async Task NoticeLeavingAsync(Task<int> receiving)
    {
        var hasLeft = true;
        try
        {
            hasLeft = await receiving == 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The same as an orderly end.
        }

        if (hasLeft)
        {
            lock (_gate)
            {
                _watching?.Cancel();
            }
        }
    }

    private async Task<byte[]> TakeAsync(int count, CancellationToken cancellation)
    {
        if (count is < 0 or > MaxBodyBytes)
        {
            throw new InvalidDataException("too large a request");
        }

        while (_length < count)
        {
            if (!await FillAsync(cancellation))
            {
                throw new InvalidDataException("cut request");
            }
        }

        var taken = _bytes[..count];
        Drop(count);
        return taken;
    }

    private async Task<byte[]> TakeChunksAsync(CancellationToken cancellation)
    {
        using var body = new MemoryStream();
        while (true)
        {
            int end;
            while ((end = _bytes.AsSpan(0, _length).IndexOf("\r\n"u8)) < 0)
            {
                if (!await FillAsync(cancellation))
                {
                    throw new InvalidDataException("cut request");
                }
            }

            var size = int.Parse(_bytes.AsSpan(0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(end + 2);
            body.Write((await TakeAsync(size + 2, cancellation)).AsSpan(0, size));
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        Task<int> receiving;
        if (_receiving is { } pending)
        {
            (receiving, _receiving) = (pending, null);
        }
        else
        {
            Room();
            receiving = socket.ReceiveAsync(_bytes.AsMemory(_length), cancellation).AsTask();
        }

        var count = await receiving.WaitAsync(cancellation);
        _length += count;
        return count > 0;
    }

    private void Room()
    {
        if (_length == _bytes.Length)
        {
            Array.Resize(ref _bytes, _bytes.Length * 2);
        }
    }

    private void Drop(int count)
    {
        _bytes.AsSpan(count, _length - count).CopyTo(_bytes);
        _length -= count;
    }
}

/// <summary>JSON as the scripted server reads and writes it.</summary>
internal static class ModelServerJson
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A JSON string.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(text)}\"";

    /// <summary>Parses a body as strictly as any server does: valid UTF-8, no field twice.</summary>
    public static (JsonElement Json, string? Fault) Parse(byte[] body)
    {
        try
        {
            StrictUtf8.GetCharCount(body);
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 256 };
            return (JsonElement.Parse(body, options), null);
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return (default, $"The body is no JSON: {e.Message}");
        }
    }
}
