using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// A blocking connection to a Unix stream socket. It is made of system calls alone: System.Net.Sockets costs a program
/// 7 ms before its first byte, because it makes ready for waiting in ways that a client does not use.
/// </summary>
public sealed unsafe class LocalStream : Stream
{
    private readonly SafeFileHandle _socket;

    private LocalStream(SafeFileHandle socket) => _socket = socket;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>The user whose process listened, as the kernel saw it when the connection was made.</summary>
    public uint PeerUserId => (uint)PeerCredentials(1);

    /// <summary>The process that listened, as the kernel saw it when the connection was made.</summary>
    public int PeerProcessId => PeerCredentials(0);

    /// <summary>Connects to the listener at a path; null when nobody listens there.</summary>
    /// <exception cref="UnauthorizedAccessException">The path is closed to this user.</exception>
    /// <exception cref="IOException">The system gives no connection.</exception>
    public static LocalStream? TryConnect(string path)
    {
        Linux.Require();
        ReachablePath reachable;
        try
        {
            reachable = new ReachablePath(path);
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }

        using (reachable)
        {
            var address = stackalloc byte[ReachablePath.AddressBytes];
            var length = reachable.Address(address);
            var number = Linux.socket(Linux.FamilyUnix, Linux.SocketStream | Linux.SocketCloseOnExec, 0);
            if (number < 0)
            {
                throw SystemFailure.Last($"cannot connect to {path}");
            }

            var socket = new SafeFileHandle(number, ownsHandle: true);
            int error;
            do
            {
                error = Linux.connect(socket, address, length) == 0 ? 0 : Marshal.GetLastPInvokeError();
            }
            while (error == Linux.Interrupted);

            if (error == 0)
            {
                return new LocalStream(socket);
            }

            socket.Dispose();
            return error is Linux.NoEntry or Linux.NotDirectory or Linux.ConnectionRefused
                ? null : throw SystemFailure.For(error, $"cannot connect to {path}");
        }
    }

    /// <summary>Bounds every read from now on; null for no bound.</summary>
    public void SetPatience(TimeSpan? longest)
    {
        // struct timeval: seconds, microseconds; zero for ever.
        var time = stackalloc long[2];
        time[0] = (long)(longest?.TotalSeconds ?? 0);
        time[1] = (longest?.Microseconds ?? 0) + ((longest?.Milliseconds ?? 0) * 1000);
        if (Linux.setsockopt(_socket, Linux.LevelSocket, Linux.ReceiveTimeout, time, 2 * sizeof(long)) != 0)
        {
            throw SystemFailure.Last("cannot bound the wait for an answer");
        }
    }

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">Nothing came in the time that <see cref="SetPatience"/> gives.</exception>
    public override int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var count = Linux.read(_socket, start, buffer.Length);
                if (count >= 0)
                {
                    return (int)count;
                }

                switch (Marshal.GetLastPInvokeError())
                {
                    case Linux.Interrupted:
                        break;
                    case Linux.Again:
                        throw new TimeoutException("Nothing came in time.");
                    default:
                        throw SystemFailure.Last("the connection broke");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (var done = 0; done < buffer.Length;)
            {
                var count = Linux.send(_socket, start + done, buffer.Length - done, Linux.NoSignal);
                if (count >= 0)
                {
                    done += (int)count;
                }
                else if (Marshal.GetLastPInvokeError() != Linux.Interrupted)
                {
                    throw SystemFailure.Last("the connection broke");
                }
            }
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        // Every write is at the other side already.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Closes the connection; a read on another thread meets its end.</summary>
    protected override void Dispose(bool disposing)
    {
        // Closing alone would leave a read that waits on another thread waiting.
        if (disposing && !_socket.IsClosed)
        {
            _ = Linux.shutdown(_socket, Linux.ShutdownBoth);
            _socket.Dispose();
        }

        base.Dispose(disposing);
    }

    // struct ucred: pid, uid, gid, each 32 bits.
    private int PeerCredentials(int field)
    {
        var credentials = stackalloc int[3];
        var length = 3 * sizeof(int);
        return Linux.getsockopt(_socket, Linux.LevelSocket, Linux.PeerCredentials, credentials, &length) == 0
            ? credentials[field] : throw SystemFailure.Last("cannot see who is at the other end");
    }
}
