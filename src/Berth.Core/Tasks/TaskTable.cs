using System.Collections.Concurrent;
using Berth.Platform;
using Berth.Protocol;
using Berth.Protocol.Events;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>All tasks of this daemon, keyed by session. Safe to use from many sessions at once.</summary>
/// <param name="children">Starts the processes; owned by the caller.</param>
/// <param name="numbers">Hands out the numbers; owned by the caller.</param>
/// <param name="outputLimit">Bytes that a task may write.</param>
public sealed class TaskTable(
    Children children, TaskNumbers numbers, TimeProvider time, long outputLimit = Limits.TaskOutputBytes) : IDisposable
{
    private readonly ConcurrentDictionary<string, SessionTasks> _sessions = new();
    private readonly ConcurrentDictionary<string, string> _parents = new();
    private readonly OutputWatch _watch = new(outputLimit);
    private readonly string _boot = CurrentProcess.BootId;

    /// <summary>Starts a command. It is a task from here on.</summary>
    /// <param name="directory">The session's own directory for output files; made if it is missing.</param>
    /// <exception cref="TaskRefused">The session has as many live tasks as it may; the message lists them.</exception>
    /// <exception cref="SpawnFailure">It could not be started; the message says why.</exception>
    /// <exception cref="IOException">The output file or the file of numbers cannot be written.</exception>
    public ShellTask Start(string session, string directory, ShellCommand command) => (ShellTask)Start(
        session, directory,
        (number, path, file) => ShellTask.Start(number, session, command, (path, file), _boot, children, _watch, time));

    /// <summary>Begins a task of any kind.</summary>
    /// <param name="directory">The session's own directory for output files; made if it is missing.</param>
    /// <param name="begin">
    /// Makes it, with its number and its empty output file, of which it gets path and handle. What it throws is thrown
    /// here, and then there is no task and no file.
    /// </param>
    /// <exception cref="TaskRefused">The session has as many live tasks as it may; the message lists them.</exception>
    /// <exception cref="IOException">The output file or the file of numbers cannot be written.</exception>
    public ITask Start(string session, string directory, Func<long, string, SafeFileHandle, ITask> begin)
    {
        var tasks = _sessions.GetOrAdd(session, static _ => new SessionTasks());
        tasks.Reserve();
        try
        {
            PrivateFiles.CreateDirectory(directory);
            var (number, output) = NewOutput(directory);
            try
            {
                var task = begin(number, output.Path, output.Handle);
                tasks.Add(task);
                return task;
            }
            catch
            {
                output.Handle.Dispose();
                File.Delete(output.Path);
                throw;
            }
        }
        finally
        {
            tasks.Release();
        }
    }

    /// <summary>Starts a program that is no task: the caller awaits it.</summary>
    /// <exception cref="SpawnFailure">It could not be started; the message says why.</exception>
    public ChildProcess StartProgram(SpawnOptions options) => children.Start(options);

    /// <summary>
    /// Takes a task over that the log tells of: it runs on from an earlier daemon, or ended meanwhile (a group of
    /// sub-agents ended with its daemon), and then its outcome is <see cref="TaskStates.Unknown"/>.
    /// </summary>
    /// <param name="at">When the log says that it started.</param>
    /// <param name="ended">Its outcome, when the log has one: then only what it left behind is looked for.</param>
    public ShellTask Attach(string session, TaskStarted started, DateTimeOffset at, TaskEnded? ended = null)
    {
        var task = ShellTask.Attach(session, started, at, ended, _boot, children, _watch, time);
        _sessions.GetOrAdd(session, static _ => new SessionTasks()).Add(task);
        return task;
    }

    /// <summary>A task of this session; null when it has none of this number.</summary>
    public ITask? Find(string session, long number) =>
        _sessions.TryGetValue(session, out var tasks) ? tasks.All().FirstOrDefault(t => t.Number == number) : null;

    /// <summary>The tasks of a session that live, or left something behind, or have just ended; oldest first.</summary>
    public IReadOnlyList<ITask> Of(string session) =>
        _sessions.TryGetValue(session, out var tasks) ? tasks.All() : [];

    /// <summary>From now on a session's tasks are in reach of the session that it works for.</summary>
    public void Reach(string session, string parent) => _parents[session] = parent;

    /// <summary>The tasks of the sessions that work for this one, as <see cref="Of"/> has them.</summary>
    public IReadOnlyList<ITask> OfChildren(string parent) =>
        [.. _parents.Where(p => p.Value == parent).SelectMany(p => Of(p.Key)).OrderBy(t => t.Number)];

    /// <summary>All tasks of all sessions that are live, or have left something behind.</summary>
    public IReadOnlyList<ITask> Present() =>
        [.. _sessions.Values.SelectMany(s => s.All()).Where(t => !t.Gone.IsCompleted).OrderBy(t => t.Number)];

    /// <summary>All tasks of all sessions that are live.</summary>
    public IReadOnlyList<ITask> Live() => [.. _sessions.Values.SelectMany(s => s.All()).Where(t => t.IsLive)];

    /// <summary>How many tasks of a session are live.</summary>
    public int LiveCount(string session) => Of(session).Count(t => t.IsLive);

    /// <summary>Ends all that belongs to a session's tasks, survivors included.</summary>
    /// <param name="by">"user" or "agent".</param>
    public Task StopAllAsync(string session, string by) =>
        Task.WhenAll(Of(session).Where(t => !t.Gone.IsCompleted).Select(t => t.StopAsync(by)));

    /// <summary>Drops a task that has ended and left nothing behind: the log knows it.</summary>
    public void Forget(string session, long number)
    {
        if (_sessions.TryGetValue(session, out var tasks))
        {
            tasks.Remove(number);
        }
    }

    /// <summary>
    /// Lets go of all tasks without ending any: those that live run on, and the next daemon finds them again. To be
    /// called after <see cref="Children"/> has been disposed, when all outcomes are there or cancelled.
    /// </summary>
    public void Dispose() => _watch.Dispose();

    // The file must be new: a number that somebody used before (a restored file of numbers) is passed over.
    private (long Number, (string Path, SafeFileHandle Handle) Output) NewOutput(string directory)
    {
        while (true)
        {
            var number = numbers.Next();
            var path = Path.Combine(directory, $"{number}.out");
            if (!File.Exists(path))
            {
                return (number, (path, PrivateFiles.CreateNew(path)));
            }
        }
    }
}

/// <summary>A session has as many live tasks as it may. The message lists them.</summary>
public sealed class TaskRefused(string what) : Exception(what);
