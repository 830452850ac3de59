namespace Berth.Platform;

/// <summary>How a process ended.</summary>
public abstract record ExitStatus
{
    /// <summary>Reads the status word of waitpid(2).</summary>
    internal static ExitStatus Of(int word)
    {
        var signal = word & 0x7f;
        return signal == 0 ? new Exited((word >> 8) & 0xff) : new Signaled(signal, SignalNames.Of(signal));
    }
}

/// <summary>It ended by itself.</summary>
/// <param name="Code">0–255.</param>
public sealed record Exited(int Code) : ExitStatus;

/// <summary>A signal ended it. An exit code of 128 + number is something else: a program's own saying.</summary>
/// <param name="Name">For example "SIGKILL".</param>
public sealed record Signaled(int Number, string Name) : ExitStatus;

/// <summary>It has ended, and nobody can tell how: it was not our child, or other code took the status.</summary>
public sealed record EndedUnknown : ExitStatus;
