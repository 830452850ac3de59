using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>
/// Lets any thread wake a thread that waits in <see cref="InputPoll"/>: Linux's eventfd, one descriptor and no buffer
/// that could fill up.
/// </summary>
public sealed unsafe class WakeEvent : IDisposable
{
    private readonly int fd;

    /// <summary>Makes the descriptor.</summary>
    /// <exception cref="IOException">No descriptor is free.</exception>
    public WakeEvent()
    {
        fd = TerminalNative.EventFd(0, TerminalNative.EventFdCloseOnExec | TerminalNative.EventFdNonBlocking);
        if (fd < 0)
        {
            throw new IOException($"No event descriptor (errno {Marshal.GetLastSystemError()}).");
        }
    }

    internal int Fd => fd;

    /// <summary>Wakes the waiting thread, or lets its next wait return at once.</summary>
    public void Set()
    {
        ulong one = 1;
        _ = TerminalNative.Write(fd, (byte*)&one, sizeof(ulong));
    }

    /// <summary>Closes the descriptor; nobody may wait or wake any more.</summary>
    public void Dispose() => _ = TerminalNative.Close(fd);

    internal void Clear()
    {
        ulong count;
        _ = TerminalNative.Read(fd, (byte*)&count, sizeof(ulong));
    }
}
