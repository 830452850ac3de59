using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Berth.Tests.Testing;

/// <summary>A web server on 127.0.0.1 that says byte for byte what a test gives it, and keeps what it was asked.</summary>
internal sealed class PageServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource closing = new();
    private readonly ConcurrentDictionary<string, byte[]> pages = new();
    private readonly ConcurrentQueue<string> asked = new();
    private readonly TaskCompletionSource silent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task serving;

    public PageServer()
    {
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>The heads of the requests that came, oldest first.</summary>
    public IReadOnlyList<string> Asked => [.. asked];

    /// <summary>Somebody waits for <c>/silent</c>, which never answers.</summary>
    public Task IsWaitedFor => silent.Task.WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>The address of a path, under any name for this machine.</summary>
    public Uri At(string path, string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    /// <summary>A page of a media type.</summary>
    public PageServer Page(string path, string type, string text) => Page(path, type, Encoding.UTF8.GetBytes(text));

    public PageServer Page(string path, string type, byte[] bytes, string more = "") =>
        Raw(path, $"HTTP/1.1 200 OK\r\nContent-Type: {type}\r\nContent-Length: {bytes.Length}\r\n{more}Connection: close\r\n\r\n", bytes);

    /// <summary>A redirect.</summary>
    public PageServer Redirect(string path, string target, int status = 302) =>
        Raw(path, $"HTTP/1.1 {status} Moved\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", []);

    /// <summary>Any answer.</summary>
    public PageServer Raw(string path, string head, byte[] body)
    {
        pages[path] = [.. Encoding.Latin1.GetBytes(head), .. body];
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        listener.Stop();
        await serving;
        closing.Dispose();
    }

    private async Task ServeAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(AnswerAsync(await listener.AcceptTcpClientAsync(closing.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var head = new StringBuilder();
                var buffer = new byte[4096];
                while (!head.ToString().Contains("\r\n\r\n"))
                {
                    var read = await stream.ReadAsync(buffer, closing.Token);
                    if (read == 0)
                    {
                        return;
                    }

                    head.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                asked.Enqueue(head.ToString());
                var path = head.ToString().Split(' ')[1];
                if (path == "/silent")
                {
                    silent.TrySetResult();
                    await Task.Delay(Timeout.Infinite, closing.Token);
                }

                var page = pages.GetValueOrDefault(path, "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\nContent-Length: 7\r\nConnection: close\r\n\r\nnothing"u8.ToArray());
                await stream.WriteAsync(page, closing.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client left, or the test is over.
            }
        }
    }
}
