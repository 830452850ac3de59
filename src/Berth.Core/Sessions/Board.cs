using System.Collections.Immutable;
using Berth.Core.Log;
using Berth.Protocol;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>
/// Which session has which slot, and the state of all sessions: what lists and status lines show. One owner changes
/// it; everybody reads the last whole picture.
/// </summary>
internal sealed partial class Board : IAsyncDisposable
{
    private readonly Mailbox mailbox = new();
    private readonly BoardLog log;
    private readonly SessionIndex index;
    private ImmutableDictionary<string, ImmutableSortedDictionary<int, string>> slots =
        ImmutableDictionary<string, ImmutableSortedDictionary<int, string>>.Empty;

    private ImmutableDictionary<string, SessionRow> rows = ImmutableDictionary<string, SessionRow>.Empty;
    private ImmutableList<BoardWatcher> watchers = [];

    /// <summary>Opens the board of an installation.</summary>
    /// <exception cref="IOException">The board log cannot be opened.</exception>
    public Board(string stateDirectory, TimeProvider time, IDisk? disk = null)
    {
        index = new SessionIndex(stateDirectory, time);
        log = BoardLog.Open(stateDirectory, time, change => slots = Changed(slots, change), disk);
    }

    /// <summary>What was damaged in the board log when it was opened.</summary>
    public IReadOnlyList<LogDamage> Damage => log.Damage;

    /// <summary>The slots of a project: number → session.</summary>
    public IReadOnlyDictionary<int, string> SlotsOf(string project) => Slots(project);

    /// <summary>The projects that have slots in use.</summary>
    public IReadOnlyList<string> Projects => [.. Volatile.Read(ref slots).Where(p => !p.Value.IsEmpty).Select(p => p.Key)];

