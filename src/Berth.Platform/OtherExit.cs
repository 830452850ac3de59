using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Berth.Platform;

/// <summary>
/// How a process ended that is not our child. Its parent takes the status; but the kernel keeps it for whoever holds a
/// pidfd (ioctl PIDFD_GET_INFO with PIDFD_INFO_EXIT, from Linux 6.15 on), and shows it in /proc/PID/stat, proc(5), until
/// the parent has taken note. Code and signal stay two things, as in waitpid(2).
/// </summary>
internal static unsafe class OtherExit
{
    // struct pidfd_info as it first was (linux/pidfd.h): the mask stands first, the status word last.
    private const int InfoBytes = 64;
    private const int StatusAt = 60;
    private const ulong WithExit = 8;
    private const nuint GetInfo = 0xC040FF0B;
    private const int StatBytes = 1024;
    private const int StatusField = 52;

    /// <summary>The status of a process that has ended; <see cref="EndedUnknown"/> when the kernel does not tell.</summary>
    public static ExitStatus Of(SafeFileHandle pidfd, int pid, long startTicks) =>
        // Between the two looks the parent may take note; then the first tells from now on.
        OfNoted(pidfd) ?? OfZombie(pid, startTicks) ?? OfNoted(pidfd) ?? new EndedUnknown();

    private static ExitStatus? OfNoted(SafeFileHandle pidfd)
    {
        var info = stackalloc byte[InfoBytes];
        new Span<byte>(info, InfoBytes).Clear();
        *(ulong*)info = WithExit;
        return Linux.ioctl(pidfd, GetInfo, info) == 0 && (*(ulong*)info & WithExit) != 0
            ? ExitStatus.Of(*(int*)(info + StatusAt))
            : null;
    }

    private static ExitStatus? OfZombie(int pid, long startTicks)
    {
        if (ProcessTable.Read(pid) is not { IsZombie: true } entry || entry.StartTicks != startTicks || !MayLookAt(pid))
        {
            return null;
        }

        Span<byte> buffer = stackalloc byte[StatBytes];
        var length = ProcFile.Read(Path(pid, "stat"), buffer);
        if (length <= 0)
        {
            return null;
        }

        // The name may hold spaces and brackets; the fields after it are numbers and one letter.
        var text = Encoding.ASCII.GetString(buffer[..length]).TrimEnd();
        var fields = text[(text.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StatusField - 3 && fields[0] is "Z" or "X"
            && int.TryParse(fields[StatusField - 3], NumberStyles.None, CultureInfo.InvariantCulture, out var word)
            ? ExitStatus.Of(word)
            : null;
    }

    // To those who may not look, stat shows a 0 in the status's place. The same question is asked before a link is read,
    // and a process that has ended has no program any more: "no such file" is said to those only who may look.
    private static bool MayLookAt(int pid)
    {
        var one = stackalloc byte[1];
        return Linux.readlink(Path(pid, "exe"), one, 1) < 0
            && Marshal.GetLastPInvokeError() == Linux.NoEntry;
    }

    private static string Path(int pid, string file) => $"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/{file}";
}
