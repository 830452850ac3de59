namespace Berth.Core.Tools;

/// <summary>How far a session has read a task's output, and when it last asked.</summary>
internal sealed class TaskReading
{
    private long askedAt;

    /// <summary>Byte offset of what has not been read.</summary>
    public long Next { get; private set; }

    /// <summary>Whether the last question is no longer ago than this.</summary>
    public bool AskedWithin(TimeSpan time, TimeProvider clock) => askedAt != 0 && clock.GetElapsedTime(askedAt) < time;

    /// <summary>All up to an offset has been read now.</summary>
    public void Advance(long next, TimeProvider clock)
    {
        Next = next;
        askedAt = clock.GetTimestamp();
    }
}
