using Berth.Platform;

namespace Berth.App;

/// <summary>
/// Starts the daemon that stands beside this program. Many clients may find at the same moment that nobody listens:
/// who holds the lock starts one, the others only go on trying to connect.
/// </summary>
internal sealed class DaemonStart(BerthPaths paths, IReadOnlyDictionary<string, string> variables) : IDisposable
{
    // What the daemon itself needs; everything else of a terminal reaches it with the terminal's first message and is
    // used for that terminal's sessions only. Proxies and certificates are the model calls'.
    private static readonly string[] Kept =
    [
        "PATH", "HOME", "LANG", "LC_ALL", "DOTNET_ROOT", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR",
        "SSL_CERT_FILE", "SSL_CERT_DIR", "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY",
        "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
    ];

    private FileLock? turn;
    private DetachedProcess? daemon;

    /// <summary>Where the daemon writes what it has no client to say to.</summary>
    public string Log => Path.Combine(paths.State, "daemon.log");

    /// <summary>Starts the daemon if nobody else is doing so. To be called again while nobody listens.</summary>
    /// <returns>
    /// How a daemon that this started has ended, once; null while it runs, or when another client starts it. The next
    /// call starts another.
    /// </returns>
    /// <exception cref="IOException">The directories, the lock or the program cannot be used.</exception>
    /// <exception cref="UnauthorizedAccessException">The directories belong to somebody else.</exception>
    public ExitStatus? Advance()
    {
        if (daemon is not null)
        {
            var ended = daemon.Ended();
            daemon = ended is null ? daemon : null;
            return ended;
        }

        if (turn is null)
        {
            PrivateFiles.CreateDirectory(paths.Run);
            PrivateFiles.CreateDirectory(paths.State);
            turn = FileLock.TryTake(Path.Combine(paths.Run, "start.lock"));

            // Whoever held the lock until now may have started one: look at the socket once more first.
            return null;
        }

        daemon = DetachedProcess.Start(new SpawnOptions(
            Path.Combine(ThisClient.Build, "berthd"), [], "/", Environment(), Output: null, Error: Log));
        return null;
    }

    /// <summary>Lets the other clients start one. The daemon runs on.</summary>
    public void Dispose() => turn?.Dispose();

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>
        {
            // A streamed token is one wake-up of a socket: handled where it arrives it costs half the CPU.
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
            ["DOTNET_TieredPGO"] = "0",
        };
        foreach (var name in Kept)
        {
            if (variables.TryGetValue(name, out var value))
            {
                environment[name] = value;
            }
        }

        if (paths.Home is { } home)
        {
            environment["BERTH_HOME"] = home;
        }

        return environment;
    }
}
