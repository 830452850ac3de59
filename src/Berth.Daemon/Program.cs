using System.Collections;
using Berth.Platform;

namespace Berth.Daemon;

/// <summary><c>berthd</c>: the daemon in the foreground, as a service manager or the first client starts it.</summary>
internal static class Program
{
    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["--version"])
        {
            StandardStreams.Write(StandardStreams.Output, $"berthd {typeof(Program).Assembly.GetName().Version?.ToString(3)}\n");
            return 0;
        }

        if (arguments.Length > 0)
        {
            StandardStreams.Write(StandardStreams.Error, $"berthd: '{arguments[0]}' is not understood. Start it without arguments.\n");
            return 2;
        }

        try
        {
            return await RunAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            StandardStreams.Write(StandardStreams.Error, $"berthd: {e.Message} Mend the directory, then start again.\n");
            return 1;
        }
    }

    private static async Task<int> RunAsync()
    {
        var variables = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string)(v.Value ?? ""));
        var paths = BerthPaths.From(variables, Environment.CurrentDirectory);
        PrivateFiles.CreateDirectory(paths.Run);
        // A daemon that is just leaving is waited for.
        using var onlyOne = await FileLock.TakeAsync(
            Path.Combine(paths.Run, "daemon.lock"), TimeSpan.FromSeconds(5), TimeProvider.System, CancellationToken.None)
            .ConfigureAwait(false);
        if (onlyOne is null)
        {
            StandardStreams.Write(StandardStreams.Error, "berthd: a daemon runs already. See it with: berth daemon status\n");
            return 1;
        }

        // Sixteen turns may each wait for their disk at the same moment.
        ThreadPool.SetMinThreads(24, 4);
        await using var engine = new Engine(paths, TimeProvider.System);
        using var signals = new ShutdownSignals(_ => engine.Stop());
        await engine.RecoverAsync().ConfigureAwait(false);
        using (var listener = LocalSocket.Listen(paths.Socket))
        {
            await new Server(engine).RunAsync(listener).ConfigureAwait(false);
        }

        File.Delete(paths.Socket);
        foreach (var line in await engine.EndWorkAsync(stopTasks: true).ConfigureAwait(false))
        {
            engine.Journal(line);
        }

        return 0;
    }
}
