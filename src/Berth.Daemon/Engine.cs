using Berth.Core.Commands;
using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Core.Tasks;
using Berth.Platform;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;

namespace Berth.Daemon;

/// <summary>Everything the daemon consists of, wired by hand: the one place where the parts meet.</summary>
internal sealed class Engine : IAsyncDisposable
{
    // Bytes allocated since the last time.
    private const long WorthReturning = 16 * 1024 * 1024;

    private readonly Children children;
    private readonly TaskNumbers numbers;
    private readonly TaskTable tasks;
    private readonly ModelTable models;
    private readonly CancellationTokenSource leaving = new();
    private readonly long startedAt;
    private long returnedAt;
    private Task<IReadOnlyList<string>>? ending;

    /// <exception cref="IOException">The state directory cannot be used.</exception>
    public Engine(BerthPaths paths, TimeProvider time)
    {
        Time = time;
        startedAt = time.GetTimestamp();
        Version = typeof(Engine).Assembly.GetName().Version?.ToString(3) ?? "0";
        Build = AppContext.BaseDirectory;
        PrivateFiles.CreateDirectory(paths.Config);
        PrivateFiles.CreateDirectory(paths.State);
        var trust = new TrustStore(paths, time);
        var store = new ModelStore(paths, time);
        Settings = new SettingsStores(new ConfigStore(paths, trust, time), trust, store, new ModelEdit(paths, store, time), paths);
        models = new ModelTable(time);
        children = new Children();
        Policy = new SessionPolicy(Settings, models, time, children.Start);
        numbers = new TaskNumbers(Path.Combine(paths.State, "task-number"));
        tasks = new TaskTable(children, numbers, time);
        var writer = $"{CurrentProcess.Id}-{CurrentProcess.StartTicks(CurrentProcess.Id)}";
        var board = new Board(paths.State, time);
        Sessions = new SessionTable(new SessionHost(paths.State, Version, writer, time, board, tasks, Policy));
        foreach (var damage in board.Damage)
        {
            Journal($"{damage.What} Kept in {damage.KeptIn}.");
        }
    }

    public TimeProvider Time { get; }

    public string Version { get; }

    /// <summary>The folder this daemon was started from.</summary>
    public string Build { get; }

    public SettingsStores Settings { get; }

    public SessionPolicy Policy { get; }

    /// <summary>Makes models from their settings.</summary>
    public ModelTable Models => models;

    public SessionTable Sessions { get; }

    /// <summary>Cancelled when the daemon shall leave.</summary>
    public CancellationToken Leaving => leaving.Token;

    /// <summary>Asks the daemon to leave.</summary>
    public void Leave() => leaving.Cancel();

    /// <summary>Ends all work, then leaves: who looks at a session still sees how it ends.</summary>
    public void Stop() => _ = StopAsync();

    private async Task StopAsync()
    {
        try
        {
            await EndWorkAsync(stopTasks: true).ConfigureAwait(false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Whether something goes on that must not be left alone.</summary>
    public bool IsBusy => Sessions.InUse.Any(s => s.Row is { State: SessionStates.Running or SessionStates.Waiting })
        || tasks.Live().Count > 0;

    /// <summary>The turns that run, a line each. One that waits for a person is none: it waits on after a restart.</summary>
    public IReadOnlyList<string> Running() =>
        [.. Sessions.InUse.Select(s => s.Row).OfType<SessionRow>().Where(r => r.State is SessionStates.Running).Select(r => $"{r.Id} {r.Summary}")];

    /// <summary>After work the heap is as large as it ever was; when nothing runs, what is free goes back to the system.</summary>
    public void ReturnMemory()
    {
        if (GC.GetTotalAllocatedBytes() - returnedAt > WorthReturning)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            returnedAt = GC.GetTotalAllocatedBytes();
        }
    }

    /// <summary>Takes in what a terminal brings.</summary>
    public void Remember(TerminalEnvironment environment) => Policy.Remember(environment);

    /// <summary>Closes what a former daemon left open.</summary>
    public async Task RecoverAsync()
    {
        foreach (var problem in await Sessions.RecoverAsync().ConfigureAwait(false))
        {
            Journal(problem);
        }
    }

    /// <summary>
    /// Interrupts what runs, and with <paramref name="stopTasks"/> ends all tasks. Done once; who asks again gets the
    /// same answer.
    /// </summary>
    /// <returns>What was ended, a line each.</returns>
    public Task<IReadOnlyList<string>> EndWorkAsync(bool stopTasks)
    {
        lock (leaving)
        {
            return ending ??= Task.Run(() => EndAllAsync(stopTasks));
        }
    }

    private async Task<IReadOnlyList<string>> EndAllAsync(bool stopTasks)
    {
        var closed = await Task.WhenAll(Sessions.InUse.Select(session => CloseAsync(session, stopTasks))).ConfigureAwait(false);
        return [.. closed.SelectMany(lines => lines)];
    }

    private static async Task<IEnumerable<string>> CloseAsync(Session session, bool stopTasks)
    {
        try
        {
            return (await session.CloseAsync(stopTasks).ConfigureAwait(false)).Select(line => $"{session.Id} {line}");
        }
        catch (Exception e)
        {
            // One session that does not end keeps the daemon from nothing: its log tells the next one what was open.
            return [$"{session.Id} was not closed: {e.Message}"];
        }
    }

    public DaemonStatus Status(bool running, IReadOnlyList<string>? ended) => new(
        running, CurrentProcess.Id, Version, (long)Time.GetElapsedTime(startedAt).TotalSeconds,
        Sessions.InUse.Count(s => s.Row is { State: SessionStates.Running or SessionStates.Waiting }),
        CurrentProcess.MemoryBytes / (1024 * 1024), Build, ended);

    /// <summary>One line for the daemon's own log.</summary>
    public void Journal(string line) => StandardStreams.Write(StandardStreams.Error, $"{Time.GetUtcNow():yyyy-MM-ddTHH:mm:ssZ} {line}\n");

    public async ValueTask DisposeAsync()
    {
        await Sessions.Board.DisposeAsync().ConfigureAwait(false);
        children.Dispose();
        tasks.Dispose();
        numbers.Dispose();
        models.Dispose();
        leaving.Dispose();
    }
}
