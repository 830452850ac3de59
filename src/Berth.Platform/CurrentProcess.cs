using System.Globalization;

namespace Berth.Platform;

/// <summary>What this process is to the system.</summary>
public static class CurrentProcess
{
    private const int DefaultUmask = 0x12; // 022

    /// <summary>The user in whose name it acts.</summary>
    public static uint UserId
    {
        get
        {
            Linux.Require();
            return Linux.geteuid();
        }
    }

    /// <summary>Its number.</summary>
    public static int Id => Environment.ProcessId;

    /// <summary>
    /// The permission bits that files it makes do not get. Read without changing it (umask(2) can only swap, and
    /// another thread may make a file in between).
    /// </summary>
    public static int Umask =>
        ProcFile.Field("/proc/self/status", "Umask:") is { } text ? Convert.ToInt32(text, 8) : DefaultUmask;

    /// <summary>Changes with every start of the machine: without it a stored pid means nothing.</summary>
    public static string BootId => ProcFile.Text("/proc/sys/kernel/random/boot_id")?.Trim() ?? "";

    /// <summary>
    /// Memory that it costs the machine, in bytes: its own pages and its share of those that others use too (PSS);
    /// where the system does not tell that, all pages it has (RSS).
    /// </summary>
    public static long MemoryBytes =>
        (Kilobytes("/proc/self/smaps_rollup", "Pss:") ?? Kilobytes("/proc/self/status", "VmRSS:") ?? 0) * 1024;

    /// <summary>When a process started, in clock ticks since the machine's start; 0 when there is no such process. With
    /// its number this names one process for as long as the machine runs.</summary>
    public static long StartTicks(int pid) => ProcessTable.Read(pid)?.StartTicks ?? 0;

    private static long? Kilobytes(string path, string field) =>
        ProcFile.Field(path, field) is { } text &&
        long.TryParse(text.AsSpan(0, Math.Max(0, text.IndexOf(' '))), NumberStyles.None, null, out var value)
            ? value
            : null;
}
