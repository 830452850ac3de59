using System.Net;
using System.Net.Sockets;

namespace Berth.Tests.Testing;

/// <summary>
/// A model's server on 127.0.0.1 that says exactly what a test tells it to, on both wires: Chat Completions under
/// <c>…/chat/completions</c>, Messages under <c>…/messages</c>. It speaks HTTP by hand, so that every byte can be
/// scripted, and refuses (400, with words) what a strict provider would refuse.
/// </summary>
/// <example><code>
/// await using var server = ScriptedModelServer.Start();
/// server.Answers(ModelScript.Call("bash", """{"command":"ls"}""")).Answers("Two files.");
/// server.Answers(r => r.LastUser.Contains("marker-7") ? ModelScript.Words(50).Every(20.Milliseconds) : null);
/// </code></example>
internal sealed class ScriptedModelServer : IAsyncDisposable
{
    // A benchmark may ask for thousands of answers; the newest requests are enough for every test.
    private const int KeptRequests = 1_000;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Queue<ModelScript> _queue = new();
    private readonly List<Func<ModelServerRequest, ModelScript?>> _rules = [];
    private readonly LinkedList<ModelServerRequest> _requests = new();
    private readonly HashSet<Task> _connections = [];
    private readonly Task _accepting;
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ScriptedModelServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        _accepting = AcceptAsync();
    }

    /// <summary>Starts a server on a free port.</summary>
    public static ScriptedModelServer Start() => new();

    /// <summary>The port it listens on.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Its base URL, with <c>/v1</c>.</summary>
    public Uri BaseUrl => new($"http://127.0.0.1:{Port}/v1");

    /// <summary>The requests that came, oldest first (the newest 1,000), the refused ones among them.</summary>
    public IReadOnlyList<ModelServerRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>How many requests came in all.</summary>
    public int Count { get; private set; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted { get; private set; }

    /// <summary>Answers the next request that no rule answers with this text.</summary>
    public ScriptedModelServer Answers(string text) => Answers(ModelScript.Text(text));

    /// <summary>Answers the next request that no rule answers with this script.</summary>
    public ScriptedModelServer Answers(ModelScript script)
    {
        lock (_gate)
        {
            _queue.Enqueue(script);
        }

        return this;
    }

    /// <summary>Answers every request for which the rule gives a script; the rule that came first wins.</summary>
    public ScriptedModelServer Answers(Func<ModelServerRequest, ModelScript?> rule)
    {
        lock (_gate)
        {
            _rules.Add(rule);
        }

        return this;
    }

    /// <summary>Waits until this many requests have come in all, and gives the newest of them.</summary>
    public async Task<ModelServerRequest> RequestAsync(int count)
    {
        while (true)
        {
            Task arrival;
            lock (_gate)
            {
                if (Count >= count)
                {
                    return _requests.ElementAt(_requests.Count - 1 - (Count - count));
                }

                arrival = _arrival.Task;
            }

            await arrival.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] open;
        lock (_gate)
        {
            open = [.. _connections];
        }

        await Task.WhenAll(open);
        _stop.Dispose();
    }

    /// <summary>Takes a request down and chooses its answer.</summary>
    internal ModelScript Choose(ModelServerRequest request)
    {
        Func<ModelServerRequest, ModelScript?>[] rules;
        TaskCompletionSource arrival;
        lock (_gate)
        {
            Count++;
            _requests.AddLast(request);
            if (_requests.Count > KeptRequests)
            {
                _requests.RemoveFirst();
            }

            rules = [.. _rules];
            (arrival, _arrival) = (_arrival, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        arrival.SetResult();
        if (request.Fault is { } fault)
        {
            return ModelScript.Error(400, fault);
        }

        if (rules.Select(rule => rule(request)).FirstOrDefault(script => script is not null) is { } chosen)
        {
            return chosen;
        }

        lock (_gate)
        {
            return _queue.TryDequeue(out var next)
                ? next : ModelScript.Error(418, "The scripted model server has no answer left.");
        }
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                socket.NoDelay = true;
                Accepted++;
                var connection = new ModelServerConnection(this, socket, _stop.Token).RunAsync();
                lock (_gate)
                {
                    _connections.RemoveWhere(c => c.IsCompleted);
                    _connections.Add(connection);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
