using System.Globalization;

namespace Berth.Platform;

/// <summary>Lets a process stand back behind all others when the processor is wanted.</summary>
public static class ProcessPriority
{
    private const int OfProcess = 0;
    private const int OfGroup = 1;
    private const int Lowest = 19;

    /// <summary>
    /// Gives a process the lowest priority: with its group when it leads one, and with its process session where the
    /// kernel shares out the processor among these (autogroups, sched(7)). It cannot be taken back. A process that is gone
    /// or not ours stays as it is.
    /// </summary>
    public static void Lower(int pid, long startTicks)
    {
        Linux.Require();
        if (ProcessTable.Read(pid) is not { } process || process.StartTicks != startTicks)
        {
            return;
        }

        _ = Linux.setpriority(process.Group == pid ? OfGroup : OfProcess, pid, Lowest);
        try
        {
            File.WriteAllText($"/proc/{pid.ToString(CultureInfo.InvariantCulture)}/autogroup", $"{Lowest}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A kernel without them, or one that was asked too often at once.
        }
    }
}
