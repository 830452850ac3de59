using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.App;

/// <summary>
/// A connection to the daemon that has said hello: for a terminal, or for one command. It blocks; who has something
/// else to do opens and reads it on a thread of his own.
/// </summary>
internal sealed class DaemonConnection : IDaemonConnection
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(4);
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(10);
    private const int MostFailures = 3;
    private const string Anew = "Start a new one: berth daemon restart";

    private readonly DaemonClient client;
    private readonly Queue<WireMessage> early = new();

    private DaemonConnection(DaemonClient client, Welcome welcome)
    {
        this.client = client;
        Welcome = welcome;
    }

    /// <summary>What the daemon said to our hello.</summary>
    public Welcome Welcome { get; }

    /// <summary>Connects, and starts the daemon when there is none.</summary>
    /// <param name="terminal">True for a terminal, false for one command.</param>
    /// <exception cref="ConnectFailure">It cannot be reached, or speaks another protocol.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled while nobody listened.</exception>
    public static DaemonConnection Open(bool terminal, int columns, int rows, CancellationToken cancellation)
    {
        var hello = ThisClient.Hello(terminal, columns, rows);
        var paths = Paths(hello);
        using var start = new DaemonStart(paths, hello.Environment);
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        for (var failures = 0; ;)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Connect(paths.Socket) is { } socket && Greet(socket, hello) is { } connection)
            {
                return connection.SpeakingOurProtocol();
            }

            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > LongestStart)
            {
                throw new ConnectFailure(
                    $"The daemon did not answer within {LongestStart.TotalSeconds} seconds.", $"Its log is {start.Log}");
            }

            // One that leaves with 0 found another daemon still there, which may be on its way out.
            if (Advance(start) is { } ended and not Exited { Code: 0 } && ++failures == MostFailures)
            {
                throw new ConnectFailure($"The daemon ended as soon as it was started ({Words(ended)}).", $"Its log is {start.Log}");
            }

            cancellation.WaitHandle.WaitOne(Retry);
        }
    }

    /// <summary>The socket of a daemon that runs already, of whatever version; null when none does.</summary>
    /// <exception cref="ConnectFailure">It cannot be opened, or is held by somebody else.</exception>
    public static LocalStream? TryReach() =>
        Connect(Paths(ThisClient.Hello(terminal: false, columns: 80, rows: 24)).Socket) is { } socket ? OfThisUser(socket) : null;

    /// <summary>Calls a method; its answer is one of the messages to come.</summary>
    /// <returns>The id of that answer.</returns>
    /// <exception cref="IOException">The connection is gone.</exception>
    public long Send<T>(string method, T parameters, JsonShape<T> shape)
        where T : class => client.Send(method, parameters, shape);

    /// <summary>Calls a method and waits for its answer; what comes before it waits for <see cref="Receive"/>.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public WireMessage Call<T>(string method, T parameters, JsonShape<T> shape)
        where T : class
    {
        var id = client.Send(method, parameters, shape);
        while (client.Receive() is { } message)
        {
            if (message.Id == id && message.Method is null)
            {
                return message;
            }

            early.Enqueue(message);
        }

        throw new IOException("The daemon closed the connection.");
    }

    /// <summary>The next message; null when the daemon closed the connection.</summary>
    /// <exception cref="IOException">The connection broke.</exception>
    public WireMessage? Receive() => early.TryDequeue(out var message) ? message : client.Receive();

    /// <summary>Closes the connection; a <see cref="Receive"/> on another thread ends.</summary>
    public void Dispose() => client.Dispose();

    private static BerthPaths Paths(Hello hello)
    {
        try
        {
            return BerthPaths.From(hello.Environment, hello.Directory);
        }
        catch (InvalidOperationException e)
        {
            throw new ConnectFailure("There is no place for Berth's files.", e.Message, e);
        }
    }

    // Null when nobody listens.
    private static LocalStream? Connect(string path)
    {
        try
        {
            return LocalStream.TryConnect(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectFailure($"The daemon's socket {path} cannot be opened.", e.Message, e);
        }
    }

    // Null when the daemon closes the connection without a word: it was about to leave.
    private static DaemonConnection? Greet(LocalStream socket, Hello hello)
    {
        OfThisUser(socket);
        var pid = socket.PeerProcessId;
        var wire = new DaemonClient(socket);
        try
        {
            socket.SetPatience(LongestStart);
            wire.Send(ClientMethods.Hello, hello, MessageJson.Hello);
            var answer = wire.Receive();
            socket.SetPatience(null);
            if (answer is not null)
            {
                return answer.Error is null
                    ? new DaemonConnection(wire, answer.Read(MessageJson.Welcome))
                    : throw new ConnectFailure(answer.Error.What, answer.Error.Hint ?? Anew, pid: pid);
            }
        }
        catch (TimeoutException e)
        {
            throw new ConnectFailure($"The daemon (pid {pid}) does not answer.", Anew, e, pid);
        }
        catch (IOException)
        {
            // It left between our connecting and its answer; the next one will say what there is to say.
        }
        catch (JsonException e)
        {
            throw new ConnectFailure($"The daemon (pid {pid}) answers in words of another version.", Anew, e, pid);
        }

        wire.Dispose();
        return null;
    }

    // Whatever stands at the socket's place gets this user's whole environment.
    private static LocalStream OfThisUser(LocalStream socket)
    {
        if (socket.PeerUserId is var peer && peer != CurrentProcess.UserId)
        {
            socket.Dispose();
            throw new ConnectFailure(
                $"The daemon's socket is held by user {peer}.", "Look who put it there, and remove it.");
        }

        return socket;
    }

    private static ExitStatus? Advance(DaemonStart start)
    {
        try
        {
            return start.Advance();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ConnectFailure("The daemon cannot be started.", e.Message, e);
        }
    }

    private static string Words(ExitStatus ended) => ended switch
    {
        Exited { Code: var code } => $"exit code {code}",
        Signaled { Name: var name } => name,
        _ => "unknown how",
    };

    private DaemonConnection SpeakingOurProtocol()
    {
        if (Welcome.Protocol == ProtocolVersion.Current)
        {
            return this;
        }

        Dispose();
        throw new ConnectFailure(
            $"The running daemon is version {Welcome.Version} and speaks another protocol than this one ({ThisClient.Version}).",
            Anew, pid: Welcome.Pid);
    }
}
