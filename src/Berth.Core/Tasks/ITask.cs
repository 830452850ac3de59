using Berth.Protocol.Events;

namespace Berth.Core.Tasks;

/// <summary>
/// What an agent, or a person with <c>!</c>, started and may wait for: a shell command, or a group of sub-agents. It has
/// a number, an output in a file and exactly one outcome, whether or not anybody waits for it.
/// </summary>
public interface ITask
{
    /// <summary>The session that it belongs to.</summary>
    string Session { get; }

    /// <summary>The event that tells of its start, to be logged.</summary>
    TaskStarted Started { get; }

    /// <summary>When it started (UTC).</summary>
    DateTimeOffset StartedAt { get; }

    /// <summary>Its number.</summary>
    long Number => Started.Task;

    /// <summary>Its one outcome, to be logged. Cancelled when the daemon leaves and lets it run on.</summary>
    Task<TaskEnded> Ended { get; }

    /// <summary>Whether it runs. A task that ended may still have <see cref="Survivors"/>.</summary>
    bool IsLive => !Ended.IsCompleted;

    /// <summary>Completes when nothing more is to be done for it: it has ended and nothing of it lives.</summary>
    Task Gone { get; }

    /// <summary>Pids of its processes that live now, without the leader; what counts once it has ended.</summary>
    IReadOnlyList<int> Survivors();

    /// <summary>From now on its time-out does not end it.</summary>
    void DropTimeout();

    /// <summary>
    /// Ends everything that belongs to it. May be called any number of times, also when only survivors are left; the
    /// outcome is that of the first reason. Completes when it is done; nobody needs to wait for it.
    /// </summary>
    /// <param name="by">"user" or "agent".</param>
    Task StopAsync(string by);
}
