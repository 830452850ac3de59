using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// One process that <see cref="Children"/> started, the leader of a process session and group of its own.
/// </summary>
public sealed class ChildProcess
{
    private readonly TaskCompletionSource<ExitStatus> _exited = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _taken;

    private ChildProcess(int pid, SafeFileHandle pidfd)
    {
        Pid = pid;
        StartTicks = CurrentProcess.StartTicks(pid);
        Pidfd = pidfd;
    }

    /// <summary>Its number.</summary>
    public int Pid { get; }

    /// <summary>Clock ticks since the machine's start; with the pid it names this process.</summary>
    public long StartTicks { get; }

    /// <summary>
    /// Completes once, as soon as the process itself has ended; what it started may live on. Cancelled when
    /// <see cref="Children"/> is disposed before.
    /// </summary>
    public Task<ExitStatus> Exited => _exited.Task;

    internal SafeFileHandle Pidfd { get; }

    /// <summary>Sends a signal to the process. False when it has ended.</summary>
    public bool Signal(int signal) => Send(Pid, signal);

    /// <summary>
    /// Sends a signal to its whole process group. False when the process has ended: from then on the group's number may
    /// belong to others, and its members are signalled one by one (<see cref="ProcessTable.Signal"/>).
    /// </summary>
    public bool SignalGroup(int signal) => Send(-Pid, signal);

    /// <summary>Takes a process over that was just started. One whose end could not be noted is not let run.</summary>
    internal static unsafe ChildProcess Of(int pid)
    {
        var pidfd = Linux.PidfdOpen(pid);
        if (!pidfd.IsInvalid)
        {
            return new ChildProcess(pid, pidfd);
        }

        var error = Marshal.GetLastPInvokeError();
        int word;
        _ = Linux.kill(-pid, SignalNumbers.Kill);
        _ = Linux.waitpid(pid, &word, 0);
        throw new SpawnFailure($"A process could not be followed: {Marshal.GetPInvokeErrorMessage(error)}.");
    }

    /// <summary>Takes note of the end. The number is free for others from here on.</summary>
    internal unsafe void Reap()
    {
        int word = 0, result;
        lock (_gate)
        {
            do
            {
                result = Linux.waitpid(Pid, &word, 0);
            }
            while (result < 0 && Marshal.GetLastPInvokeError() == Linux.Interrupted);

            _taken = true;
        }

        Pidfd.Dispose();
        _exited.TrySetResult(result == Pid ? ExitStatus.Of(word) : new EndedUnknown());
    }

    internal void Abandon()
    {
        Pidfd.Dispose();
        _exited.TrySetCanceled();
    }

    // Until waitpid has taken note, the kernel gives the number to nobody else; so the signal stays under its lock.
    private bool Send(int target, int signal)
    {
        lock (_gate)
        {
            return !_taken && Linux.kill(target, signal) == 0;
        }
    }
}
