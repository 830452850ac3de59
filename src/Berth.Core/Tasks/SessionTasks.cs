using System.Text;
using Berth.Protocol;

namespace Berth.Core.Tasks;

/// <summary>The tasks of one session, oldest first, and the count that bounds the live ones.</summary>
internal sealed class SessionTasks
{
    private const int CommandChars = 80;
    private readonly Lock _gate = new();
    private readonly List<ITask> _tasks = [];
    private int _starting;

    /// <summary>Keeps a place for a task that is about to start.</summary>
    /// <exception cref="TaskRefused">There is none.</exception>
    public void Reserve()
    {
        lock (_gate)
        {
            var live = _tasks.Where(t => t.IsLive).ToList();
            if (live.Count + _starting >= Limits.LiveTasksPerSession)
            {
                throw new TaskRefused(Refusal(live));
            }

            _starting++;
        }
    }

    /// <summary>The start is over, one way or the other.</summary>
    public void Release()
    {
        lock (_gate)
        {
            _starting--;
        }
    }

    public void Add(ITask task)
    {
        lock (_gate)
        {
            _tasks.Add(task);
        }
    }

    public IReadOnlyList<ITask> All()
    {
        lock (_gate)
        {
            return [.. _tasks];
        }
    }

    public void Remove(long number)
    {
        lock (_gate)
        {
            _tasks.RemoveAll(t => t.Number == number);
        }
    }

    private static string Refusal(List<ITask> live)
    {
        var text = new StringBuilder()
            .Append($"{Limits.LiveTasksPerSession} tasks of this session are live, which is as many as it may have. ")
            .Append("Wait for one or stop one (task_stop, or /tasks /stop N):");
        foreach (var task in live)
        {
            var command = OneLine.Of(task.Started.Command, CommandChars);
            var pid = task.Started.Pid == 0 ? "" : $" (pid {task.Started.Pid})";
            text.Append($"\n#{task.Number}{pid} {command}");
        }

        return text.ToString();
    }
}
