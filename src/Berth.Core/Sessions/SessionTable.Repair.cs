using Berth.Core.Log;

namespace Berth.Core.Sessions;

// The part of the table that looks after what is stored.
internal sealed partial class SessionTable
{
    /// <summary>Checks the board and the logs of all stored sessions.</summary>
    /// <returns>How many sessions there are, and a line for each problem.</returns>
    public async Task<(int Sessions, IReadOnlyList<string> Problems)> VerifyAsync()
    {
        var ids = StoredIds();
        var problems = new string[ids.Count][];
        await Parallel.ForAsync(0, ids.Count, (i, _) =>
        {
            var isOpen = sessions.TryGetValue(ids[i], out var session) && session.IsOpen;
            problems[i] = [.. LogCheck.Problems(host.DirectoryOf(ids[i]), isOpen).Select(p => $"{ids[i]}: {p}")];
            return ValueTask.CompletedTask;
        }).ConfigureAwait(false);
        var board = LogCheck.FileProblems(Path.Combine(host.StateDirectory, BoardLog.FileName), isOpen: true);
        return (ids.Count, [.. board, .. problems.SelectMany(p => p)]);
    }

    /// <summary>Mends one session's log.</summary>
    /// <returns>What was done, or why nothing was; one line each.</returns>
    public async Task<IReadOnlyList<string>> RepairAsync(string id)
    {
        try
        {
            var (done, why) = sessions.TryGetValue(id, out var session)
                ? await session.RepairAsync().ConfigureAwait(false)
                : (await Task.Run(() => LogCheck.Repair(host.DirectoryOf(id), host.Time)).ConfigureAwait(false), null);
            if (done.Count > 0)
            {
                await Board.RefreshAsync(id).ConfigureAwait(false);
            }

            return why is not null && LogCheck.Problems(host.DirectoryOf(id), isOpen: true).Count > 0
                ? [$"{id} was not mended: {why}."]
                : [.. done.Select(line => $"{id}: {line}")];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [$"{id} cannot be mended: {e.Message}"];
        }
    }

    /// <summary>Mends everything: all logs, the board, its slots, and the list of sessions.</summary>
    /// <returns>What was done, one line each.</returns>
    public async Task<IReadOnlyList<string>> RepairAllAsync()
    {
        var done = new List<string>(await Board.RepairAsync().ConfigureAwait(false));
        foreach (var id in StoredIds())
        {
            done.AddRange(await RepairAsync(id).ConfigureAwait(false));
        }

        foreach (var project in Board.Projects)
        {
            foreach (var id in Board.SlotsOf(project).Values.Where(id => NeverBegan(id) && !sessions.ContainsKey(id)).ToList())
            {
                await Board.FreeAsync(project, id).ConfigureAwait(false);
                done.Add($"The slot of {id}, which is not stored, is free.");
            }
        }

        return done;
    }

    /// <summary>The ids of all sessions that have a directory.</summary>
    public IReadOnlyList<string> StoredIds()
    {
        var directory = Path.GetDirectoryName(host.DirectoryOf("x"))!;
        return Directory.Exists(directory)
            ? [.. Directory.EnumerateDirectories(directory).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)]
            : [];
    }
}
