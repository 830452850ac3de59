namespace Berth.Core.Sessions;

// The part of the board that forgets what is gone, and is made anew from what is stored.
internal sealed partial class Board
{
    /// <summary>Takes a session that is gone off the board: its slot and its name are free.</summary>
    /// <exception cref="IOException">The slot could not be freed; the next start of the daemon does it.</exception>
    public Task ForgetAsync(string project, string session) => mailbox.AskAsync(async () =>
    {
        if (rows.TryGetValue(session, out var row) || (row = index.Find(session)) is not null)
        {
            Rename(row, null);
        }

        Volatile.Write(ref rows, rows.Remove(session));
        index.Forget(session);
        if (SlotOf(project, session) is { } slot)
        {
            await ChangeAsync(project, new(slot, null)).ConfigureAwait(false);
        }
    });

    /// <summary>Reads a session's row from its log again.</summary>
    public Task RefreshAsync(string session) => mailbox.AskAsync(() =>
    {
        index.Forget(session);
        Volatile.Write(ref rows, rows.Remove(session));
        index.Find(session);
        return ValueTask.CompletedTask;
    });

    /// <summary>Mends the board's log, and makes the list of sessions anew from their logs.</summary>
    /// <returns>What was done, one line each.</returns>
    /// <exception cref="IOException">The log could not be mended.</exception>
    public Task<IReadOnlyList<string>> RepairAsync() => mailbox.AskAsync(() =>
    {
        var done = log.Repair();
        index.Clear();
        index.All(rows);
        return ValueTask.FromResult(done);
    });
}
