using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// Files that belong to the person's work, not to Berth: they get the rights that the person's umask leaves, and keep
/// the ones they have. Errors are <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> with the path in
/// their words.
/// </summary>
public static class ProjectFiles
{
    private const int NewFile = 0x1B6;      // 0666
    private const int NewDirectory = 0x1FF; // 0777
    private const int SetIdBits = 0xC00;    // 06000
    private const int AnyWrite = 0x92;      // 0222

    /// <summary>
    /// Writes a file so that after any fall there is the old or the new content, never half: a new file beside it, brought
    /// to the disk, then renamed. An existing file keeps its mode, and its owner where we may give it away.
    /// </summary>
    /// <param name="path">Absolute, without a link at its end.</param>
    /// <param name="umask">What a file that is new does not get.</param>
    /// <param name="expected">The file as the caller knows it; null: there must be none. It is looked at again just before
    /// the rename.</param>
    /// <exception cref="IOException">The file is not as expected any more, or cannot be written.</exception>
    /// <returns>The facts of the file that stands there now.</returns>
    public static FileFacts Write(string path, ReadOnlySpan<byte> content, int umask, FileFacts? expected)
    {
        Linux.Require();
        var directory = Path.GetDirectoryName(path) ?? throw new IOException($"{path} is no file");
        var old = FileStatus.Of(path, follow: false);
        if (old is { } there)
        {
            MustBeWritable(path, there);
        }

        var temporary = Path.Combine(directory, $".berth-{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = PrivateFiles.CreateNew(temporary))
            {
                RandomAccess.Write(file, content, 0);
                SetOwnerAndMode(file, old, NewFile & ~umask, path);
                if (Linux.fsync(file) != 0)
                {
                    throw SystemFailure.Last($"cannot bring {path} to the disk");
                }
            }

            PutInPlace(temporary, path, expected);
        }
        catch
        {
            _ = Linux.unlink(temporary);
            throw;
        }

        PrivateFiles.SyncDirectory(directory);
        return FileFacts.Of(path, follow: false) ?? throw new IOException($"{path} went away while it was written");
    }

    /// <summary>Makes a directory and the missing ones above it.</summary>
    /// <param name="umask">What they do not get.</param>
    public static void CreateDirectory(string path, int umask)
    {
        Linux.Require();
        if (FileStatus.Of(path) is { } there)
        {
            if (!there.IsDirectory)
            {
                throw new IOException($"{path} is no directory");
            }

            return;
        }

        var parent = Path.GetDirectoryName(path) ?? throw new IOException($"{path} cannot be made");
        CreateDirectory(parent, umask);
        if (Linux.mkdir(path, NewDirectory & ~umask) != 0)
        {
            if (Marshal.GetLastPInvokeError() != Linux.Exists)
            {
                throw SystemFailure.Last($"cannot make the directory {path}");
            }

            return;
        }

        // Our own umask may have taken more; what the directory above hands down (set-gid) stays.
        var made = FileStatus.Of(path)?.Permissions ?? 0;
        if (Linux.chmod(path, (made & SetIdBits) | (NewDirectory & ~umask)) != 0)
        {
            throw SystemFailure.Last($"cannot set the mode of {path}");
        }

        PrivateFiles.SyncDirectory(parent);
    }

    // A rename asks for the directory's rights only; but who may not write to a file must not replace it either.
    private static void MustBeWritable(string path, FileStatus file)
    {
        if (!file.IsRegular)
        {
            throw new IOException($"{path} is no regular file");
        }

        if ((file.Permissions & AnyWrite) == 0)
        {
            throw new UnauthorizedAccessException($"{path} is write-protected (mode {Convert.ToString(file.Permissions, 8)})");
        }

        using var handle = Linux.open(
            path, Linux.WriteOnly | Linux.NonBlocking | Linux.NoTerminal | Linux.NoFollow | Linux.CloseOnExec, 0);
        if (handle.IsInvalid && Marshal.GetLastPInvokeError() is not Linux.TextBusy)
        {
            throw SystemFailure.Last($"cannot write to {path}");
        }
    }

    // The gap between this look and the rename is some microseconds; rename(2) knows no condition about what it replaces.
    private static void PutInPlace(string temporary, string path, FileFacts? expected)
    {
        if (FileFacts.Of(path, follow: false) != expected)
        {
            throw new IOException($"{path} changed while it was about to be written; nothing was written");
        }

        if (Linux.rename(temporary, path) != 0)
        {
            throw SystemFailure.Last($"cannot put {path} in its place");
        }
    }

    private static void SetOwnerAndMode(SafeFileHandle file, FileStatus? old, int newMode, string path)
    {
        var mode = newMode;
        if (old is { } there)
        {
            mode = there.Permissions;
            var fresh = FileStatus.Of(file);
            if ((there.User, there.Group) != (fresh.User, fresh.Group) && Linux.fchown(file, there.User, there.Group) != 0)
            {
                // Only root can give files away. A file that is ours now must not run as its old owner's.
                _ = Linux.fchown(file, uint.MaxValue, there.Group);
                mode &= ~SetIdBits;
            }
        }

        if (Linux.fchmod(file, mode) != 0)
        {
            throw SystemFailure.Last($"cannot set the mode of {path}");
        }
    }
}
