using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>
/// The signals a terminal program must answer, delivered on a thread of the runtime: a new size, going on after a
/// suspension, and the three that end it. Their default (instant death without any clean-up) is switched off while
/// this lives.
/// </summary>
public sealed class TerminalSignals : IDisposable
{
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Begins to listen.</summary>
    /// <param name="received">Called on another thread, once for each signal.</param>
    public TerminalSignals(Action<PosixSignal> received)
    {
        void Handle(PosixSignalContext context)
        {
            context.Cancel = true;
            received(context.Signal);
        }

        // Berth runs on Linux; Windows, which the analyzer has in mind, knows neither of the first two.
#pragma warning disable CA1416
        registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGWINCH, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGCONT, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        ];
#pragma warning restore CA1416
    }

    /// <summary>The exit code of a program that such a signal ended: 128 + its number.</summary>
    public static int ExitCode(PosixSignal signal) => signal switch
    {
        PosixSignal.SIGHUP => 129,
        PosixSignal.SIGINT => 130,
        _ => 143,
    };

    /// <summary>
    /// Stops this program and the script that started it, as Ctrl+Z does in a line-oriented program. The call may
    /// return before the stop takes effect; SIGCONT tells when it is over.
    /// </summary>
    public static void Suspend() => _ = TerminalNative.Kill(0, TerminalNative.SigTstp);

    /// <summary>Gives the signals their default effect back.</summary>
    public void Dispose()
    {
        foreach (var registration in registrations)
        {
            registration.Dispose();
        }
    }
}
