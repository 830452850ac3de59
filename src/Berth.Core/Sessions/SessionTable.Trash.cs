using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of the table that knows the trash.
internal sealed partial class SessionTable
{
    /// <summary>Moves a stored session to the trash, from which it comes back.</summary>
    /// <returns>Why nothing was done; null when it was.</returns>
    /// <exception cref="IOException">Nothing was done.</exception>
    public async Task<string?> TrashAsync(Session session)
    {
        if (await session.TrashAsync().ConfigureAwait(false) is { } why)
        {
            return why;
        }

        sessions.TryRemove(session.Id, out _);
        await Board.ForgetAsync(session.Project, session.Id).ConfigureAwait(false);
        return null;
    }

    /// <summary>The sessions in the trash, the newest first.</summary>
    public IReadOnlyList<SessionRow> Trashed()
    {
        var rows = new List<SessionRow>();
        var trash = Path.GetDirectoryName(host.TrashOf("x"))!;
        foreach (var directory in Directory.Exists(trash) ? Directory.EnumerateDirectories(trash) : [])
        {
            rows.Add(TrashedRow(directory));
        }

        return [.. rows.OrderByDescending(r => r.Updated)];
    }

    /// <summary>Brings a session back from the trash.</summary>
    /// <exception cref="IOException">It stays there: another session has its place.</exception>
    public async Task RestoreAsync(SessionRow trashed)
    {
        PrivateFiles.CreateDirectory(Path.GetDirectoryName(host.DirectoryOf(trashed.Id))!);
        SessionMove.Move(host.TrashOf(trashed.Id), host.DirectoryOf(trashed.Id));
        if (await Board.FindAsync(trashed.Id).ConfigureAwait(false) is { } row)
        {
            await Board.UpdateAsync(row with { Slot = null }).ConfigureAwait(false);
        }
    }

    private static SessionRow TrashedRow(string directory)
    {
        var id = Path.GetFileName(directory);
        var state = new SessionState();
        try
        {
            state = SessionGlance.Read(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It can be restored all the same; what it says of itself cannot be shown.
        }

        return state.Created?.Session == id
            ? state.ToRow(slot: null, unread: false)
            : new SessionRow(
                id, null, SessionStates.Error, default, default, 0, "(its log cannot be read)", null, Unread: false, null, null,
                "session", "", "", 0, new Usage());
    }
}
