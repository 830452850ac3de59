using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>
/// The few libc calls a terminal needs. Numbers and layouts are Linux's own (asm-generic), the same with glibc and musl
/// on x86-64 and arm64.
/// </summary>
internal static unsafe partial class TerminalNative
{
    internal const int Eintr = 4;
    internal const int Eagain = 11;
    internal const short PollIn = 1;
    internal const short PollOut = 4;
    internal const short PollErr = 8;
    internal const short PollHup = 16;
    internal const int SetAttributesNow = 0;
    internal const ulong GetWindowSize = 0x5413;
    internal const int EventFdCloseOnExec = 0x80000;
    internal const int EventFdNonBlocking = 0x800;
    internal const int SigTstp = 20;

    /// <summary><c>struct termios</c>: 60 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Termios
    {
        internal uint InputFlags;
        internal uint OutputFlags;
        internal uint ControlFlags;
        internal uint LocalFlags;
        internal byte Line;
        internal fixed byte ControlCharacters[32];
        internal uint InputSpeed;
        internal uint OutputSpeed;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowSize
    {
        internal ushort Rows;
        internal ushort Columns;
        internal ushort PixelWidth;
        internal ushort PixelHeight;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct PollFd
    {
        internal int Fd;
        internal short Events;
        internal short Returned;
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    internal static partial int GetAttributes(int fd, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    internal static partial int SetAttributes(int fd, int actions, Termios* attributes);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    internal static partial int Ioctl(int fd, ulong request, WindowSize* size);

    [LibraryImport("libc", EntryPoint = "isatty")]
    internal static partial int IsTty(int fd);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(PollFd* fds, ulong count, int milliseconds);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(int fd, byte* buffer, nint count);

    [LibraryImport("libc", EntryPoint = "eventfd")]
    internal static partial int EventFd(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    internal static partial int Close(int fd);

    [LibraryImport("libc", EntryPoint = "kill")]
    internal static partial int Kill(int pid, int signal);
}
