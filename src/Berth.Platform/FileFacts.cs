using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>What a path names.</summary>
public enum FileKind
{
    /// <summary>A regular file.</summary>
    Regular,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link; seen only where links are not followed.</summary>
    Link,

    /// <summary>A pipe, a socket or a device: nothing that may be read as a file.</summary>
    Special,
}

/// <summary>
/// What statx(2) says about a file, as far as two looks at it must be told apart: equal facts mean that nothing wrote
/// to it between them (within the clock tick of the file system).
/// </summary>
/// <param name="Changed">ctime: the last change of content, name, owner or mode.</param>
/// <param name="Mode">The permission bits.</param>
public readonly record struct FileFacts(
    FileKind Kind, long Size, ulong Inode, ulong Device, DateTimeOffset Modified, DateTimeOffset Changed,
    UnixFileMode Mode)
{
    private const UnixFileMode OfOthers = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const uint BasicFields = 0x7ff;
    private const int ResultBytes = 256;

    /// <summary>Whether its mode gives anything to anybody but the owner.</summary>
    public bool IsOpenToOthers => (Mode & OfOthers) != UnixFileMode.None;

    /// <summary>The facts of a path, or null when there is nothing (or nothing reachable) at it.</summary>
    /// <param name="follow">Look through a link at what it names; else at the link itself.</param>
    public static FileFacts? Of(string path, bool follow = true) =>
        path.Length == 0 ? null : Read(Linux.CurrentDirectory, path, follow ? 0 : Linux.NoFollowAt);

    /// <summary>
    /// Whether there is surely nothing at a path: not even a link to nothing, and no directory on the way that may not
    /// be searched.
    /// </summary>
    public static bool IsMissing(string path) =>
        Read(Linux.CurrentDirectory, path, Linux.NoFollowAt) is null
        && Marshal.GetLastPInvokeError() is Linux.NoEntry or Linux.NotDirectory;

    /// <summary>
    /// Opens a regular file for reading. Anything else is refused without waiting: a pipe without a writer would
    /// block the caller for ever, and a device has no end.
    /// </summary>
    /// <param name="follow">A symbolic link at the path's end is followed; else it is refused.</param>
    /// <exception cref="IOException">There is none, it cannot be opened, or it is no regular file.</exception>
    public static SafeFileHandle OpenRegular(string path, out FileFacts facts, bool follow = true)
    {
        Linux.Require();
        var handle = Linux.open(
            path, Linux.ReadOnly | Linux.NonBlocking | Linux.NoTerminal | Linux.CloseOnExec | (follow ? 0 : Linux.NoFollow),
            mode: 0);
        var found = handle.IsInvalid ? null : Read((int)handle.DangerousGetHandle(), "", Linux.EmptyPath);
        if (found is null)
        {
            var why = Marshal.GetLastPInvokeErrorMessage();
            handle.Dispose();
            throw new IOException($"cannot be opened: {why}");
        }

        facts = found.Value;
        if (facts.Kind == FileKind.Regular)
        {
            return handle;
        }

        handle.Dispose();
        throw new IOException(facts.Kind == FileKind.Directory ? "is a directory" : "is no regular file");
    }

    /// <summary>Reads a regular file whole.</summary>
    /// <param name="limit">Bytes; a larger file is refused, also one that grows while it is read.</param>
    /// <param name="facts">The facts before the first byte was read.</param>
    /// <exception cref="IOException">There is none, it is no regular file, too large, or cannot be read.</exception>
    public static byte[] ReadRegular(string path, int limit, out FileFacts facts)
    {
        var bytes = ReadStart(path, limit + 1, out facts);
        return bytes.Length <= limit ? bytes : throw new IOException($"is larger than {limit} bytes");
    }

    /// <summary>Reads the beginning of a regular file.</summary>
    /// <param name="most">Bytes; the rest of a larger file is left.</param>
    /// <param name="facts">The facts before the first byte was read.</param>
    /// <exception cref="IOException">There is none, it is no regular file, or it cannot be read.</exception>
    public static byte[] ReadStart(string path, int most, out FileFacts facts)
    {
        using var handle = OpenRegular(path, out facts);

        // One byte more than the size it claims: the files of /proc claim none, and a file may be growing.
        var bytes = new byte[(int)Math.Min(Math.Max(facts.Size, 0) + 1, most)];
        var length = 0;
        while (true)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(length), length);
            length += read;
            if (read == 0 || length == most)
            {
                return bytes[..length];
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, (int)Math.Min(bytes.Length * 2L, most));
            }
        }
    }

    private static unsafe FileFacts? Read(int directory, string path, int flags)
    {
        Linux.Require();
        var result = stackalloc byte[ResultBytes];
        if (Linux.statx(directory, path, flags, BasicFields, result) != 0)
        {
            return null;
        }

        // struct statx: mode (16 bit) at 28, inode 32, size 40, ctime 96, mtime 112, device 136 (two of 32 bit).
        var bytes = new ReadOnlySpan<byte>(result, ResultBytes);
        var mode = MemoryMarshal.Read<ushort>(bytes[28..]);
        return new FileFacts(
            (mode & 0xf000) switch
            {
                0x8000 => FileKind.Regular,
                0x4000 => FileKind.Directory,
                0xa000 => FileKind.Link,
                _ => FileKind.Special,
            },
            MemoryMarshal.Read<long>(bytes[40..]),
            MemoryMarshal.Read<ulong>(bytes[32..]),
            MemoryMarshal.Read<ulong>(bytes[136..]),
            Time(bytes[112..]),
            Time(bytes[96..]),
            (UnixFileMode)(mode & 0xfff));
    }

    /// <summary>A file system may hold any time; one outside of what .NET can say becomes the nearest it can.</summary>
    private static DateTimeOffset Time(ReadOnlySpan<byte> time)
    {
        var seconds = Math.Clamp(MemoryMarshal.Read<long>(time), -62_135_596_800, 253_402_300_799);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(MemoryMarshal.Read<uint>(time[8..]) / 100);
    }
}
