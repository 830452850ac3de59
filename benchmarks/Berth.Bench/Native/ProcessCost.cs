using System.Globalization;
using Berth.Platform;

namespace Berth.Bench.Native;

/// <summary>What a process has cost so far: processor time and memory.</summary>
internal static unsafe class ProcessCost
{
    /// <summary>Processor time of a whole process, ended threads included, to the nanosecond.</summary>
    /// <exception cref="IOException">There is no such process.</exception>
    public static TimeSpan Cpu(int pid)
    {
        int clock;
        return NativeCalls.clock_getcpuclockid(pid, &clock) == 0
            ? Read(clock) : throw new IOException($"The processor time of process {pid} cannot be read.");
    }

    /// <summary>Processor time of the calling thread.</summary>
    public static TimeSpan CpuOfThisThread() => Read(NativeCalls.ThreadCpuClock);

    /// <summary>
    /// Memory of a process in MB (10⁶ bytes): its own pages and its share of those that others use too (PSS). Other
    /// .NET programs on the machine make the share smaller.
    /// </summary>
    public static double MemoryMb(int pid) => Kilobytes($"/proc/{pid}/smaps_rollup", "Pss:") / 1000.0 * 1.024;

    private static TimeSpan Read(int clock)
    {
        var time = stackalloc long[2];
        return NativeCalls.clock_gettime(clock, time) == 0
            ? new TimeSpan((time[0] * TimeSpan.TicksPerSecond) + (time[1] / 100))
            : throw SystemFailure.Last("cannot read a processor clock");
    }

    private static long Kilobytes(string file, string field)
    {
        var text = ProcFile.Field(file, field) ?? throw new IOException($"{file} cannot be read.");
        return long.Parse(text.AsSpan(0, text.IndexOf(' ')), NumberStyles.None);
    }
}
