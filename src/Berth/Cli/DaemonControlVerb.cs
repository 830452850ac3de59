using System.Diagnostics;
using Berth.App;
using Berth.Platform;
using Berth.Protocol.Messages;

namespace Berth.Cli;

/// <summary><c>berth daemon status|stop|restart</c>.</summary>
internal static class DaemonControlVerb
{
    private const int Sigterm = 15;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(20);
    private const string Usage = "berth daemon status|stop|restart [--json]";

    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "daemon", [Usage], "the daemon that all sessions live in",
        [
            "status   pid, version, uptime, sessions, memory",
            "stop     interrupts the running turns, ends the tasks, each named, and leaves",
            "restart  the same with a new daemon after it; tasks run on",
        ],
        Run);

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--json");
        var verb = arguments.Only(Usage).TrimStart('/');
        if (verb is not ("status" or "stop" or "restart"))
        {
            throw CliFailure.Usage($"'{verb}' is no command of the daemon.", $"Right: {Usage}");
        }

        var status = Ask(verb);
        if (verb == "restart")
        {
            using var anew = DaemonConnection.Open(terminal: false, 80, 24, CancellationToken.None);
            status = Call(anew, "status") with { Ended = status?.Ended };
        }

        Show(verb, status, output);
        return ExitCodes.Done;
    }

    // Null when no daemon runs.
    private static DaemonStatus? Ask(string verb)
    {
        try
        {
            using var connection = DaemonConnection.TryOpen();
            if (connection is null)
            {
                return null;
            }

            var pid = connection.Welcome.Pid;
            var started = CurrentProcess.StartTicks(pid);
            var status = Call(connection, verb);
            if (verb != "status")
            {
                WaitForItsEnd(pid, started);
            }

            return status;
        }
        catch (ConnectFailure e) when (e.Pid is { } pid && verb != "status")
        {
            // One that does not understand us, or hangs, still knows the signal.
            var started = CurrentProcess.StartTicks(pid);
            ProcessTable.Signal(pid, started, Sigterm);
            WaitForItsEnd(pid, started);
            return new DaemonStatus(false, pid, "", 0, 0, 0, "");
        }
    }

    private static DaemonStatus Call(DaemonConnection connection, string verb)
    {
        var answer = connection.Call(ClientMethods.Daemon, new Protocol.Messages.DaemonVerb(verb), MessageJson.DaemonVerb);
        return answer.Error is { } error ? throw CliFailure.Of(error) : answer.Read(MessageJson.DaemonStatus);
    }

    private static void WaitForItsEnd(int pid, long started)
    {
        var began = Stopwatch.GetTimestamp();
        while (ProcessTable.IsAlive(pid, started))
        {
            if (Stopwatch.GetElapsedTime(began) > LongestEnd)
            {
                throw new CliFailure(
                    new ErrorInfo($"The daemon (pid {pid}) is still there after {LongestEnd.TotalSeconds} seconds.", $"End it: kill -9 {pid}"),
                    ExitCodes.Failed);
            }

            CancellationToken.None.WaitHandle.WaitOne(Look);
        }
    }

    private static void Show(string verb, DaemonStatus? status, Output output)
    {
        if (output.Json)
        {
            WriteJson(verb == "stop" ? false : status is { Running: true }, status);
            return;
        }

        foreach (var line in status?.Ended ?? [])
        {
            output.Text(line + "\n");
        }

        output.Text(status is null || verb == "stop"
            ? status is null ? "No daemon runs.\n" : $"The daemon (pid {status.Pid}) has ended.\n"
            : $"running: pid {status.Pid}, version {status.Version}, up {Uptime(status.UptimeS)}, "
                + $"{(status.Sessions == 1 ? "1 session" : $"{status.Sessions} sessions")}, {status.MemoryMb} MB, from {status.Build}\n");
    }

    private static void WriteJson(bool running, DaemonStatus? status) => Output.Value(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("running"u8, running);
        if (status is not null)
        {
            writer.WriteNumber("pid"u8, status.Pid);
            writer.WriteString("version"u8, status.Version);
            writer.WriteNumber("uptime_s"u8, status.UptimeS);
            writer.WriteNumber("sessions"u8, status.Sessions);
            writer.WriteNumber("memory_mb"u8, status.MemoryMb);
            writer.WriteString("build"u8, status.Build);
            writer.WriteStartArray("ended"u8);
            foreach (var line in status.Ended ?? [])
            {
                writer.WriteStringValue(line);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    });

    private static string Uptime(long seconds) => seconds switch
    {
        < 60 => $"{seconds} s",
        < 3600 => $"{seconds / 60} min",
        _ => $"{seconds / 3600} h {seconds / 60 % 60} min",
    };
}
