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
public readonly partial record struct FileFacts(
    FileKind Kind, long Size, ulong Inode, ulong Device, DateTimeOffset Modified, DateTimeOffset Changed,
    UnixFileMode Mode)
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const int NoEntry = 2;
    private const int NotDirectory = 20;
    private const int EmptyPath = 0x1000;
    private const uint BasicFields = 0x7ff;
    private const int OpenFlags = 0x800 | 0x100 | 0x80000;

    /// <summary>The facts of a path, or null when there is nothing (or nothing reachable) at it.</summary>
    /// <param name="follow">Look through a link at what it names; else at the link itself.</param>
    public static FileFacts? Of(string path, bool follow = true) =>
        path.Length == 0 || statx(CurrentDirectory, path, follow ? 0 : NoFollow, BasicFields, out var found) != 0
            ? null
            : From(found);

    /// <summary>
    /// Whether there is surely nothing at a path: not even a link to nothing, and no directory on the way that may not
    /// be searched.
    /// </summary>
    public static bool IsMissing(string path) =>
        statx(CurrentDirectory, path, NoFollow, BasicFields, out _) != 0
        && Marshal.GetLastPInvokeError() is NoEntry or NotDirectory;

    /// <summary>
    /// Opens a regular file for reading. Anything else is refused without waiting: a pipe without a writer would
    /// block the caller for ever, and a device has no end.
    /// </summary>
    /// <exception cref="IOException">There is none, it cannot be opened, or it is no regular file.</exception>
    public static SafeFileHandle OpenRegular(string path, out FileFacts facts)
    {
        // O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, as Linux numbers them on x64 and arm64.
        var handle = open(path, OpenFlags);
        if (handle.IsInvalid)
        {
            var why = Marshal.GetLastPInvokeErrorMessage();
            handle.Dispose();
            throw new IOException($"cannot be opened: {why}");
        }

        if (statx((int)handle.DangerousGetHandle(), "", EmptyPath, BasicFields, out var found) != 0)
        {
            var why = Marshal.GetLastPInvokeErrorMessage();
            handle.Dispose();
            throw new IOException($"cannot be examined: {why}");
        }

        facts = From(found);
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
        using var handle = OpenRegular(path, out facts);
        if (facts.Size > limit)
        {
            throw new IOException($"is larger than {limit} bytes");
        }

        var bytes = new byte[Math.Min(facts.Size, limit) + 1];
        var length = 0;
        while (true)
        {
            var read = RandomAccess.Read(handle, bytes.AsSpan(length), length);
            if (read == 0)
            {
                return bytes[..length];
            }

            length += read;
            if (length > limit)
            {
                throw new IOException($"is larger than {limit} bytes");
            }

            if (length == bytes.Length)
            {
                Array.Resize(ref bytes, Math.Min(bytes.Length * 2, limit + 1));
            }
        }
    }

    private static FileFacts From(in Statx found) => new(
        (found.Mode & 0xf000) switch
        {
            0x8000 => FileKind.Regular,
            0x4000 => FileKind.Directory,
            0xa000 => FileKind.Link,
            _ => FileKind.Special,
        },
        (long)found.Size,
        found.Inode,
        ((ulong)found.DeviceMajor << 32) | found.DeviceMinor,
        At(found.Modified),
        At(found.Changed),
        (UnixFileMode)(found.Mode & 0xfff));

    /// <summary>A file system may hold any time; one outside of what .NET can say becomes the nearest it can.</summary>
    private static DateTimeOffset At(in StatxTime time)
    {
        var seconds = Math.Clamp(time.Seconds, -62_135_596_800, 253_402_300_799);
        return DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(time.Nanoseconds / 100);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int statx(int directory, string path, int flags, uint mask, out Statx found);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct StatxTime
    {
        public long Seconds;
        public uint Nanoseconds;
        private readonly int reserved;
    }

    /// <summary>struct statx of linux/stat.h: the same on every architecture, 256 bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Statx
    {
        public uint Mask;
        public uint BlockSize;
        public ulong Attributes;
        public uint Links;
        public uint User;
        public uint Group;
        public ushort Mode;
        private readonly ushort padding;
        public ulong Inode;
        public ulong Size;
        public ulong Blocks;
        public ulong AttributesMask;
        public StatxTime Accessed;
        public StatxTime Born;
        public StatxTime Changed;
        public StatxTime Modified;
        public uint RealDeviceMajor;
        public uint RealDeviceMinor;
        public uint DeviceMajor;
        public uint DeviceMinor;
    }
}
