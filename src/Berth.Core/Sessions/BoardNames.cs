using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of the board that knows which names are taken.
internal sealed partial class Board
{
    // Project → name → session. Made when the first name is asked for; the mailbox's own.
    private Dictionary<string, Dictionary<string, string>>? names;

    /// <summary>
    /// Takes a name for a session: the wanted one, or with a number behind it when another session of the project has it.
    /// </summary>
    /// <exception cref="IOException">The sessions cannot be listed.</exception>
    public Task<string> ClaimNameAsync(string project, string session, string wanted) => mailbox.AskAsync(() =>
    {
        var taken = NamesOf(project);
        var name = wanted;
        for (var number = 2; taken.TryGetValue(name, out var holder) && holder != session; number++)
        {
            name = $"{wanted} ({number})";
        }

        taken[name] = session;
        return ValueTask.FromResult(name);
    });

    /// <summary>The name of a session that was used since the daemon started; null when it has none.</summary>
    public string? NameOf(string session) => Volatile.Read(ref rows).GetValueOrDefault(session)?.Name;

    /// <summary>The session of the project that has this name; null when it is free.</summary>
    /// <exception cref="IOException">The sessions cannot be listed.</exception>
    public Task<string?> HolderOfAsync(string project, string name) => mailbox.AskAsync(
        () => ValueTask.FromResult(NamesOf(project).GetValueOrDefault(name)));

    private Dictionary<string, string> NamesOf(string project)
    {
        if (names is null)
        {
            names = [];
            foreach (var row in index.All(rows))
            {
                Rename(null, row);
            }
        }

        return names.TryGetValue(project, out var taken)
            ? taken
            : names[project] = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
    }

    // A name that is given up is free at once.
    private void Rename(SessionRow? old, SessionRow? row)
    {
        if (names is null || old?.Name == row?.Name)
        {
            return;
        }

        if (old is { Name: { } before } && NamesOf(old.Project).GetValueOrDefault(before) == old.Id)
        {
            NamesOf(old.Project).Remove(before);
        }

        if (row is { Name: { } now })
        {
            NamesOf(row.Project).TryAdd(now, row.Id);
        }
    }
}
