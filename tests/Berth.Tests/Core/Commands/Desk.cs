using Berth.Core.Commands;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol.Messages;
using Berth.Tests.Core.Sessions;
using Berth.Tests.Core.Settings;

namespace Berth.Tests.Core.Commands;

/// <summary>An engine with settings, at which terminals sit and type lines.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly SettingsPlace settings;

    public Desk()
        : this(new EngineLife(), new SettingsPlace())
    {
    }

    private Desk(EngineLife life, SettingsPlace settings) => (Life, this.settings) = (life, settings);

    public EngineLife Life { get; }

    public Berth.Core.Models.ModelTable Models { get; } = new(TimeProvider.System);

    public SettingsStores Settings => new(settings.Config, settings.Trust, settings.Models, settings.Edit, settings.Paths);

    /// <summary>The session ids of the project's slots.</summary>
    public IReadOnlyDictionary<int, string> Slots => Life.Board.SlotsOf(Life.Project);

    /// <summary>A terminal with a clean session, or with one that is there.</summary>
    public async Task<TestTerminal> SitDownAsync(string? project = null, Session? at = null)
    {
        var terminal = new TestTerminal(this, project ?? Life.Project);
        await terminal.LookAsync(at ?? Life.Sessions.Begin(terminal.Project, terminal.Project, Life.Terminal));
        return terminal;
    }

    /// <summary>A session with one turn behind it, in the next free slot.</summary>
    public async Task<Session> BackgroundAsync(string message)
    {
        var session = await Life.BeginAsync(message);
        await EngineLife.Is(session, "done");
        await Life.Board.TakeSlotAsync(Life.Project, session.Id);
        return session;
    }

    /// <summary>The same desk in the engine's next life; the first one's end is the end of all.</summary>
    public Desk In(EngineLife next) => new(next, settings);

    /// <summary>Every file that a line could change: names and bytes. Locks say nothing.</summary>
    public Dictionary<string, string> Files() => new[] { Life.State, settings.Paths.Config }
        .Where(Directory.Exists)
        .SelectMany(root => Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories))
        .Where(file => Path.GetFileName(file) != "lock")
        .ToDictionary(file => file, file => Convert.ToBase64String(File.ReadAllBytes(file)));

    public async ValueTask DisposeAsync()
    {
        await Life.DisposeAsync();
        Models.Dispose();
        settings.Dispose();
    }
}

/// <summary>One terminal, without a screen: lines go in, replies come out, and it looks at one session.</summary>
internal sealed class TestTerminal(Desk desk, string project)
{
    private readonly SeenList seen = new();
    private Session? session;
    private Watcher watcher = null!;

    public string Project => project;

    public Session Session => session!;

    /// <summary>Types a line, and gives the reply as text: its lines, its rows, or what is wrong.</summary>
    public async Task<string> TypeAsync(string line) => Text(await LineAsync(line));

    /// <summary>Types a line.</summary>
    public async Task<Reply> LineAsync(string line)
    {
        try
        {
            switch (LineKinds.Of(line))
            {
                case LineKind.Command:
                    return await CommandTable.RunAsync(Context(), line.Trim());
                case LineKind.Shell:
                    return await ShellLine.RunAsync(Context(), line.Trim());
                case LineKind.Message:
                    await Session.SubmitAsync(line, Context().Environment);
                    return new Reply();
                default:
                    return new Reply();
            }
        }
        catch (SettingsFailure e)
        {
            return new Reply(Error: new ErrorInfo(e.Message, e.Hint));
        }
    }

    /// <summary>Moves the view.</summary>
    public async Task LookAsync(Session next)
    {
        var follows = new Watcher(() => { }, (_, _) => { });
        await next.WatchAsync(follows, desk.Life.Terminal);
        var (left, leaving) = (session, watcher);
        (session, watcher) = (next, follows);
        await LeaveAsync(left, leaving);
    }

    /// <summary>The terminal is closed, or its connection lost: it makes no difference.</summary>
    public Task CloseAsync() => LeaveAsync(session, watcher);

    private static string Text(Reply reply) => reply.Error is { } error
        ? $"{error.What} {error.Hint}".TrimEnd()
        : string.Join('\n', [
            .. reply.Lines ?? [], .. reply.Table?.Rows.Select(row => string.Join(" | ", row.Select(c => c.Text))) ?? [], .. reply.After ?? [],
        ]);

    private async Task LeaveAsync(Session? left, Watcher leaving)
    {
        if (left is not null)
        {
            await left.UnwatchAsync(leaving);
            desk.Life.Sessions.ForgetUnborn(left);
        }
    }

    private CommandContext Context() => new()
    {
        Sessions = desk.Life.Sessions,
        Settings = desk.Settings,
        Models = desk.Models,
        Project = project,
        Environment = desk.Life.Terminal with { Directory = project },
        Session = session,
        LookAsync = LookAsync,
        Seen = seen,
        Paths = new PathCompletion(TimeProvider.System),
        Time = TimeProvider.System,
    };
}
