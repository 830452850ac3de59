using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// A lock between processes: whoever holds it is the only one, and a process that dies, however it dies, no longer
/// holds it (flock(2)). The file stays when the lock is let go; removing it would let two processes hold "the" lock.
/// </summary>
public sealed class FileLock : IDisposable
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(25);
    private readonly SafeFileHandle _file;

    private FileLock(SafeFileHandle file) => _file = file;

    /// <summary>Takes the lock, or returns null when another holder has it (also one in this process).</summary>
    /// <param name="path">The lock's file, made 0600 if it is missing.</param>
    /// <exception cref="IOException">The file cannot be opened or the file system knows no locks.</exception>
    public static FileLock? TryTake(string path)
    {
        var file = PrivateFiles.OpenReadWrite(path);
        int error;
        do
        {
            if (Linux.flock(file, Linux.LockExclusive | Linux.LockNonBlocking) == 0)
            {
                return new FileLock(file);
            }

            error = Marshal.GetLastPInvokeError();
        }
        while (error == Linux.Interrupted);

        file.Dispose();
        return error == Linux.Again ? null : throw SystemFailure.For(error, $"cannot lock {path}");
    }

    /// <summary>
    /// Takes the lock as soon as it is free, or returns null when that took longer than the time given.
    /// </summary>
    public static async Task<FileLock?> TakeAsync(
        string path, TimeSpan longest, TimeProvider time, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        for (var wait = FirstWait; ; wait = wait * 2 < LongestWait ? wait * 2 : LongestWait)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            var left = longest - time.GetElapsedTime(begun);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(wait < left ? wait : left, time, cancellation);
        }
    }

    /// <summary>Lets the lock go.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            // Said, not only closed: a process that is just being started holds a copy of the descriptor.
            _ = Linux.flock(_file, Linux.Unlock);
            _file.Dispose();
        }
    }
}
