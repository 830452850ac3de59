using System.Collections.Concurrent;
using System.Security.Cryptography;
using Berth.Core.Tasks;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

/// <summary>All sessions by id: those in use, and through the board all that are stored.</summary>
internal sealed partial class SessionTable
{
    private readonly ConcurrentDictionary<string, Session> sessions = new();
    private readonly SessionHost host;

    public SessionTable(SessionHost host) =>
        this.host = host with { BeginAgent = BeginAgent, ForgetUnborn = ForgetUnborn };

    /// <summary>The board all sessions stand on.</summary>
    public Board Board => host.Board;

    /// <summary>What the configuration says.</summary>
    public ISessionPolicy Policy => host.Policy;

    /// <summary>The tasks of all sessions.</summary>
    public TaskTable Tasks => host.Tasks;

    /// <summary>The sessions that were used in this life of the daemon.</summary>
    public ICollection<Session> InUse => sessions.Values;

    /// <summary>Begins a session; it reaches the disk with its first event.</summary>
    public Session Begin(string directory, string project, TerminalEnvironment environment, string? id = null) =>
        Begin(new SessionCreated(id ?? NewId(), directory, project, SessionKinds.Session, null, host.Version), environment);

    // Of a sub-agent; it works where its parent does.
    private Session BeginAgent(Session parent, TerminalEnvironment environment) => Begin(
        new SessionCreated(NewId(), parent.Directory, parent.Project, SessionKinds.Agent, parent.Id, host.Version), environment);

    private Session Begin(SessionCreated birth, TerminalEnvironment environment)
    {
        while (true)
        {
            var session = new Session(host, birth, environment);
            if (IsFree(birth.Session) && sessions.TryAdd(birth.Session, session))
            {
                return session;
            }

            birth = birth with { Session = NewId() };
        }
    }

    /// <summary>The session with this id; null when there is none.</summary>
    /// <exception cref="IOException">The index or the log cannot be read.</exception>
    public async Task<Session?> FindAsync(string id)
    {
        if (sessions.TryGetValue(id, out var session))
        {
            return session;
        }

        return await Board.FindAsync(id).ConfigureAwait(false) is { } row
            ? sessions.GetOrAdd(id, _ => new Session(host, row))
            : null;
    }

    /// <summary>
    /// The stored sessions of a project (null: of all) that words for a session name: its id, the beginning of its id
    /// (at least four digits) or its name. More than one when the words fit several.
    /// </summary>
    public async Task<IReadOnlyList<SessionRow>> MatchAsync(string? project, string words)
    {
        if (await Board.FindAsync(words).ConfigureAwait(false) is { } exact)
        {
            return [exact];
        }

        var all = await Board.AllAsync(project).ConfigureAwait(false);
        var named = all.Where(r => r.Kind == SessionKinds.Session && string.Equals(r.Name, words, StringComparison.OrdinalIgnoreCase)).ToList();
        return named.Count > 0 || words.Length < 4 ? named : [.. all.Where(r => r.Id.StartsWith(words))];
    }

    /// <summary>The task with this number, whichever session it belongs to; null when there is none.</summary>
    /// <exception cref="IOException">The log of its session cannot be read.</exception>
    public async Task<ITask?> FindTaskAsync(long number)
    {
        if (Tasks.Present().FirstOrDefault(t => t.Number == number) is { } present)
        {
            return present;
        }

        // One that is over is found by its output file, which is there as long as its session is.
        var all = Path.GetDirectoryName(host.DirectoryOf("x"))!;
        foreach (var directory in Directory.Exists(all) ? Directory.EnumerateDirectories(all) : [])
        {
            if (File.Exists(Path.Combine(directory, "tasks", $"{number}.out"))
                && await FindAsync(Path.GetFileName(directory)).ConfigureAwait(false) is { } session)
            {
                var tasks = await session.TasksAsync().ConfigureAwait(false);
                return tasks.FirstOrDefault(t => t.Number == number);
            }
        }

        return null;
    }

    /// <summary>Forgets a session that was left before it had an event.</summary>
    public void ForgetUnborn(Session session)
    {
        if (session.Row is null)
        {
            sessions.TryRemove(session.Id, out _);
        }
    }

    /// <summary>
    /// Closes what a former daemon left open: turns that ran are interrupted, waiting ones wait on. A slot that was
    /// given to a session which then never began is free again.
    /// </summary>
    /// <returns>A line for each session that could not be read.</returns>
    public async Task<IReadOnlyList<string>> RecoverAsync()
    {
        var problems = new List<string>();
        ClearForming();
        var markers = Path.GetDirectoryName(host.BusyMarker("x"))!;
        foreach (var marker in Directory.Exists(markers) ? Directory.GetFiles(markers) : [])
        {
            await TryAsync(Path.GetFileName(marker), id => OpenMarkedAsync(id, marker)).ConfigureAwait(false);
        }

        foreach (var project in Board.Projects)
        {
            foreach (var id in Board.SlotsOf(project).Values.Where(NeverBegan).ToList())
            {
                await TryAsync(id, session => Board.FreeAsync(project, session)).ConfigureAwait(false);
            }
        }

        return problems;

        async Task TryAsync(string id, Func<string, Task> recover)
        {
            try
            {
                await recover(id).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                // One session that cannot be read, whatever is in its files, keeps no other from going on.
                problems.Add($"Session {id} cannot be opened: {e.Message}");
            }
        }
    }

    private static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    private bool IsFree(string id) => !Directory.Exists(host.DirectoryOf(id)) && !Directory.Exists(host.TrashOf(id));

    private async Task OpenMarkedAsync(string id, string marker)
    {
        if (await FindAsync(id).ConfigureAwait(false) is { } session)
        {
            await session.ViewAsync(brings: null).ConfigureAwait(false);
        }
        else
        {
            File.Delete(marker);
        }
    }

    private bool NeverBegan(string id) =>
        new FileInfo(Path.Combine(host.DirectoryOf(id), Log.SessionLog.FileName)) is not { Exists: true, Length: > 0 };
}
