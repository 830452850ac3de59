using Berth.Core.Log;
using Berth.Core.Sessions;
using Berth.Core.Tasks;
using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Tests.Processes;
using Xunit;

namespace Berth.Tests.Core.Sessions;

/// <summary>
/// The engine from its start to its end, on files of its own, with a scripted model. The next life opens the same files:
/// after an orderly end, or as they stood when this one died.
/// </summary>
internal sealed class EngineLife : IAsyncDisposable
{
    private readonly Scratch scratch;
    private readonly Children children = new();
    private readonly TaskNumbers numbers;
    private readonly List<EngineLife> next = [];
    private bool isOver;

    public EngineLife()
        : this(new Scratch(), new ScriptedModel(), policy: null)
    {
    }

    /// <param name="scratch">Where the files are; goes away with the life.</param>
    /// <param name="disk">What the logs are written to; null: the real one.</param>
    public EngineLife(Scratch scratch, ScriptedModel model, ScriptedPolicy? policy, IDisk? disk = null)
    {
        disk ??= LocalDisk.Shared;
        this.scratch = scratch;
        Model = model;
        Policy = policy ?? new ScriptedPolicy(model);
        Directory.CreateDirectory(Project);
        numbers = new TaskNumbers(Path.Combine(State, "task-number"));
        Tasks = new TaskTable(children, numbers, TimeProvider.System);
        Board = new Board(State, TimeProvider.System, disk);
        Sessions = new SessionTable(new SessionHost(State, "1.0.0", "test", TimeProvider.System, Board, Tasks, Policy) { Disk = disk });
    }

    public ScriptedModel Model { get; }

    public ScriptedPolicy Policy { get; }

    public TaskTable Tasks { get; }

    public Board Board { get; }

    public SessionTable Sessions { get; }

    /// <summary>Where the files are.</summary>
    public string State => scratch.Path("state");

    public string Project => scratch.Path("project");

    /// <summary>What a terminal brings.</summary>
    public TerminalEnvironment Terminal => new(Project, Bash.Variables, CurrentProcess.Umask);

    /// <summary>A session that begins.</summary>
    public Session Begin() => Sessions.Begin(Project, Project, Terminal);

    /// <summary>A session that begins with this message.</summary>
    public async Task<Session> BeginAsync(string message)
    {
        var session = Begin();
        await session.SubmitAsync(message, Terminal);
        return session;
    }

    /// <summary>The same session in this life of the engine.</summary>
    public async Task<Session> FindAsync(Session earlier) =>
        await Sessions.FindAsync(earlier.Id) ?? throw new InvalidOperationException($"{earlier.Id} is lost");

    /// <summary>Where a session's files are.</summary>
    public string DirectoryOf(Session session) => Path.Combine(State, "sessions", session.Id);

    /// <summary>The events in a session's log, as they stand in the file.</summary>
    public IReadOnlyList<StoredEvent> Events(Session session)
    {
        var events = new List<StoredEvent>();
        SessionLog.Read(DirectoryOf(session), events.Add);
        return events;
    }

    /// <summary>The events of one kind.</summary>
    public IReadOnlyList<T> Events<T>(Session session)
        where T : SessionEvent => [.. Events(session).Select(e => e.Event).OfType<T>()];

    /// <summary>The kinds in a session's log, parted by spaces; text pieces that follow each other count once.</summary>
    public string Kinds(Session session)
    {
        var kinds = Events(session).Select(e => EventJson.NameOf(e.Event)).ToList();
        return string.Join(' ', kinds.Where((kind, i) => kind != "text_added" || i == 0 || kinds[i - 1] != kind));
    }

    /// <summary>Waits until the session is in a state.</summary>
    public static Task Is(Session session, string state) =>
        Eventually.True(() => session.Row?.State == state, $"{session.Id} is {state} (it is {session.Row?.State})");

    /// <summary>Waits until the log holds an event.</summary>
    public Task Holds<T>(Session session, Func<T, bool>? which = null)
        where T : SessionEvent =>
        Eventually.True(() => Events<T>(session).Any(e => which is null || which(e)), $"the log has {typeof(T).Name}: {Kinds(session)}");

    /// <summary>Ends this life in order, and begins the next one on the same files.</summary>
    /// <param name="hasProblems">What was done meanwhile keeps a session from being opened.</param>
    public async Task<EngineLife> RestartAsync(bool stopTasks = false, Func<Task>? meanwhile = null, bool hasProblems = false)
    {
        await EndAsync(stopTasks);
        await (meanwhile?.Invoke() ?? Task.CompletedTask);
        return await NextAsync(scratch, hasProblems);
    }

    /// <summary>
    /// The next life begins with the files as they stand at this moment, as if this one had died now. This one must not be
    /// used any more.
    /// </summary>
    public async Task<EngineLife> DieAsync()
    {
        var copy = new Scratch();
        await Copy(scratch.Root, copy.Root);
        var life = await NextAsync(copy);
        await EndAsync(stopTasks: false);
        return life;
    }

    /// <summary>Ends this life in order.</summary>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> EndAsync(bool stopTasks)
    {
        if (isOver)
        {
            return [];
        }

        isOver = true;
        var ended = await Task.WhenAll(Sessions.InUse.Select(s => s.CloseAsync(stopTasks))).WaitAsync(TimeSpan.FromSeconds(20));
        await Board.DisposeAsync();
        children.Dispose();
        Tasks.Dispose();
        numbers.Dispose();
        return [.. ended.SelectMany(lines => lines)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var life in next)
        {
            await life.DisposeAsync();
        }

        foreach (var session in Sessions.InUse)
        {
            await Tasks.StopAllAsync(session.Id, "user").WaitAsync(TimeSpan.FromSeconds(20));
        }

        await EndAsync(stopTasks: true);
        scratch.Dispose();
        Assert.Empty(Model.Faults);
    }

    private async Task<EngineLife> NextAsync(Scratch on, bool hasProblems = false)
    {
        var life = new EngineLife(on, Model, Policy);
        next.Add(life);
        var problems = await life.Sessions.RecoverAsync();
        Assert.True(problems.Count == 0 || hasProblems, string.Join('\n', problems));
        return life;
    }


    private static async Task Copy(string from, string to)
    {
        using var copying = System.Diagnostics.Process.Start("cp", ["-a", $"{from}/.", to]);
        await copying.WaitForExitAsync();
    }
}
