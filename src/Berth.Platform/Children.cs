using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// Starts processes and takes note of their ends: one thread waits for all of them (a pidfd each, one epoll). The
/// process becomes a child subreaper, so that whatever its children leave behind stays below it. It never waits for
/// "any child": that would take the status of a process that other code of this program started.
/// </summary>
public sealed class Children : IDisposable
{
    private const int EventsAtOnce = 64;
    private const int StackBytes = 256 * 1024;

    // How often adopted processes are looked after while there are any children; see Sweep.
    private const int LookEveryMs = 1000;

    private readonly ConcurrentDictionary<int, ChildProcess> _byPid = new();
    private readonly ConcurrentDictionary<int, Watched> _byDescriptor = new();
    private readonly Lock _gate = new();
    private readonly SafeFileHandle _epoll;
    private readonly SafeFileHandle _wake;
    private readonly Thread _thread;
    private HashSet<(int Pid, long Start)> _zombiesSeen = [];
    private int _starting;
    private volatile bool _stopping;

    /// <summary>Prepares this process for having children.</summary>
    /// <exception cref="IOException">The system gave no descriptor.</exception>
    public Children()
    {
        Linux.Require();
        RestoreChildSignal();
        if (Linux.prctl(Linux.SetChildSubreaper, 1, 0, 0, 0) != 0)
        {
            throw SystemFailure.Last("cannot adopt what children leave behind");
        }

        _epoll = Linux.epoll_create1(Linux.CloseOnExec);
        _wake = Linux.eventfd(0, Linux.CloseOnExec);
        if (_epoll.IsInvalid || _wake.IsInvalid)
        {
            throw SystemFailure.Last("cannot wait for children");
        }

        Listen(_wake, Linux.EpollAdd);
        _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "children" };
        _thread.Start();
    }

    private sealed record Watched(SafeFileHandle Pidfd, Action Ended, Action Abandoned);

    /// <summary>Starts a process. Safe to call from many threads at once.</summary>
    /// <exception cref="SpawnFailure">It could not be started; the message says why.</exception>
    public ChildProcess Start(SpawnOptions options)
    {
        Interlocked.Increment(ref _starting);
        try
        {
            var child = ChildProcess.Of(Spawn.Start(options));
            _byPid[child.Pid] = child;
            var watched = new Watched(
                child.Pidfd,
                () =>
                {
                    _byPid.TryRemove(child.Pid, out _);
                    child.Reap();
                },
                child.Abandon);
            if (!TryWatch(watched))
            {
                child.Abandon();
            }

            return child;
        }
        finally
        {
            Interlocked.Decrement(ref _starting);
        }
    }

    /// <summary>
    /// Completes when a process that is not our child has ended (one that an earlier daemon started), with how it ended
    /// if the kernel tells. Completed at once when there is no such process any more; cancelled when this is disposed
    /// before.
    /// </summary>
    /// <exception cref="IOException">The system has no descriptor left to follow it with.</exception>
    public Task<ExitStatus> WatchOther(int pid, long startTicks)
    {
        var pidfd = Linux.PidfdOpen(pid);
        if (pidfd.IsInvalid && Marshal.GetLastPInvokeError() is not (Linux.NoProcess or Linux.Invalid))
        {
            throw SystemFailure.Last($"cannot follow process {pid}");
        }

        if (pidfd.IsInvalid || !ProcessTable.IsAlive(pid, startTicks))
        {
            var status = !pidfd.IsInvalid && ProcessTable.Read(pid)?.StartTicks == startTicks
                ? OtherExit.Of(pidfd, pid, startTicks)
                : new EndedUnknown();
            pidfd.Dispose();
            return Task.FromResult(status);
        }

        var ended = new TaskCompletionSource<ExitStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watched = new Watched(
            pidfd,
            () =>
            {
                var status = OtherExit.Of(pidfd, pid, startTicks);
                pidfd.Dispose();
                ended.TrySetResult(status);
            },
            () =>
            {
                pidfd.Dispose();
                ended.TrySetCanceled();
            });
        if (!TryWatch(watched))
        {
            watched.Abandoned();
        }

        return ended.Task;
    }

    /// <summary>
    /// The processes below this one that it did not start itself: what children left behind, with all below them.
    /// Zombies are not among them.
    /// </summary>
    public IReadOnlyList<ProcessEntry> Adopted()
    {
        var found = new List<ProcessEntry>();
        foreach (var child in ProcessTable.ChildrenOf(CurrentProcess.Id))
        {
            if (!child.IsZombie && !_byPid.ContainsKey(child.Pid))
            {
                found.Add(child);
                found.AddRange(ProcessTable.DescendantsOf(child.Pid).Where(p => !p.IsZombie));
            }
        }

        return found;
    }

    /// <summary>Stops waiting. The processes live on; their <see cref="ChildProcess.Exited"/> is cancelled.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        Wake();
        _thread.Join();
        foreach (var watched in _byDescriptor.Values)
        {
            watched.Abandoned();
        }

        _epoll.Dispose();
        _wake.Dispose();
    }

    // False when nothing is waited for any more.
    private bool TryWatch(Watched watched)
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return false;
            }

            var first = _byDescriptor.IsEmpty;
            _byDescriptor[(int)watched.Pidfd.DangerousGetHandle()] = watched;
            Listen(watched.Pidfd, Linux.EpollAdd);
            if (first)
            {
                Wake();
            }

            return true;
        }
    }

    private unsafe void Run()
    {
        var (size, data) = Linux.EpollEvent;
        var events = stackalloc byte[EventsAtOnce * 16];
        var looked = Environment.TickCount64;
        var more = true;
        while (!_stopping)
        {
            var count = Linux.epoll_wait(_epoll, events, EventsAtOnce, more ? LookEveryMs : -1);
            for (var i = 0; i < count; i++)
            {
                TakeNote(*(int*)(events + (i * size) + data));
            }

            more = more || count > 0;
            if (more && Environment.TickCount64 - looked >= LookEveryMs)
            {
                looked = Environment.TickCount64;
                more = Sweep() || !_byDescriptor.IsEmpty;
            }
        }
    }

    private unsafe void TakeNote(int descriptor)
    {
        if (descriptor == (int)_wake.DangerousGetHandle())
        {
            ulong counter;
            _ = Linux.read(_wake, (byte*)&counter, sizeof(ulong));
        }
        else if (_byDescriptor.TryRemove(descriptor, out var watched))
        {
            Listen(watched.Pidfd, Linux.EpollDelete);
            watched.Ended();
        }
    }

    /// <summary>
    /// Takes note of ended processes that we adopted. Only of those that a look a second ago saw ended already: a
    /// process that other code here started is noted by that code within milliseconds. Tells whether there are any
    /// adopted processes.
    /// </summary>
    private unsafe bool Sweep()
    {
        var children = ProcessTable.ChildrenOf(CurrentProcess.Id);
        if (Volatile.Read(ref _starting) != 0)
        {
            // One of them may be just being started and not in our list yet: the next look is soon enough.
            return true;
        }

        var zombies = new HashSet<(int, long)>();
        var any = false;
        foreach (var child in children)
        {
            if (_byPid.ContainsKey(child.Pid))
            {
                continue;
            }

            any = true;
            if (child.IsZombie && !_zombiesSeen.Contains((child.Pid, child.StartTicks)))
            {
                zombies.Add((child.Pid, child.StartTicks));
            }
            else if (child.IsZombie)
            {
                int word;
                _ = Linux.waitpid(child.Pid, &word, Linux.NoHang);
            }
        }

        _zombiesSeen = zombies;
        return any;
    }

    private unsafe void Listen(SafeFileHandle file, int operation)
    {
        var (_, data) = Linux.EpollEvent;
        var change = stackalloc byte[16];
        *(int*)change = Linux.EpollIn;
        *(long*)(change + data) = file.DangerousGetHandle();
        if (Linux.epoll_ctl(_epoll, operation, file, change) != 0 && operation == Linux.EpollAdd)
        {
            throw SystemFailure.Last("cannot wait for a process");
        }
    }

    private unsafe void Wake()
    {
        ulong one = 1;
        _ = Linux.write(_wake, (byte*)&one, sizeof(ulong));
    }

    // A program that was started with SIGCHLD ignored gets no status of its children at all. The handler is the first
    // field of struct sigaction; 1 means "ignored", 0 "default".
    private static unsafe void RestoreChildSignal()
    {
        var old = stackalloc byte[256];
        if (Linux.sigaction(SignalNumbers.Child, null, old) == 0 && *(nint*)old == 1)
        {
            _ = Linux.signal(SignalNumbers.Child, 0);
        }
    }
}
