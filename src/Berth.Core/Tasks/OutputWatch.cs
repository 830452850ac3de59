using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Berth.Platform;
using Microsoft.Win32.SafeHandles;

namespace Berth.Core.Tasks;

/// <summary>
/// Looks at the sizes of output files, the more often the nearer they are to the limit, and says when one is beyond it.
/// A command can write gigabytes within a second, so this has a thread of its own that waits for nobody.
/// (RLIMIT_FSIZE would also hit the files that a command builds.)
/// </summary>
internal sealed class OutputWatch : IDisposable
{
    // The fastest a file has been seen to grow, with room: the next look comes before the rest could be written.
    private const double FastestBytesPerSecond = 4e9;

    // A file that grows like this, and has this part of what it may have, will not stop by itself.
    private const double FastBytesPerSecond = 20e6;
    private const double Near = 0.8;
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan Latest = TimeSpan.FromMilliseconds(250);
    private const int NoProcess = -1;
    private const int StackBytes = 256 * 1024;

    private readonly ConcurrentDictionary<long, Watched> _watched = new();
    private readonly AutoResetEvent _changed = new(initialState: false);
    private readonly Lazy<Thread> _thread;
    private readonly long _limit;
    private volatile bool _stopping;

    /// <param name="limit">Bytes a file may have.</param>
    public OutputWatch(long limit)
    {
        _limit = limit;
        _thread = new Lazy<Thread>(() =>
        {
            var thread = new Thread(Run, StackBytes) { IsBackground = true, Name = "output" };
            thread.Start();
            return thread;
        });
    }

    /// <summary>Begins to look at a file.</summary>
    /// <param name="near">Called once, on this watch's thread, when a file that grows fast is near the limit.</param>
    /// <param name="beyond">Called once, on this watch's thread, when the file is beyond the limit.</param>
    public void Add(long task, SafeFileHandle file, Action near, Action beyond)
    {
        // What is needed at the limit is compiled now: then there is no time for it.
        RuntimeHelpers.PrepareDelegate(near);
        RuntimeHelpers.PrepareDelegate(beyond);
        _watched[task] = new Watched(file, near, beyond, Stopwatch.GetTimestamp(), 0, Stopwatch.GetTimestamp());
        _ = _thread.Value;
        _changed.Set();
    }

    /// <summary>Looks no more, and closes the file.</summary>
    public void Remove(long task)
    {
        if (_watched.TryRemove(task, out var watched))
        {
            watched.File.Dispose();
        }
    }

    /// <summary>Stops looking at all files.</summary>
    public void Dispose()
    {
        if (_stopping)
        {
            return;
        }

        _stopping = true;
        _changed.Set();
        if (_thread.IsValueCreated)
        {
            _thread.Value.Join();
        }

        foreach (var task in _watched.Keys)
        {
            Remove(task);
        }

        _changed.Dispose();
    }

    private sealed record Watched(SafeFileHandle File, Action? Near, Action Beyond, long Due, long Bytes, long At);

    private void Run()
    {
        PromptThread.Ask();
        ProcessPriority.Lower(NoProcess, 0);
        ProcessTable.Signal(NoProcess, 0, SignalNumbers.None);
        while (!_stopping)
        {
            var now = Stopwatch.GetTimestamp();
            var next = long.MaxValue;
            foreach (var (task, watched) in _watched)
            {
                // Whose time has half come is looked at with the others: one waking for many files.
                var due = now >= watched.At + ((watched.Due - watched.At) / 2) ? Look(task, watched, now) : watched.Due;
                next = Math.Min(next, due);
            }

            var wait = next == long.MaxValue ? Timeout.InfiniteTimeSpan : Stopwatch.GetElapsedTime(now, next);
            _changed.WaitOne(wait);
        }
    }

    private long Look(long task, Watched watched, long now)
    {
        long bytes;
        try
        {
            bytes = RandomAccess.GetLength(watched.File);
        }
        catch (ObjectDisposedException)
        {
            return long.MaxValue;
        }

        if (bytes > _limit)
        {
            watched.Beyond();
            Remove(task);
            return long.MaxValue;
        }

        var near = watched.Near;
        var rate = (bytes - watched.Bytes) / Math.Max(Stopwatch.GetElapsedTime(watched.At, now).TotalSeconds, 1e-6);
        if (near is not null && bytes > _limit * Near && rate > FastBytesPerSecond)
        {
            near();
            near = null;
        }

        var wait = TimeSpan.FromSeconds((_limit - bytes) / FastestBytesPerSecond);
        wait = wait < Soonest ? Soonest : wait > Latest ? Latest : wait;
        var due = now + (long)(wait.TotalSeconds * Stopwatch.Frequency);
        _watched.TryUpdate(task, watched with { Due = due, Near = near, Bytes = bytes, At = now }, watched);
        return due;
    }
}
