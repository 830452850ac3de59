using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Bench.Place;

/// <summary>A client of the running daemon inside this process, for what needs no program of its own.</summary>
internal sealed class Caller : IDisposable
{
    private readonly DaemonClient client;

    /// <summary>Connects and says hello.</summary>
    /// <param name="terminal">As a terminal: it hears of the board.</param>
    public Caller(Installation place, bool terminal)
    {
        client = new DaemonClient(
            LocalStream.TryConnect(place.Paths.Socket) ?? throw new IOException("No daemon runs."));
        Call(
            ClientMethods.Hello,
            new Hello(ProtocolVersion.Current, "bench", "bench", place.Project, place.Variables, 0x12, terminal),
            MessageJson.Hello);
    }

    /// <summary>Calls a method and waits for its answer; news that come before it are passed over.</summary>
    /// <exception cref="IOException">The answer is an error, or the connection is gone.</exception>
    public WireMessage Call<T>(string method, T parameters, JsonShape<T> shape)
        where T : class
    {
        var id = client.Send(method, parameters, shape);
        while (true)
        {
            var message = Next();
            if (message.Id == id && message.Method is null)
            {
                return message.Error is null ? message : throw new IOException($"{method}: {message.Error.What}");
            }
        }
    }

    /// <summary>The next message.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public WireMessage Next() => client.Receive() ?? throw new IOException("The daemon closed the connection.");

    /// <summary>Starts a turn.</summary>
    /// <returns>Its session.</returns>
    public string Start(string message, bool background) =>
        Call(ClientMethods.Run, new StartRun(message, background), MessageJson.StartRun)
            .Read(MessageJson.RunStarted).Session;

    /// <summary>Looks at a stored session.</summary>
    public void Look(string session) => Call(ClientMethods.Open, new OpenView("resume", session), MessageJson.OpenView);

    /// <summary>Says a line.</summary>
    /// <param name="session">The session it acts on; null: the one looked at.</param>
    public void Say(string line, string? session = null)
    {
        var reply = Call(ClientMethods.Line, new SendLine(line, session, Data: false), MessageJson.SendLine).Read(MessageJson.Reply);
        if (reply.Error is { } error)
        {
            throw new IOException($"{line}: {error.What}");
        }
    }

    /// <summary>Runs a turn in the foreground to its end.</summary>
    /// <returns>Its events.</returns>
    public IReadOnlyList<StoredEvent> Run(string message)
    {
        Start(message, background: false);
        var all = EventsUntil(e => e is TurnEnded);
        return all[^1].Event is TurnEnded { Reason: "completed" }
            ? all : throw new IOException($"The turn ended so: {all[^1].Event}");
    }

    /// <summary>The events that come, up to one of a kind.</summary>
    public IReadOnlyList<StoredEvent> EventsUntil(Func<SessionEvent, bool> last)
    {
        var all = new List<StoredEvent>();
        while (all.Count == 0 || !last(all[^1].Event))
        {
            var next = Next();
            if (next.Method == DaemonMethods.Events)
            {
                all.AddRange(EventBatch.Read(next).Lines.Select(e => e.Stored));
            }
        }

        return all;
    }

    /// <summary>Waits until no background session runs.</summary>
    /// <param name="sessions">How many there are.</param>
    public void AwaitAllDone(int sessions)
    {
        while (true)
        {
            var next = Next();
            if (next.Method == DaemonMethods.Board
                && next.Read(MessageJson.BoardNews) is { Running: 0, Waiting: 0 } news && news.Done == sessions)
            {
                return;
            }
        }
    }

    /// <summary>Closes the connection.</summary>
    public void Dispose() => client.Dispose();
}
