using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of the table that knows the trash.
internal sealed partial class SessionTable
{
    /// <summary>
    /// Moves a stored session to the trash, from which it comes back, and its sub-agents with it. A fork has none: they
    /// stay with the session that started them.
    /// </summary>
    /// <returns>Why nothing was done; null when it was.</returns>
    /// <exception cref="IOException">Nothing was done.</exception>
    public async Task<string?> TrashAsync(Session session)
    {
        var agents = await AgentsOfAsync(session).ConfigureAwait(false);
        foreach (var agent in agents)
        {
            if (await agent.WhyInUseAsync().ConfigureAwait(false) is { } busy)
            {
                return $"of its sub-agent {agent.Id}, {busy}";
            }
        }

        if (await session.TrashAsync().ConfigureAwait(false) is { } why)
        {
            return why;
        }

        await ForgetAsync(session).ConfigureAwait(false);
        foreach (var agent in agents)
        {
            // One that somebody opened in this very moment stays where it is, under a parent in the trash.
            if (await agent.TrashAsync().ConfigureAwait(false) is null)
            {
                await ForgetAsync(agent).ConfigureAwait(false);
            }
        }

        return null;
    }

    /// <summary>The sessions of a session's sub-agents, of all its groups.</summary>
    /// <exception cref="IOException">The sessions cannot be listed.</exception>
    public async Task<IReadOnlyList<Session>> AgentsOfAsync(Session parent)
    {
        var agents = new List<Session>();
        foreach (var row in await Board.AllAsync(parent.Project).ConfigureAwait(false))
        {
            if (row.Kind == SessionKinds.Agent && row.Parent == parent.Id && await FindAsync(row.Id).ConfigureAwait(false) is { } agent)
            {
                agents.Add(agent);
            }
        }

        return agents;
    }

    private async Task ForgetAsync(Session trashed)
    {
        sessions.TryRemove(trashed.Id, out _);
        await Board.ForgetAsync(trashed.Project, trashed.Id).ConfigureAwait(false);
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

    /// <summary>Brings a session back from the trash, and its sub-agents with it.</summary>
    /// <exception cref="IOException">It stays there: another session has its place.</exception>
    public async Task RestoreAsync(SessionRow trashed)
    {
        await RestoreOneAsync(trashed).ConfigureAwait(false);
        foreach (var agent in Trashed().Where(r => r.Kind == SessionKinds.Agent && r.Parent == trashed.Id))
        {
            await RestoreOneAsync(agent).ConfigureAwait(false);
        }
    }

    private async Task RestoreOneAsync(SessionRow trashed)
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
