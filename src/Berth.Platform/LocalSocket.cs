using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Berth.Platform;

/// <summary>The listening side of Unix stream sockets, by path; <see cref="LocalStream"/> is the other one.</summary>
public static class LocalSocket
{
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
        return Bind(path, reachable);
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
    private static unsafe Socket Bind(string path, ReachablePath reachable)
    {
        var number = Linux.socket(Linux.FamilyUnix, Linux.SocketStream | Linux.SocketCloseOnExec, 0);
        if (number < 0)
        {
            throw new SocketException(Marshal.GetLastPInvokeError());
        }

        var handle = new SafeSocketHandle(number, ownsHandle: true);
        var address = stackalloc byte[ReachablePath.AddressBytes];
        var length = reachable.Address(address);
        if (Linux.bind(handle, address, length) != 0 || Linux.listen(handle, Backlog) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw SystemFailure.For(error, $"cannot listen on {path}");
        }

        return new Socket(handle);
    }
}
