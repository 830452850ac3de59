using Berth.Platform;

namespace Berth.App;

/// <summary>
/// What other threads want done by the thread that owns the terminal, in order. Posting wakes that thread, and waits while
/// it is far behind.
/// </summary>
internal sealed class Mailbox(WakeEvent wake)
{
    private const int Most = 4_096;

    private readonly Queue<Action> actions = new();
    private bool closed;

    /// <summary>Adds an action; after <see cref="Close"/> it is dropped.</summary>
    public void Post(Action action)
    {
        lock (actions)
        {
            while (actions.Count >= Most && !closed)
            {
                Monitor.Wait(actions);
            }

            if (closed)
            {
                return;
            }

            actions.Enqueue(action);
            if (actions.Count == 1)
            {
                wake.Set();
            }
        }
    }

    /// <summary>The next action; false when there is none.</summary>
    public bool TryTake(out Action action)
    {
        lock (actions)
        {
            if (!actions.TryDequeue(out action!))
            {
                return false;
            }

            if (actions.Count == Most - 1)
            {
                Monitor.PulseAll(actions);
            }

            return true;
        }
    }

    /// <summary>Nobody takes any more.</summary>
    public void Close()
    {
        lock (actions)
        {
            closed = true;
            actions.Clear();
            Monitor.PulseAll(actions);
        }
    }
}
