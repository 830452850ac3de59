using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// Files and directories that belong to this user alone: directories 0700, files 0600, whatever the umask; never
/// inherited by a child; no symbolic link is followed at the end of a file's path. Errors are
/// <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/> with the path in their words.
/// </summary>
public static class PrivateFiles
{
    private const int FileMode = 0x180;      // 0600
    private const int DirectoryMode = 0x1C0; // 0700
    private const int OthersBits = 0x3F;     // 0077

    /// <summary>
    /// Makes a directory, and the missing ones above it, for this user alone; those that were made are on the disk. One
    /// that is there and is ours is closed to others.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">It is somebody else's, or meant for all (as /tmp).</exception>
    public static void CreateDirectory(string path)
    {
        Linux.Require();
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (FileStatus.Of(full) is null)
        {
            var parent = Path.GetDirectoryName(full);
            if (parent is not null && FileStatus.Of(parent) is null)
            {
                CreateDirectory(parent);
            }

            // Another process may make it at the same moment: what counts is what stands there afterwards.
            if (Linux.mkdir(full, DirectoryMode) != 0 && Marshal.GetLastPInvokeError() != Linux.Exists)
            {
                throw SystemFailure.Last($"cannot make the directory {full}");
            }

            SyncWhereReadable(parent ?? "/");
        }

        var status = FileStatus.Of(full) ?? throw new IOException($"cannot reach the directory {full}");
        if (!status.IsDirectory)
        {
            throw new IOException($"{full} is no directory");
        }

        if (status.User != CurrentProcess.UserId)
        {
            throw new UnauthorizedAccessException($"the directory {full} belongs to another user");
        }

        if (status.IsShared || full == "/")
        {
            throw new UnauthorizedAccessException($"the directory {full} is meant for all users; choose one below it");
        }

        if (status.Permissions != DirectoryMode && Linux.chmod(full, DirectoryMode) != 0)
        {
            throw SystemFailure.Last($"cannot close the directory {full} to others");
        }
    }

    /// <summary>Opens a file so that every write goes to its end; makes it if it is missing.</summary>
    public static SafeFileHandle OpenAppend(string path) =>
        Open(path, Linux.WriteOnly | Linux.Append | Linux.Create);

    /// <summary>Opens an existing file for reading.</summary>
    public static SafeFileHandle OpenRead(string path) => Open(path, Linux.ReadOnly);

    /// <summary>Opens a file for reading and writing; makes it if it is missing.</summary>
    public static SafeFileHandle OpenReadWrite(string path) => Open(path, Linux.ReadWrite | Linux.Create);

    /// <summary>Makes a file that must not exist yet.</summary>
    /// <exception cref="IOException">It exists.</exception>
    public static SafeFileHandle CreateNew(string path) =>
        Open(path, Linux.ReadWrite | Linux.Create | Linux.Exclusive);

    /// <summary>Writes bytes at a place in a file.</summary>
    /// <exception cref="IOException">Not all of them were written: the disk is full, or a file may not grow so large.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
    {
        try
        {
            RandomAccess.Write(file, bytes, offset);
        }
        catch (ArgumentException e)
        {
            // The runtime's word for EFBIG: a limit on the size of files.
            throw new IOException("a file may not grow so large", e);
        }
    }

    /// <summary>Waits until a file's content, and what is needed to find it, is on the disk (fdatasync).</summary>
    public static void SyncData(SafeFileHandle file)
    {
        if (Linux.fdatasync(file) != 0)
        {
            throw SystemFailure.Last("cannot bring a file to the disk");
        }
    }

    /// <summary>Waits until a directory's entries are on the disk: files made, renamed or removed in it.</summary>
    public static void SyncDirectory(string path)
    {
        Linux.Require();
        using var directory = Linux.open(path, Linux.ReadOnly | Linux.Directory | Linux.CloseOnExec, 0);
        if (directory.IsInvalid)
        {
            throw SystemFailure.Last($"cannot open the directory {path}");
        }

        // Some file systems do not sync directories and say so with EINVAL: there is nothing to wait for.
        if (Linux.fsync(directory) != 0 && Marshal.GetLastPInvokeError() != Linux.Invalid)
        {
            throw SystemFailure.Last($"cannot bring the directory {path} to the disk");
        }
    }

