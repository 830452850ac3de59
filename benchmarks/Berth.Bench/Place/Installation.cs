using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Berth.Bench.Native;
using Berth.Platform;
using Berth.Tests.Testing;

namespace Berth.Bench.Place;

/// <summary>
/// A Berth of its own for one measurement: an empty BERTH_HOME with an empty project, and a model whose server runs in
/// this process. At the end, also by a signal, the processes that this started are ended and all files removed.
/// </summary>
internal sealed class Installation : IDisposable
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);
    private const int Columns = 100;
    private const int Rows = 40;

    private readonly string folder = Directory.CreateTempSubdirectory("berth-bench-").FullName;
    private readonly Programs programs;
    private readonly ScriptedModelServer server = ScriptedModelServer.Start();
    private readonly ConcurrentDictionary<PtyProcess, bool> terminals = new();
    private readonly PosixSignalRegistration[] signals;
    private int isDisposed;

    /// <summary>Makes the files; nothing is started yet.</summary>
    public Installation(Programs programs)
    {
        this.programs = programs;
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Broken),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Broken),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, Broken),
        ];
        Directory.CreateDirectory(Project);
        Paths = BerthPaths.From(Variables, folder);
        PrivateFiles.CreateDirectory(Paths.Config);
        File.WriteAllText(
            Path.Combine(Paths.Config, "models.json"),
            $$"""{"models": {"bench": {"provider": "openai", "model": "scripted", "base_url": "{{server.BaseUrl}}", "key": "env:BENCH_KEY"} } }""");
        File.WriteAllText(Path.Combine(Paths.Config, "config.json"), """{"model": "bench", "permission_mode": "bypass"}""");
        server.Answers(ModelSays.Answer);
    }

    /// <summary>Where this Berth keeps its files.</summary>
    public BerthPaths Paths { get; }

    /// <summary>Where all sessions work.</summary>
    public string Project => Path.Combine(folder, "project");

    /// <summary>The environment of every program: no variable of whoever started the bench changes a figure.</summary>
    public Dictionary<string, string> Variables => new()
    {
        ["PATH"] = "/usr/local/bin:/usr/bin:/bin",
        ["HOME"] = folder,
        ["BERTH_HOME"] = Path.Combine(folder, "home"),
        ["BENCH_KEY"] = "none",
        ["TERM"] = "xterm-256color",
        ["LANG"] = "C.UTF-8",
    };

    /// <summary>The port of the model's server.</summary>
    public int ModelPort => server.Port;

    /// <summary>The daemon's process number.</summary>
    /// <exception cref="IOException">None runs.</exception>
    public int Daemon => FindDaemon()?.Pid ?? throw new IOException("No daemon runs.");

    /// <summary>A file of this installation's folder that is not there yet.</summary>
    public string NewFile(string name) => Path.Combine(folder, $"{name}-{Guid.NewGuid():N}");

    /// <summary>How a program is started here, its output in files.</summary>
    public SpawnOptions Options(string program, params string[] arguments) =>
        new(program, arguments, Project, Variables, NewFile("out"), NewFile("err"));

    /// <summary>How <c>berth</c> is started here, its output in files.</summary>
    public SpawnOptions Berth(params string[] arguments) => Options(programs.Berth, arguments);

    /// <summary>Runs one turn without a terminal; the daemon is started if there is none.</summary>
    public void StartDaemon() => ProgramRun.Whole(Berth("run", ModelSays.Hello));

    /// <summary>Starts the daemon itself, as a client would, and waits until it listens.</summary>
    public void StartBareDaemon()
    {
        var environment = new Dictionary<string, string>(Variables)
        {
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            ["DOTNET_TieredPGO"] = "0",
        };
        var daemon = DetachedProcess.Start(new SpawnOptions(
            Path.Combine(programs.Folder, "berthd"), [], "/", environment, NewFile("out"), NewFile("err")));
        while (FindDaemon() is null)
        {
            if (daemon.Ended() is { } ended)
            {
                throw new IOException($"The daemon ended as soon as it was started: {ended}.");
            }
        }
    }

    /// <summary>Starts <c>berth</c> on a terminal of its own.</summary>
    public PtyProcess Terminal(params string[] arguments) => OnTerminal(programs.Berth, arguments);

    /// <summary>Starts a program on a terminal of its own.</summary>
    public PtyProcess OnTerminal(string program, params string[] arguments)
    {
        var terminal = PtyProcess.Start(Options(program, arguments), Columns, Rows);
        terminals[terminal] = true;
        return terminal;
    }

    /// <summary>Kills the program on a terminal, as a closed window would.</summary>
    public void Close(PtyProcess terminal)
    {
        if (terminals.TryRemove(terminal, out _))
        {
            terminal.Dispose();
        }
    }

    /// <summary>Asks the daemon to leave and waits until it has.</summary>
    /// <exception cref="IOException">It stays.</exception>
    public void StopDaemon()
    {
        if (FindDaemon() is { } known)
        {
            ProcessTable.Signal(known.Pid, known.StartTicks, SignalNumbers.Terminate);
            Waiting.Until(() => !ProcessTable.IsAlive(known.Pid, known.StartTicks), "the daemon's end", LongestEnd);
        }
    }

    /// <summary>Ends what was started and removes the files.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
        {
            return;
        }

        foreach (var terminal in terminals.Keys)
        {
            Close(terminal);
        }

        if (FindDaemon() is { } known)
        {
            ProcessTable.Signal(known.Pid, known.StartTicks, SignalNumbers.Terminate);
            if (!Waiting.For(() => !ProcessTable.IsAlive(known.Pid, known.StartTicks), LongestEnd))
            {
                ProcessTable.Signal(known.Pid, known.StartTicks, SignalNumbers.Kill);
            }
        }

        server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        foreach (var signal in signals)
        {
            signal.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    // Whoever listens on the socket of this installation was started by a client of it.
    private ProcessEntry? FindDaemon()
    {
        using var connection = LocalStream.TryConnect(Paths.Socket);
        return connection is null ? null : ProcessTable.Read(connection.PeerProcessId);
    }

    private void Broken(PosixSignalContext context)
    {
        context.Cancel = true;
        Dispose();
        Environment.Exit(128 + (context.Signal == PosixSignal.SIGINT ? 2 : context.Signal == PosixSignal.SIGTERM ? 15 : 1));
    }
}
