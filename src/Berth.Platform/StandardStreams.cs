using System.Runtime.InteropServices;
using System.Text;

namespace Berth.Platform;

/// <summary>
/// The three standard streams as file descriptors. System.Console would change the terminal's settings, cost 9 ms of
/// start and put its own encoding between.
/// </summary>
public static unsafe class StandardStreams
{
    /// <summary>The descriptor of standard input.</summary>
    public const int Input = 0;

    /// <summary>The descriptor of standard output.</summary>
    public const int Output = 1;

    /// <summary>The descriptor of standard error.</summary>
    public const int Error = 2;

    /// <summary>Whether the descriptor is a terminal.</summary>
    public static bool IsTerminal(int fd) => TerminalNative.IsTty(fd) == 1;

    /// <summary>Writes all bytes; waits while the other side is slow.</summary>
    /// <exception cref="IOException">The other side is gone, or the disk is full; its HResult is the error number.</exception>
    public static void Write(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var done = 0;
            while (done < bytes.Length)
            {
                var written = TerminalNative.Write(fd, start + done, bytes.Length - done);
                if (written >= 0)
                {
                    done += (int)written;
                    continue;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == TerminalNative.Eagain)
                {
                    Poll(fd, TerminalNative.PollOut);
                }
                else if (error != TerminalNative.Eintr)
                {
                    throw new IOException($"Writing to descriptor {fd} failed: {Marshal.GetPInvokeErrorMessage(error)}.", error);
                }
            }
        }
    }

    /// <summary>Writes a text as UTF-8.</summary>
    /// <exception cref="IOException">The other side is gone.</exception>
    public static void Write(int fd, string text) => Write(fd, Encoding.UTF8.GetBytes(text));

    /// <summary>Reads what is there, waiting for the first byte.</summary>
    /// <returns>The number of bytes; 0 at the end.</returns>
    /// <exception cref="IOException">The descriptor cannot be read (a terminal that hung up).</exception>
    public static int Read(int fd, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var read = TerminalNative.Read(fd, start, buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }

                var error = Marshal.GetLastPInvokeError();
                if (error == TerminalNative.Eagain)
                {
                    Poll(fd, TerminalNative.PollIn);
                }
                else if (error != TerminalNative.Eintr)
                {
                    throw new IOException($"Reading from descriptor {fd} failed (errno {error}).");
                }
            }
        }
    }

    // Somebody else may have set the shared descriptor to non-blocking.
    private static void Poll(int fd, short events)
    {
        var wanted = new TerminalNative.PollFd { Fd = fd, Events = events };
        _ = TerminalNative.Poll(&wanted, 1, -1);
    }
}
