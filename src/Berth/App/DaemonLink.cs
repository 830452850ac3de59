using System.Text.Json;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.App;

/// <summary>
/// The thread that connects, reads what the daemon says, and connects again when it is gone. What it reads is done by the
/// terminal's own thread.
/// </summary>
internal sealed class DaemonLink(TerminalOptions options, Terminal terminal, Mailbox mailbox) : IDisposable
{
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(5)];

    private readonly CancellationTokenSource stop = new();
    private IDaemonConnection? current;

    /// <summary>Begins, on a thread that does not keep the program alive.</summary>
    public void Start() => new Thread(Run) { IsBackground = true, Name = "daemon" }.Start();

    /// <summary>Ends the connection; nothing is posted any more.</summary>
    public void Dispose()
    {
        stop.Cancel();
        mailbox.Close();
        Volatile.Read(ref current)?.Dispose();
    }

    private void Run()
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            if (Connect(failures == 0) is { } connection)
            {
                failures = 0;
                Volatile.Write(ref current, connection);
                mailbox.Post(() => terminal.Connected(connection));
                Read(connection);
                mailbox.Post(terminal.Disconnected);
            }
            else
            {
                stop.Token.WaitHandle.WaitOne(Pauses[Math.Min(failures++, Pauses.Length - 1)]);
            }
        }
    }

    // The terminal stays whatever happened here: the person reads what it was, and the next try may succeed.
    private IDaemonConnection? Connect(bool tells)
    {
        try
        {
            return options.Connect(UnixTerminalSize(), stop.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        catch (Exception e)
        {
            if (tells)
            {
                mailbox.Post(() => terminal.NotConnected(options.Explain(e)));
            }

            return null;
        }
    }

    private void Read(IDaemonConnection connection)
    {
        try
        {
            while (connection.Receive() is { } message)
            {
                Post(message);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or JsonException)
        {
            // The same as a connection that was closed; the terminal says so.
        }
    }

    // Events are read here, so that a long history does not hold up a key.
    private void Post(WireMessage message)
    {
        if (message.Method == DaemonMethods.Events)
        {
            var batch = EventBatch.Read(message);
            mailbox.Post(() => terminal.Receive(batch));
        }
        else
        {
            mailbox.Post(() => terminal.Receive(message));
        }
    }

    private static TerminalSize UnixTerminalSize() => Tty.UnixTerminal.Size;
}