    /// <summary>
    /// Replaces a file's content so that after any fall there is the old or the new, never half: a new file beside it,
    /// brought to the disk, renamed over it. Mode and owner of an existing file are kept; a symbolic link stays and its
    /// target is replaced.
    /// </summary>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> content)
    {
        Linux.Require();
        var target = FileStatus.Of(path, follow: false) is { IsLink: true }
            ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName
            : Path.GetFullPath(path);
        var directory = Path.GetDirectoryName(target) ?? throw new IOException($"{path} is no file");
        var temporary = Path.Combine(directory, $".{Path.GetFileName(target)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var file = CreateNew(temporary))
            {
                if (FileStatus.Of(target) is { } old)
                {
                    KeepOwnerAndMode(file, old, target);
                }

                Write(file, content, 0);
                if (Linux.fsync(file) != 0)
                {
                    throw SystemFailure.Last($"cannot bring {target} to the disk");
                }
            }

            if (Linux.rename(temporary, target) != 0)
            {
                throw SystemFailure.Last($"cannot replace {target}");
            }
        }
        catch
        {
            _ = Linux.unlink(temporary);
            throw;
        }

        SyncDirectory(directory);
    }

    /// <summary>Gives an existing file a second name. The cost does not depend on its size.</summary>
    /// <exception cref="IOException">The second name is taken, or lies on another file system.</exception>
    public static void HardLink(string existing, string link)
    {
        Linux.Require();
        if (Linux.link(existing, link) != 0)
        {
            throw SystemFailure.Last($"cannot link {link} to {existing}");
        }
    }

    // A directory above ours may be one that is entered and not read.
    private static void SyncWhereReadable(string directory)
    {
        try
        {
            SyncDirectory(directory);
        }
        catch (UnauthorizedAccessException)
        {
            // What is made in ours is brought to the disk with it.
        }
    }

    internal static SafeFileHandle Open(string path, int flags)
    {
        Linux.Require();
        SafeFileHandle file;
        do
        {
            file = Linux.open(path, flags | Linux.CloseOnExec | Linux.NoFollow, FileMode);
        }
        while (file.IsInvalid && Marshal.GetLastPInvokeError() == Linux.Interrupted);

        if (file.IsInvalid)
        {
            var error = Marshal.GetLastPInvokeError();
            throw error == Linux.Loop
                ? new UnauthorizedAccessException($"{path} is a symbolic link, which is not followed here")
                : SystemFailure.For(error, $"cannot open {path}");
        }

        try
        {
            Close(file, path, made: (flags & Linux.Create) != 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    // A file that was there with wider rights, or made under an umask that took the owner's, becomes 0600 again.
    private static void Close(SafeFileHandle file, string path, bool made)
    {
        var status = FileStatus.Of(file);
        if (!status.IsRegular)
        {
            throw new IOException($"{path} is no regular file");
        }

        var wrong = (status.Permissions & OthersBits) != 0 || (made && status.Permissions != FileMode);
        if (wrong && status.User == CurrentProcess.UserId && Linux.fchmod(file, FileMode) != 0)
        {
            throw SystemFailure.Last($"cannot close {path} to others");
        }
    }

    private static void KeepOwnerAndMode(SafeFileHandle file, FileStatus old, string target)
    {
        var fresh = FileStatus.Of(file);
        if ((old.User, old.Group) != (fresh.User, fresh.Group) && Linux.fchown(file, old.User, old.Group) != 0)
        {
            // Only root can give files away. The new file is then ours, with the mode others had on the old one.
            _ = Linux.fchown(file, uint.MaxValue, old.Group);
        }

        if (Linux.fchmod(file, old.Permissions) != 0)
        {
            throw SystemFailure.Last($"cannot keep the mode of {target}");
        }
    }
}
