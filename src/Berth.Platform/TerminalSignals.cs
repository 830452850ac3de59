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

    /// <summary>Begins to listen. What is called is called on another thread, once for each signal.</summary>
    /// <param name="resized">The terminal has another size (SIGWINCH).</param>
    /// <param name="continued">The program goes on after it was stopped (SIGCONT).</param>
    /// <param name="ended">
    /// The program is to end (SIGTERM, SIGHUP, SIGINT): with this exit code, 128 + the signal's number.
    /// </param>
    public TerminalSignals(Action resized, Action continued, Action<int> ended)
    {
        // Berth runs on Linux; Windows, which the analyzer has in mind, knows neither of the first two.
#pragma warning disable CA1416
        registrations =
        [
            On(PosixSignal.SIGWINCH, resized),
            On(PosixSignal.SIGCONT, continued),
            On(PosixSignal.SIGTERM, () => ended(143)),
            On(PosixSignal.SIGHUP, () => ended(129)),
            On(PosixSignal.SIGINT, () => ended(130)),
        ];
#pragma warning restore CA1416
    }

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

    private static PosixSignalRegistration On(PosixSignal signal, Action action) =>
        PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            action();
        });
}
