using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

[assembly: DisableRuntimeMarshalling]
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace Berth.Platform;

/// <summary>
/// The system calls of Linux and their numbers: the one place where Linux-only things are named. Every public door of
/// this project that needs them calls <see cref="Require"/> first, so that another system gets words and no crash.
/// Numbers are those of x86-64 and arm64 (the two differ in O_DIRECTORY, O_NOFOLLOW and the layout of epoll_event).
/// </summary>
internal static unsafe partial class Linux
{
    public const int NotPermitted = 1, NoEntry = 2, NoProcess = 3, Interrupted = 4, TooBig = 7, NotExecutable = 8, NoChild = 10;
    public const int Again = 11, OutOfMemory = 12, NoAccess = 13, Exists = 17, NotDirectory = 20, Invalid = 22;
    public const int TextBusy = 26, Loop = 40, ConnectionRefused = 111;

    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2;
    public const int NonBlocking = 0x800, NoTerminal = 0x100;
    public const int Create = 0x40, Exclusive = 0x80, Append = 0x400, CloseOnExec = 0x80000, PathOnly = 0x200000;

    public const int LockExclusive = 2, LockNonBlocking = 4, Unlock = 8;
    public const int SetChildSubreaper = 36;
    public const int NoHang = 1;
    public const int EpollAdd = 1, EpollDelete = 2, EpollIn = 1;
    public const int FamilyUnix = 1, SocketStream = 1, SocketCloseOnExec = 0x80000;
    public const int LevelSocket = 1, PeerCredentials = 17, ReceiveTimeout = 20;
    public const int NoSignal = 0x4000, ShutdownBoth = 2;
    public const int CurrentDirectory = -100, EmptyPath = 0x1000, NoFollowAt = 0x100;
    public const short SpawnSetSignalDefaults = 0x04, SpawnSetSignalMask = 0x08, SpawnSetSession = 0x80;

    private const nint PidfdSendSignalNumber = 424, PidfdOpenNumber = 434;

    public static int Directory => IsArm ? 0x4000 : 0x10000;

    public static int NoFollow => IsArm ? 0x8000 : 0x20000;

    /// <summary>Bytes of one epoll_event, and where its data begins: packed on x86-64 only.</summary>
    public static (int Size, int Data) EpollEvent => IsArm ? (16, 8) : (12, 4);

    private static bool IsArm => RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    /// <summary>Says in words that this system is not supported.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    public static void Require()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("Berth runs on Linux; there is no port to this system yet.");
        }
    }

    /// <summary>A file descriptor that follows one process; readable when the process has ended.</summary>
    public static SafeFileHandle PidfdOpen(int pid) => new(syscall(PidfdOpenNumber, pid, 0, 0, 0), ownsHandle: true);

    /// <summary>
    /// Sends a signal to the process that the descriptor follows, never to a later owner of its number.
    /// </summary>
    public static bool PidfdSendSignal(SafeFileHandle pidfd, int signal) =>
        syscall(PidfdSendSignalNumber, pidfd.DangerousGetHandle(), signal, 0, 0) == 0;

    /// <summary>sched_setattr(2) of the calling thread.</summary>
    public static bool SetThreadSchedule(void* attributes) =>
        syscall(IsArm ? 274 : 314, 0, (nint)attributes, 0, 0) == 0;

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint read(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint write(SafeFileHandle file, byte* buffer, nint count);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int pipe2(int* ends, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fsync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fdatasync(SafeFileHandle file);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(SafeFileHandle file, int mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchown(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int chmod(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int mkdir(string path, int mode);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int link(string existing, string link);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int rename(string from, string to);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int unlink(string path);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int statx(int directory, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc")]
    public static partial uint geteuid();

    [LibraryImport("libc", SetLastError = true)]
    public static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int kill(int pid, int signal);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int waitpid(int pid, int* status, int options);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int sigaction(int signal, void* action, void* old);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint signal(int signal, nint handler);

    [LibraryImport("libc")]
    public static partial int sigemptyset(void* set);

    [LibraryImport("libc")]
    public static partial int sigfillset(void* set);

    [LibraryImport("libc", SetLastError = true)]
    public static partial SafeFileHandle epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_ctl(SafeFileHandle epoll, int operation, SafeFileHandle file, byte* change);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int epoll_wait(SafeFileHandle epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    public static partial SafeFileHandle eventfd(uint start, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int socket(int family, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int bind(SafeHandle socket, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int listen(SafeHandle socket, int backlog);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int connect(SafeFileHandle socket, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial nint send(SafeFileHandle socket, byte* buffer, nint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int shutdown(SafeFileHandle socket, int how);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setsockopt(SafeFileHandle socket, int level, int option, void* value, int length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getsockopt(SafeFileHandle socket, int level, int option, void* value, int* length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int getpriority(int which, int who);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int setpriority(int which, int who, int value);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ioctl(SafeFileHandle file, nuint request, void* argument);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint readlink(string path, byte* buffer, nint size);

    // The posix_spawn family returns the error number and leaves errno alone.
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(
        int* pid, string path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int from, int to);

    [LibraryImport("libc")]
    public static partial int posix_spawn_file_actions_addclosefrom_np(void* actions, int from);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn_file_actions_addchdir_np(void* actions, string path);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_init(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_destroy(void* attributes);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setflags(void* attributes, short flags);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigdefault(void* attributes, void* set);

    [LibraryImport("libc")]
    public static partial int posix_spawnattr_setsigmask(void* attributes, void* set);
}
