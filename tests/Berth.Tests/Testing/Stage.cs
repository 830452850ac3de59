using Berth.Platform;

namespace Berth.Tests.Testing;

/// <summary>
/// Where a story plays: an installation of its own whose model is a scripted server on the OpenAI wire, and windows with a
/// shell in which the real <c>berth</c> is started.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    private const string Prompt = "shell$ ";
    private readonly List<TmuxTerminal> terminals = [];

    /// <param name="permissionMode">What the configuration says; null: nothing at all is configured.</param>
    public Stage(string? permissionMode = "bypass")
    {
        if (permissionMode is not null)
        {
            var config = Directory.CreateDirectory(Path.Combine(Home.Home, "config")).FullName;
            File.WriteAllText(
                Path.Combine(config, "config.json"), $$"""{"model":"scripted","permission_mode":"{{permissionMode}}"}""");
            File.WriteAllText(
                Path.Combine(config, "models.json"),
                $$$"""{"models":{"scripted":{"provider":"openai","model":"m-1","base_url":"{{{Model.BaseUrl}}}"} } }""");
        }
    }

    /// <summary>The installation.</summary>
    public BerthHome Home { get; } = new();

    /// <summary>The model's server.</summary>
    public ScriptedModelServer Model { get; } = ScriptedModelServer.Start();

    /// <summary>Opens a window with a shell in it.</summary>
    public TmuxTerminal Shell(int columns = 80, int rows = 24)
    {
        var variables = new Dictionary<string, string>(Home.Variables)
        {
            ["PATH"] = $"{BerthHome.Programs}:{Environment.GetEnvironmentVariable("PATH")}",
            ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "",
            ["HOME"] = Home.Home,
            ["BERTH_HOME"] = Home.Home,
            ["LANG"] = "C.UTF-8",
            ["PS1"] = Prompt,
        };
        var terminal = new TmuxTerminal("bash --norc --noprofile", Home.Project, variables, columns, rows);
        terminals.Add(terminal);
        terminal.WaitFor(Prompt.TrimEnd());
        return terminal;
    }

    /// <summary>Opens a window, starts a call in it, and waits for its prompt.</summary>
    public TmuxTerminal Open(int columns = 80, int rows = 24, string call = "berth")
    {
        var terminal = Shell(columns, rows);
        terminal.Send(call);
        terminal.WaitFor("Ask for something");
        return terminal;
    }

    /// <summary>Ends the daemon by SIGKILL and waits until it is gone.</summary>
    public async Task KillDaemonAsync()
    {
        var daemon = Home.Daemon!.Value;
        var started = CurrentProcess.StartTicks(daemon);
        ProcessTable.Signal(daemon, started, 9);
        await BerthHome.Until(() => !ProcessTable.IsAlive(daemon, started), "the daemon's end");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var terminal in terminals)
        {
            terminal.Dispose();
        }

        Home.Dispose();
        await Model.DisposeAsync();
    }
}
