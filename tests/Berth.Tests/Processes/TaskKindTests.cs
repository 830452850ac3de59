using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Berth.Tests.Processes;

/// <summary>What is no shell command is a task all the same: one number, one list, one stop for all kinds.</summary>
public sealed class TaskKindTests : IDisposable
{
    private readonly Tasks _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public async Task A_task_of_another_kind_is_numbered_counted_found_and_stopped_like_a_command()
    {
        var command = _tasks.Start("sleep 60");
        var other = Start((number, path, file) => new Errand(number, path, file));

        Assert.Equal(command.Number + 1, other.Number);
        Assert.Equal([command, other], _tasks.Table.Of(Tasks.Session));
        Assert.Same(other, _tasks.Table.Find(Tasks.Session, other.Number));
        Assert.Equal(2, _tasks.Table.LiveCount(Tasks.Session));
        await _tasks.Table.StopAllAsync(Tasks.Session, "user");
        Assert.All(await Task.WhenAll(command.Ended, other.Ended), e => Assert.Equal("stopped_by_user", e.State));
        Assert.Equal(0, _tasks.Table.LiveCount(Tasks.Session));
    }

    [Fact]
    public void One_that_cannot_begin_leaves_neither_a_task_nor_a_file()
    {
        Assert.Throws<InvalidOperationException>(() => Start((_, _, _) => throw new InvalidOperationException("no")));

        Assert.Empty(_tasks.Table.Of(Tasks.Session));
        Assert.Empty(Directory.GetFiles(_tasks.Scratch.Path(Tasks.Session, "tasks")));
    }

    [Fact]
    public async Task Tasks_of_a_session_that_works_for_another_are_in_its_reach_and_in_nobody_elses()
    {
        var task = _tasks.Start("sleep 60", "6b63bf5c");
        Assert.Empty(_tasks.Table.OfChildren(Tasks.Session));
        _tasks.Table.Reach("6b63bf5c", Tasks.Session);

        Assert.Equal([task], _tasks.Table.OfChildren(Tasks.Session));
        Assert.Empty(_tasks.Table.OfChildren("6b63bf5c"));
        Assert.Empty(_tasks.Table.Of(Tasks.Session));
        await _tasks.Table.StopAllAsync("6b63bf5c", "user");
    }

    private ITask Start(Func<long, string, SafeFileHandle, ITask> begin) =>
        _tasks.Table.Start(Tasks.Session, _tasks.Scratch.Path(Tasks.Session, "tasks"), begin);

    /// <summary>Something that goes on until it is stopped.</summary>
    private sealed class Errand(long number, string path, SafeFileHandle file) : ITask
    {
        private readonly TaskCompletionSource<TaskEnded> _ended = new();

        public string Session => Tasks.Session;

        public TaskStarted Started { get; } = new(number, TaskKinds.Agents, "call1", "an errand", null, 0, 0, path, "model");

        public DateTimeOffset StartedAt => DateTimeOffset.UnixEpoch;

        public Task<TaskEnded> Ended => _ended.Task;

        public Task Gone => _ended.Task;

        public IReadOnlyList<int> Survivors() => [];

        public void DropTimeout()
        {
        }

        public Task StopAsync(string by)
        {
            file.Dispose();
            _ended.TrySetResult(new TaskEnded(number, $"stopped_by_{by}", null, null, [], 0, 1, null));
            return Task.CompletedTask;
        }
    }
}
