namespace Berth.Platform;

/// <summary>One process as the system's table shows it.</summary>
/// <param name="Group">The process group it is in.</param>
/// <param name="Session">The process session it is in (setsid), not one of Berth's sessions.</param>
/// <param name="State">As in ps: R, S, D, T, Z …</param>
/// <param name="StartTicks">Clock ticks since the machine's start; with the pid it names one process.</param>
public sealed record ProcessEntry(int Pid, int ParentPid, int Group, int Session, char State, long StartTicks)
{
    /// <summary>It has ended and only waits for its parent to take note.</summary>
    public bool IsZombie => State is 'Z' or 'X';
}
