using System.Diagnostics;
using Berth.Platform;

namespace Berth.Bench.Native;

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code; 128 + the signal for one that a signal ended.</param>
/// <param name="Wall">From before its start until its end was known.</param>
/// <param name="Cpu">Processor time of it and of the children it waited for.</param>
internal sealed record Ended(int Code, TimeSpan Wall, TimeSpan Cpu);

/// <summary>
/// A program that was started by posix_spawn and nothing else around it; a blocking wait sees its end as early as can
/// be.
/// </summary>
internal sealed unsafe class ProgramRun(SpawnOptions options)
{
    private const int UsageLongs = 18;

    private readonly long began = Stopwatch.GetTimestamp();

    /// <summary>Its process number.</summary>
    public int Pid { get; } = Spawn.Start(options);

    /// <summary>Starts a program and waits for its end.</summary>
    /// <exception cref="IOException">It cannot be started, or its exit code is not 0.</exception>
    public static Ended Whole(SpawnOptions options)
    {
        var ended = new ProgramRun(options).Wait();
        return ended.Code == 0 ? ended : throw new IOException(
            $"{options.File} {string.Join(' ', options.Arguments)} ended with {ended.Code}.{Said(options.Error)}");
    }

    /// <summary>Waits for its end.</summary>
    public Ended Wait()
    {
        int status;
        var usage = stackalloc long[UsageLongs];
        if (NativeCalls.wait4(Pid, &status, 0, usage) != Pid)
        {
            throw SystemFailure.Last($"cannot wait for process {Pid}");
        }

        var code = (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);

        // struct rusage begins with two struct timeval: user and system time.
        var cpu = TimeSpan.FromSeconds(usage[0] + usage[2]) + TimeSpan.FromMicroseconds(usage[1] + usage[3]);
        return new Ended(code, Stopwatch.GetElapsedTime(began), cpu);
    }

    private static string Said(string? file) =>
        file is not null && File.Exists(file) ? $" It said: {File.ReadAllText(file).TrimEnd()}" : "";
}
