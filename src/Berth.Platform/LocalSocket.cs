using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// Unix stream sockets by path. A path longer than the 107 bytes that fit into an address is reached through its open
/// directory: <c>/proc/self/fd/N/name</c>.
/// </summary>
public static class LocalSocket
{
    private const int AddressBytes = 110;
    private const int FamilyBytes = 2;
    private const int LongestPath = 107;
    private const int Backlog = 512;

    /// <summary>
    /// Listens on a path. The caller holds the lock that makes it the only listener, and made the directory 0700: a
    /// socket's own rights protect nothing. A socket file that an earlier listener left is removed; the caller removes
    /// this one when it stops, while it still holds the lock.
    /// </summary>
    /// <exception cref="IOException">Something that is no socket stands at the path.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory is closed to this user.</exception>
    public static Socket Listen(string path)
    {
        Linux.Require();
        if (FileStatus.Of(path, follow: false) is { } old)
        {
            if (!old.IsSocket)
            {
                throw new IOException($"{path} is no socket");
            }

            File.Delete(path);
        }

        using var reachable = new ReachablePath(path);
        return Bind(reachable.Path);
    }

    /// <summary>Connects to the listener at a path.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static Socket Connect(string path)
    {
        using var reachable = new ReachablePath(path);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(reachable.Path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// The user whose process is at the other end, as the kernel saw it when the connection was made.
    /// </summary>
    public static uint PeerUserId(Socket socket) => (uint)PeerCredentials(socket, 1);

    /// <summary>The process at the other end, as the kernel saw it when the connection was made.</summary>
    public static int PeerProcessId(Socket socket) => PeerCredentials(socket, 0);

    // struct ucred: pid, uid, gid, each 32 bits.
    private static int PeerCredentials(Socket socket, int field)
    {
        Linux.Require();
        Span<int> credentials = stackalloc int[3];
        socket.GetRawSocketOption(Linux.LevelSocket, Linux.PeerCredentials, MemoryMarshal.AsBytes(credentials));
        return credentials[field];
    }

    // A socket bound by Socket.Bind deletes, when disposed, whatever then stands at the path: perhaps another's socket.
    private static unsafe Socket Bind(string path)
    {
        var number = Linux.socket(Linux.FamilyUnix, Linux.SocketStream | Linux.SocketCloseOnExec, 0);
        if (number < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        var handle = new SafeSocketHandle(number, ownsHandle: true);
        var address = stackalloc byte[AddressBytes];
        new Span<byte>(address, AddressBytes).Clear();
        *(short*)address = Linux.FamilyUnix;
        var length = Encoding.UTF8.GetBytes(path, new Span<byte>(address + FamilyBytes, LongestPath));
        if (Linux.bind(handle, address, FamilyBytes + length + 1) != 0 || Linux.listen(handle, Backlog) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw SystemFailure.For(error, $"cannot listen on {path}");
        }

        return new Socket(handle);
    }

    /// <summary>A path short enough for an address, and the open directory that it may lead through.</summary>
    private readonly struct ReachablePath : IDisposable
    {
        private readonly SafeFileHandle? _directory;

        public ReachablePath(string path)
        {
            Path = path;
            if (Encoding.UTF8.GetByteCount(path) <= LongestPath)
            {
                return;
            }

            Linux.Require();
            var directory = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            _directory = Linux.open(directory, Linux.PathOnly | Linux.Directory | Linux.CloseOnExec, 0);
            if (_directory.IsInvalid)
            {
                // As for a short path: no directory means that nobody listens.
                throw new SocketException((int)SocketError.AddressNotAvailable, $"cannot reach {path}");
            }

            Path = $"/proc/self/fd/{_directory.DangerousGetHandle()}/{System.IO.Path.GetFileName(path)}";
            if (Encoding.UTF8.GetByteCount(Path) > LongestPath)
            {
                Dispose();
                throw new IOException($"the file name of {path} is too long for a socket");
            }
        }

        public string Path { get; }

        public void Dispose() => _directory?.Dispose();
    }
}
