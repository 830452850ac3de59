namespace Berth.Platform;

/// <summary>A thread that works little and must not be late.</summary>
public static unsafe class PromptThread
{
    // struct sched_attr as it first was, sched_setattr(2): size, policy, flags, nice, priority, runtime, deadline, period.
    private const int AttributeBytes = 48;
    private const int NiceAt = 16;
    private const int RuntimeAt = 24;
    private const int OfThisThread = 0;
    private const ulong ShortestSliceNs = 100_000;

    /// <summary>
    /// The calling thread gets the processor for short moments only and sooner for it, where the kernel knows such a wish
    /// (Linux 6.12 and later). It takes no privilege, and takes nothing from others.
    /// </summary>
    public static void Ask()
    {
        Linux.Require();
        var attributes = stackalloc byte[AttributeBytes];
        new Span<byte>(attributes, AttributeBytes).Clear();
        *(uint*)attributes = AttributeBytes;
        *(int*)(attributes + NiceAt) = Linux.getpriority(OfThisThread, 0);
        *(ulong*)(attributes + RuntimeAt) = ShortestSliceNs;
        _ = Linux.SetThreadSchedule(attributes);
    }
}
