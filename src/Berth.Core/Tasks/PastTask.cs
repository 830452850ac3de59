using Berth.Protocol.Events;

namespace Berth.Core.Tasks;

/// <summary>A task that has ended and of which nothing lives: all that is known of it is what the log says.</summary>
internal sealed class PastTask(string session, TaskStarted started, DateTimeOffset at, TaskEnded ended) : ITask
{
    /// <inheritdoc/>
    public string Session => session;

    /// <inheritdoc/>
    public TaskStarted Started => started;

    /// <inheritdoc/>
    public DateTimeOffset StartedAt => at;

    /// <inheritdoc/>
    public Task<TaskEnded> Ended { get; } = Task.FromResult(ended);

    /// <inheritdoc/>
    public Task Gone => Task.CompletedTask;

    /// <inheritdoc/>
    public IReadOnlyList<int> Survivors() => [];

    /// <inheritdoc/>
    public void DropTimeout()
    {
    }

    /// <inheritdoc/>
    public Task StopAsync(string by) => Task.CompletedTask;
}
