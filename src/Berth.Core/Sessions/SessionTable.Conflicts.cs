using Berth.Core.Tools;
using Berth.Protocol;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>A file that a session has in common with another one, and one of them has changed it.</summary>
/// <param name="Session">The other one's id.</param>
/// <param name="Path">Absolute.</param>
internal sealed record FileConflict(string Session, string Path);

// The part of the table that knows which sessions touch the same files.
internal sealed partial class SessionTable
{
    /// <summary>
    /// For each of these sessions the files that it shares with another of them, or with one that somebody looks at or
    /// that runs, where one of the two has changed the file.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<FileConflict>> ConflictsOf(IReadOnlyList<SessionRow> rows)
    {
        var touches = rows.Select(row => row.Id).Concat(InUse.Where(IsAtWork).Select(session => session.Id)).Distinct()
            .ToDictionary(id => id, TouchedBy);
        var byPath = new Dictionary<string, List<(string Session, bool Changed)>>();
        foreach (var (session, files) in touches)
        {
            foreach (var (path, changed) in files)
            {
                if (!byPath.TryGetValue(path, out var sessions))
                {
                    byPath[path] = sessions = [];
                }

                sessions.Add((session, changed));
            }
        }

        var conflicts = rows.ToDictionary(row => row.Id, _ => new List<FileConflict>());
        foreach (var (path, sessions) in byPath.Where(p => p.Value.Count > 1 && p.Value.Exists(s => s.Changed)).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            foreach (var (session, changed) in sessions.Where(s => conflicts.ContainsKey(s.Session)))
            {
                conflicts[session].AddRange(sessions
                    .Where(other => other.Session != session && (changed || other.Changed))
                    .Select(other => new FileConflict(other.Session, path)));
            }
        }

        return conflicts.ToDictionary(c => c.Key, c => (IReadOnlyList<FileConflict>)[.. c.Value.Take(Limits.ConflictsPerSession)]);
    }

    private static bool IsAtWork(Session session) =>
        session.IsForeground() || session.Row is { State: SessionStates.Running or SessionStates.Waiting };

    // What is not in use is read from the file beside its log; the log itself stays closed.
    private IReadOnlyDictionary<string, bool> TouchedBy(string id) =>
        sessions.TryGetValue(id, out var session) ? session.Touched() : new FileTrail(host.DirectoryOf(id)).Touched();
}
