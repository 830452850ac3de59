using Berth.Core.Tasks;

namespace Berth.Core.Tools;

/// <summary>How far a session has read a task's output, and when it last asked about the task.</summary>
internal sealed class TaskReading
{
    // Asking again at once about a task that has nothing new is answered when it has, or after this time.
    private static readonly TimeSpan AskedAgain = TimeSpan.FromSeconds(5);

    private long seen;
    private long askedAt;

    /// <summary>Byte offset of what has not been read.</summary>
    public long Next { get; private set; }

    /// <summary>All up to an offset has been read.</summary>
    public void Advance(long next) => Next = next;

    /// <summary>The model is told how the task is now.</summary>
    public void Told(ITask task, TimeProvider time) =>
        (seen, askedAt) = (Bytes(task), time.GetTimestamp());

    /// <summary>
    /// The model asks again so soon that it would only hear the same: the task runs and has written nothing since. There
    /// is nothing to wait for else.
    /// </summary>
    public bool IsTooSoon(ITask task, TimeProvider time) =>
        askedAt != 0 && time.GetElapsedTime(askedAt) < AskedAgain && task.IsLive && Bytes(task) <= seen;

    private static long Bytes(ITask task) => TaskOutput.Of(task.Started.OutputFile).Bytes;
}
