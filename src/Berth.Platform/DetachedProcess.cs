using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>
/// A process that is started to outlive its starter (the daemon, started by a client): in its own process session, with
/// nothing inherited.
/// </summary>
public sealed class DetachedProcess
{
    private ExitStatus? _ended;

    private DetachedProcess(int pid) => Pid = pid;

    /// <summary>Its number.</summary>
    public int Pid { get; }

    /// <summary>Starts it.</summary>
    /// <exception cref="SpawnFailure">It could not be started; the message says why.</exception>
    public static DetachedProcess Start(SpawnOptions options) => new(Spawn.Start(options));

    /// <summary>
    /// How it ended; null while it runs. Asking also lets the system forget an ended one, so a starter that stays asks
    /// when it hears nothing more from it.
    /// </summary>
    public unsafe ExitStatus? Ended()
    {
        if (_ended is null)
        {
            int word;
            var result = Linux.waitpid(Pid, &word, Linux.NoHang);
            _ended = result == Pid ? ExitStatus.Of(word)
                : result < 0 && Marshal.GetLastPInvokeError() == Linux.NoChild ? new EndedUnknown()
                : null;
        }

        return _ended;
    }
}