    /// <summary>The slot a session has; null without one.</summary>
    public int? SlotOf(string project, string session)
    {
        foreach (var (slot, holder) in Slots(project))
        {
            if (holder == session)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>The background of a project, by slot.</summary>
    public async Task<IReadOnlyList<SessionRow>> BackgroundAsync(string project)
    {
        var background = new List<SessionRow>();
        foreach (var (slot, session) in Slots(project))
        {
            if (await FindAsync(session).ConfigureAwait(false) is { } row)
            {
                background.Add(row with { Slot = slot });
            }
        }

        return background;
    }

    /// <summary>A session's row; null when there is none.</summary>
    public async Task<SessionRow?> FindAsync(string session)
    {
        if (!Volatile.Read(ref rows).TryGetValue(session, out var row))
        {
            row = await mailbox.AskAsync(() => new ValueTask<SessionRow?>(Known(session))).ConfigureAwait(false);
        }

        return row is null ? null : row with { Slot = SlotOf(row.Project, row.Id) };
    }

    /// <summary>All stored sessions of a project (null: of all), the newest first.</summary>
    public async Task<IReadOnlyList<SessionRow>> AllAsync(string? project)
    {
        var all = await mailbox.AskAsync(() => new ValueTask<IReadOnlyList<SessionRow>>(index.All(rows))).ConfigureAwait(false);
        return [.. all
            .Where(row => project is null || row.Project == project)
            .Select(row => row with { Slot = SlotOf(row.Project, row.Id) })
            .OrderByDescending(row => row.Updated)];
    }

    /// <summary>Takes in a session's new row, and wakes who watches.</summary>
    public Task UpdateAsync(SessionRow row) => mailbox.AskAsync(() =>
    {
        var old = rows.GetValueOrDefault(row.Id);
        if (old == row)
        {
            return ValueTask.CompletedTask;
        }

        Volatile.Write(ref rows, rows.SetItem(row.Id, row));
        Rename(old, row);
        Announce(row.Project, new BoardChange(old, row with { Slot = SlotOf(row.Project, row.Id) }));
        Remember(row);
        return ValueTask.CompletedTask;
    });

    /// <summary>Gives a session the lowest free slot, or says which one it has already; null when all are taken.</summary>
    /// <exception cref="IOException">The board could not be stored; nothing changed.</exception>
    public Task<int?> TakeSlotAsync(string project, string session) => mailbox.AskAsync(async () =>
    {
        if (SlotOf(project, session) is { } has)
        {
            return has;
        }

        var taken = Slots(project);
        for (var slot = 1; slot <= Limits.Slots; slot++)
        {
            if (!taken.ContainsKey(slot))
            {
                await ChangeAsync(project, new(slot, session)).ConfigureAwait(false);
                return slot;
            }
        }

        return (int?)null;
    });

    /// <summary>
    /// Takes a session out of its slot; the session that leaves gets the number, unless it has one.
    /// </summary>
    /// <returns>False when <paramref name="coming"/> is not in the slot (any more), and then nothing changed.</returns>
    /// <exception cref="IOException">The board could not be stored; nothing changed.</exception>
    public Task<bool> SwapAsync(string project, int slot, string coming, string? leaving) => mailbox.AskAsync(async () =>
    {
        if (Slots(project).GetValueOrDefault(slot) != coming)
        {
            return false;
        }

        var successor = leaving is null || leaving == coming || SlotOf(project, leaving) is not null ? null : leaving;
        await ChangeAsync(project, new(slot, successor)).ConfigureAwait(false);
        return true;
    });

    /// <summary>Frees the slot a session has, if any.</summary>
    /// <exception cref="IOException">The board could not be stored; nothing changed.</exception>
    public Task FreeAsync(string project, string session) => mailbox.AskAsync(async () =>
    {
        if (SlotOf(project, session) is { } slot)
        {
            await ChangeAsync(project, new(slot, null)).ConfigureAwait(false);
        }
    });

    /// <summary>Begins to watch a project's part of the board.</summary>
    public Task WatchAsync(BoardWatcher watcher) => mailbox.AskAsync(() =>
    {
        watchers = watchers.Add(watcher);
        return ValueTask.CompletedTask;
    });

    /// <summary>Ends it.</summary>
    public Task UnwatchAsync(BoardWatcher watcher) => mailbox.AskAsync(() =>
    {
        watchers = watchers.Remove(watcher);
        return ValueTask.CompletedTask;
    });

    /// <summary>Finishes what is queued and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        await mailbox.DisposeAsync().ConfigureAwait(false);
        log.Dispose();
        index.Dispose();
    }

    private ImmutableSortedDictionary<int, string> Slots(string project) =>
        Volatile.Read(ref slots).GetValueOrDefault(project, ImmutableSortedDictionary<int, string>.Empty);

    private void Remember(SessionRow row)
    {
        try
        {
            index.Put(row);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The index is derived: a row it lacks is folded from the log when somebody asks. The log itself speaks up.
        }
    }

    private SessionRow? Known(string session) =>
        rows.TryGetValue(session, out var row) ? row : index.Find(session);

    private async ValueTask ChangeAsync(string project, KeyValuePair<int, string?> slot)
    {
        var change = new SlotChange(project, [slot]);
        await log.AppendAsync(change).ConfigureAwait(false);
        Volatile.Write(ref slots, Changed(slots, change));
        Announce(project, null);
    }

    private void Announce(string project, BoardChange? change)
    {
        foreach (var watcher in watchers)
        {
            if (watcher.Project == project)
            {
                watcher.Changed(change);
            }
        }
    }

    private static ImmutableDictionary<string, ImmutableSortedDictionary<int, string>> Changed(
        ImmutableDictionary<string, ImmutableSortedDictionary<int, string>> slots, SlotChange change)
    {
        var project = slots.GetValueOrDefault(change.Project, ImmutableSortedDictionary<int, string>.Empty);
        foreach (var (slot, session) in change.Slots)
        {
            // At most one slot a session, even when the line that freed its other one is lost.
            project = session is null
                ? project.Remove(slot)
                : project.RemoveRange(project.Where(p => p.Value == session).Select(p => p.Key)).SetItem(slot, session);
        }

        return slots.SetItem(change.Project, project);
    }
}

/// <summary>A session's row changed; <paramref name="Old"/> is null when it was not known before.</summary>
internal sealed record BoardChange(SessionRow? Old, SessionRow New);

/// <summary>Somebody who watches a project's part of the board.</summary>
/// <param name="Changed">Called with a row that changed, or null when slots did; must return at once.</param>
internal sealed record BoardWatcher(string Project, Action<BoardChange?> Changed);
