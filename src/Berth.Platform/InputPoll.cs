namespace Berth.Platform;

/// <summary>What a wait in <see cref="InputPoll"/> ended with. Several may hold at once.</summary>
[Flags]
public enum InputReady
{
    /// <summary>The time is over, or a signal came.</summary>
    None = 0,

    /// <summary>Bytes can be read.</summary>
    Bytes = 1,

    /// <summary>Somebody called <see cref="WakeEvent.Set"/>.</summary>
    Woken = 2,

    /// <summary>The terminal is gone.</summary>
    Closed = 4,
}

/// <summary>Waits for a terminal's bytes and for other threads at the same time.</summary>
public static unsafe class InputPoll
{
    /// <summary>Waits at most <paramref name="timeout"/>; null waits as long as it takes.</summary>
    public static InputReady Wait(int input, WakeEvent wake, TimeSpan? timeout)
    {
        var fds = stackalloc TerminalNative.PollFd[2];
        fds[0] = new TerminalNative.PollFd { Fd = input, Events = TerminalNative.PollIn };
        fds[1] = new TerminalNative.PollFd { Fd = wake.Fd, Events = TerminalNative.PollIn };
        var milliseconds = timeout is { } t ? (int)Math.Ceiling(Math.Clamp(t.TotalMilliseconds, 0, int.MaxValue)) : -1;
        if (TerminalNative.Poll(fds, 2, milliseconds) <= 0)
        {
            return InputReady.None;
        }

        var ready = InputReady.None;
        if ((fds[0].Returned & TerminalNative.PollIn) != 0)
        {
            ready |= InputReady.Bytes;
        }
        else if ((fds[0].Returned & (TerminalNative.PollHup | TerminalNative.PollErr)) != 0)
        {
            ready |= InputReady.Closed;
        }

        if (fds[1].Returned != 0)
        {
            wake.Clear();
            ready |= InputReady.Woken;
        }

        return ready;
    }
}
