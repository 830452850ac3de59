namespace Berth.Core.Tasks;

/// <summary>
/// The states of a task: one while it runs, and the seven outcomes, which are seven different things.
/// </summary>
public static class TaskStates
{
    /// <summary>It runs.</summary>
    public const string Running = "running";

    /// <summary>It ended by itself, with an exit code.</summary>
    public const string Exited = "exited";

    /// <summary>A signal ended it that did not come from here.</summary>
    public const string Signaled = "signaled";

    /// <summary>Its own time-out ended it.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>A person stopped it.</summary>
    public const string StoppedByUser = "stopped_by_user";

    /// <summary>The agent stopped it.</summary>
    public const string StoppedByAgent = "stopped_by_agent";

    /// <summary>It wrote more than a task may.</summary>
    public const string OutputLimit = "output_limit";

    /// <summary>It ended while no daemon was there to see how, or on a kernel that tells its parent only.</summary>
    public const string Unknown = "unknown";
}
