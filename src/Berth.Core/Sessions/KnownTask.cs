using Berth.Core.Tasks;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>What a session's log says of one task.</summary>
/// <param name="At">When it started.</param>
/// <param name="Ended">Null while it has no end.</param>
internal sealed record KnownTask(TaskStarted Started, DateTimeOffset At, TaskEnded? Ended = null)
{
    /// <summary>The task as the log alone knows it.</summary>
    public ITask ToTask(string session) => new PastTask(
        session, Started, At, Ended ?? new TaskEnded(Started.Task, TaskStates.Unknown, null, null, [], 0, 0, null));
}
