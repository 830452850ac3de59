using System.Diagnostics;
using Berth.Platform;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Tests.Testing;

namespace Berth.Tests.Faults;

/// <summary>The real <c>berthd</c> on an installation of a test, ended as nobody would wish.</summary>
internal sealed class BareDaemon : IDisposable
{
    private readonly Process process;
    private readonly string socket;

    private BareDaemon(Process process, string socket)
    {
        this.process = process;
        this.socket = socket;
    }

    /// <summary>Its process.</summary>
    public int Pid => process.Id;

    /// <summary>Starts it, and waits until it answers.</summary>
    public static async Task<BareDaemon> StartAsync(BerthHome home)
    {
        var start = new ProcessStartInfo(Path.Combine(BerthHome.Programs, "berthd"))
        {
            UseShellExecute = false, WorkingDirectory = "/", RedirectStandardError = true, RedirectStandardOutput = true,
        };
        start.Environment.Clear();
        foreach (var name in new[] { "PATH", "DOTNET_ROOT" })
        {
            start.Environment[name] = Environment.GetEnvironmentVariable(name) ?? "";
        }

        start.Environment["BERTH_HOME"] = home.Home;
        var started = Process.Start(start)!;

        // Nothing but its own log goes there.
        started.ErrorDataReceived += (_, _) => { };
        started.BeginErrorReadLine();
        var daemon = new BareDaemon(started, BerthPaths.From(new Dictionary<string, string> { ["BERTH_HOME"] = home.Home }, "/").Socket);
        await BerthHome.Until(daemon.Answers, "the daemon answers");
        return daemon;
    }

    /// <summary>A client of it.</summary>
    public BareClient Connect(BerthHome home) => new(LocalStream.TryConnect(socket) ?? throw new IOException("nobody listens"), home);

    /// <summary>Ends it at once: it has no chance to say or store anything.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }

    private bool Answers()
    {
        if (process.HasExited)
        {
            throw new IOException($"the daemon ended with {process.ExitCode}");
        }

        using var stream = LocalStream.TryConnect(socket);
        return stream is not null;
    }
}

/// <summary>A client without a program of its own.</summary>
internal sealed class BareClient : IDisposable
{
    private readonly DaemonClient client;

    public BareClient(LocalStream stream, BerthHome home)
    {
        client = new DaemonClient(stream);
        var variables = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "" };
        Call(
            ClientMethods.Hello,
            new Hello(ProtocolVersion.Current, "test", "test", home.Project, variables, 0x12, Terminal: false), MessageJson.Hello);
    }

    /// <summary>Calls a method and waits for its answer.</summary>
    /// <exception cref="IOException">The daemon refuses, or is gone.</exception>
    public WireMessage Call<T>(string method, T parameters, JsonShape<T> shape)
        where T : class
    {
        var id = client.Send(method, parameters, shape);
        while (client.Receive() is { } message)
        {
            if (message.Id == id && message.Method is null)
            {
                return message.Error is null ? message : throw new IOException(message.Error.What);
            }
        }

        throw new IOException("The daemon closed the connection.");
    }

    /// <summary>Starts a session in the background.</summary>
    public RunStarted Run(string prompt) =>
        Call(ClientMethods.Run, new StartRun(prompt, Background: true), MessageJson.StartRun).Read(MessageJson.RunStarted);

    /// <summary>Says a line to a session.</summary>
    public void Say(string session, string line)
    {
        var reply = Call(ClientMethods.Line, new SendLine(line, session), MessageJson.SendLine).Read(MessageJson.Reply);
        if (reply.Error is { } error)
        {
            throw new IOException(error.What);
        }
    }

    public void Dispose() => client.Dispose();
}
