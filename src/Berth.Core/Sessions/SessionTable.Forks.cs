using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of the table that makes sessions out of sessions.
internal sealed partial class SessionTable
{
    /// <summary>
    /// A complete copy of a session, or one up to the end of a turn. It starts at the last finished step; what runs
    /// stays with the original, which is not touched.
    /// </summary>
    /// <param name="id">From <see cref="FreeId"/>.</param>
    /// <param name="turn">The last turn of the copy; null: all there is.</param>
    /// <returns>Null when there is no such end of a turn, or nothing to copy.</returns>
    /// <exception cref="IOException">Nothing was made.</exception>
    public async Task<Session?> ForkAsync(
        Session original, string id, string? name, int? turn, TerminalEnvironment environment)
    {
        var fork = await original.ForkAsync(new SessionForked(id, original.Id, name), turn, environment).ConfigureAwait(false);
        if (fork is not null)
        {
            sessions[id] = fork;
            await fork.ShowAsync().ConfigureAwait(false);
        }

        return fork;
    }

    /// <summary>An id that no session has.</summary>
    public string FreeId()
    {
        string id;
        do
        {
            id = NewId();
        }
        while (!IsFree(id) || sessions.ContainsKey(id));

        return id;
    }

    // What a daemon was building when it died is not there for anybody.
    private void ClearForming()
    {
        var forming = Path.GetDirectoryName(host.FormingOf("x"))!;
        try
        {
            Directory.Delete(forming, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // None is there; or it lies where it disturbs nobody.
        }
    }
}
