using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>What the system says about a file. From statx(2), whose layout is the same on every architecture.</summary>
/// <param name="Mode">Kind and permission bits, as st_mode.</param>
internal readonly record struct FileStatus(int Mode, uint User, uint Group, long Bytes)
{
    private const uint BasicFields = 0x7ff;
    private const int ResultBytes = 256;
    private const int KindMask = 0xF000;

    public bool IsDirectory => (Mode & KindMask) == 0x4000;

    public bool IsRegular => (Mode & KindMask) == 0x8000;

    public bool IsSocket => (Mode & KindMask) == 0xC000;

    public bool IsLink => (Mode & KindMask) == 0xA000;

    /// <summary>A directory in which everybody may write and nobody may remove another's file, as /tmp.</summary>
    public bool IsShared => (Mode & 0x200) != 0;

    /// <summary>Permission bits, with set-uid, set-gid and sticky.</summary>
    public int Permissions => Mode & 0xFFF;

    /// <summary>Of the file a path leads to; null when there is none (or it cannot be reached).</summary>
    public static FileStatus? Of(string path, bool follow = true) =>
        Read(Linux.CurrentDirectory, path, follow ? 0 : Linux.NoFollowAt);

    /// <summary>Of an open file.</summary>
    public static FileStatus Of(SafeFileHandle file) =>
        Read((int)file.DangerousGetHandle(), "", Linux.EmptyPath)
        ?? throw SystemFailure.Last("cannot look at an open file");

    private static unsafe FileStatus? Read(int directory, string path, int flags)
    {
        var result = stackalloc byte[ResultBytes];
        if (Linux.statx(directory, path, flags, BasicFields, result) != 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return error is Linux.NoEntry or Linux.NotDirectory or Linux.NoAccess or Linux.Loop
                ? null
                : throw SystemFailure.For(error, $"cannot look at {path}");
        }

        // struct statx: uid at 20, gid at 24, mode (16 bit) at 28, size at 40.
        var bytes = new ReadOnlySpan<byte>(result, ResultBytes);
        return new FileStatus(
            MemoryMarshal.Read<ushort>(bytes[28..]),
            MemoryMarshal.Read<uint>(bytes[20..]),
            MemoryMarshal.Read<uint>(bytes[24..]),
            MemoryMarshal.Read<long>(bytes[40..]));
    }
}
