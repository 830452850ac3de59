using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>
/// Makes the signals that ask a program to end call it instead of ending it at once: SIGTERM and SIGINT. SIGHUP is
/// ignored: a daemon has no terminal that could go away. Disposing it gives the signals back.
/// </summary>
public sealed class ShutdownSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Begins to listen.</summary>
    /// <param name="asked">Called for each signal, on a thread of the pool.</param>
    public ShutdownSignals(Action<PosixSignal> asked)
    {
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            asked(context.Signal);
        }

        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, End),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, End),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true),
        ];
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
