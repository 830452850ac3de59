using System.Text.Json;
using Berth.Platform;
using Berth.Tty;
using Berth.Views;

namespace Berth.App;

/// <summary>
/// The program behind <c>berth</c>: draws first, connects while the person types, and gives the terminal back as it was,
/// however it ends.
/// </summary>
internal sealed class TerminalApp : IDisposable
{
    private static readonly TimeSpan FrameTime = TimeSpan.FromMilliseconds(16);
    private static readonly TimeSpan SuspendWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LeaveGrace = TimeSpan.FromSeconds(2);
    private const int ReadBytes = 64 * 1024;
    private const int HangUp = 129;

    private readonly TerminalOptions options;
    private readonly UnixTerminal device;
    private readonly MarkdownView markdown = new();
    private readonly Terminal terminal;
    private readonly WakeEvent wake = new();
    private readonly Mailbox mailbox;
    private readonly ManualResetEventSlim continued = new();
    private readonly ManualResetEventSlim left = new();
    private readonly DaemonLink link;
    private volatile int signalled;
    private long drawnAt;
    private long resizedAt;
    private TerminalSize seenSize;

    private TerminalApp(TerminalOptions options, UnixTerminal device, TerminalSize size)
    {
        this.options = options;
        this.device = device;
        seenSize = size;
        terminal = new Terminal(options, markdown, TimeProvider.System, size.Columns, size.Rows);
        mailbox = new Mailbox(wake);
        link = new DaemonLink(options, terminal, mailbox);
    }

    /// <summary>Runs a terminal until the person leaves.</summary>
    /// <returns>The exit code: 0, or 128 + the signal that ended it; 2 without a terminal to run in.</returns>
    public static int Run(TerminalOptions options)
    {
        if (UnixTerminal.Open() is not { } opened)
        {
            StandardStreams.Write(
                StandardStreams.Error,
                "berth: This needs a terminal on standard input and output. Use berth run \"…\" without one.\n");
            return 2;
        }

        try
        {
            using var app = new TerminalApp(options, opened, UnixTerminal.Size);
            return app.Run();
        }
        finally
        {
            opened.Restore();
        }
    }

    /// <summary>Ends the connection.</summary>
    public void Dispose()
    {
        link.Dispose();
        left.Set();
    }

    private int Run()
    {
        // Nothing else happens before the prompt stands.
        UnixTerminal.Write(UnixTerminal.Begin + terminal.Draw());
        StartTrace.Write(options.TraceFile);
        TypeAhead();
        using var signals = new TerminalSignals(Resized, Continued, Ended);
        AppDomain.CurrentDomain.UnhandledException += (_, _) => device.Restore();
        link.Start();
        new Thread(Warm) { IsBackground = true, Name = "warm" }.Start();
        try
        {
            Loop();
        }
        finally
        {
            UnixTerminal.Write(terminal.Leave());
            device.Restore();
        }

        return signalled != 0 ? signalled : terminal.ExitCode ?? 0;
    }

    // What was typed before the program started came in through the shell's line mode, which makes a line end of Enter.
    private void TypeAhead()
    {
        if ((InputPoll.Wait(StandardStreams.Input, wake, TimeSpan.Zero) & InputReady.Bytes) == InputReady.None)
        {
            return;
        }

        var buffer = new byte[ReadBytes];
        var early = buffer.AsSpan(0, UnixTerminal.Read(buffer));
        early.Replace((byte)'\n', (byte)'\r');
        terminal.Type(early);
    }

    private void Loop()
    {
        var buffer = new byte[ReadBytes];
        var isDirty = true;
        while (terminal.ExitCode is null && signalled == 0)
        {
            var ready = InputPoll.Wait(StandardStreams.Input, wake, Wait(isDirty));
            if ((ready & InputReady.Bytes) != InputReady.None)
            {
                var count = UnixTerminal.Read(buffer);
                if (count == 0)
                {
                    signalled = HangUp;
                    return;
                }

                terminal.Type(buffer.AsSpan(0, count));
                drawnAt = 0;
            }
            else if ((ready & InputReady.Closed) != InputReady.None)
            {
                signalled = HangUp;
                return;
            }

            TakeMail();
            terminal.Elapse();
            if (terminal.WantsSuspend)
            {
                Suspend();
            }

            isDirty = !Draw();
        }
    }

    private TimeSpan? Wait(bool isDirty)
    {
        if (!isDirty)
        {
            return terminal.Wait;
        }

        var rest = Rest();
        return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
    }

    // A stream of small pieces is drawn sixty times a second, a key at once; nothing while the window is being dragged.
    private TimeSpan Rest()
    {
        var frame = drawnAt == 0 ? TimeSpan.Zero : FrameTime - TimeProvider.System.GetElapsedTime(drawnAt);
        var resize = resizedAt == 0 ? TimeSpan.Zero : options.Resizing.Rest - TimeProvider.System.GetElapsedTime(resizedAt);
        return frame > resize ? frame : resize;
    }

    /// <summary>Draws what changed; false when that has to wait a little.</summary>
    private bool Draw()
    {
        // The signal may be on its way: the size that counts is the one now.
        var size = UnixTerminal.Size;
        if (size != seenSize)
        {
            seenSize = size;
            resizedAt = TimeProvider.System.GetTimestamp();
        }

        if (Rest() > TimeSpan.Zero)
        {
            return false;
        }

        if (resizedAt != 0)
        {
            resizedAt = 0;
            terminal.Resize(size.Columns, size.Rows);
        }

        var output = terminal.Draw();
        if (output.Length > 0)
        {
            if (!UnixTerminal.Write(output))
            {
                signalled = HangUp;
            }

            drawnAt = TimeProvider.System.GetTimestamp();
        }

        return true;
    }

    private void TakeMail()
    {
        while (mailbox.TryTake(out var action))
        {
            try
            {
                action();
            }
            catch (JsonException e)
            {
                // A message that nobody understands is shown and passed over.
                terminal.NotConnected($"The daemon said something this version does not understand: {e.Message}");
            }
        }
    }

    private void Suspend()
    {
        UnixTerminal.Write(terminal.Leave(suspended: true));
        device.Restore();
        continued.Reset();
        TerminalSignals.Suspend();

        // The stop takes effect between these lines. Where nothing can stop us (no shell is there), we go on.
        continued.Wait(SuspendWait);
        Resume();
    }

    private void Resume()
    {
        device.Resume();
        terminal.Resumed();
        UnixTerminal.Write(UnixTerminal.Begin);
    }

    // The three below are called on threads of the runtime.
    private void Resized() => wake.Set();

    private void Continued()
    {
        if (terminal.WantsSuspend)
        {
            continued.Set();
        }
        else
        {
            mailbox.Post(Resume);
        }
    }

    private void Ended(int exitCode)
    {
        signalled = exitCode;
        wake.Set();
        if (!left.Wait(LeaveGrace))
        {
            // The loop hangs in a write to a terminal that takes nothing.
            device.Restore();
            Environment.Exit(exitCode);
        }
    }

    // What the first answer needs is compiled while the person reads the prompt.
    private void Warm()
    {
        if (options.HistoryFile() is { } path)
        {
            var file = new HistoryFile(path);
            var stored = file.Read();
            mailbox.Post(() =>
            {
                terminal.History.AddStored(stored);
                terminal.RememberWith(file.Append);
            });
        }

        Rehearsal.Play(markdown, TimeProvider.System);
    }
}
