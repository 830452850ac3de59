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
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(20);
    private const string Usage = "berth daemon status|stop|restart [--now] [--json]";

    /// <summary>Its row.</summary>
    public static Verb Row => new(
        "daemon", [Usage], "the daemon that all sessions live in",
        [
            "status   pid, version, uptime, sessions, memory",
            "stop     interrupts the running turns, ends the tasks, each named, and leaves",
            "restart  a new daemon in its place: running turns finish first, tasks run on",
            "--now    restart interrupts the running turns",
        ],
        Run);

    private static int Run(Arguments arguments, Output output)
    {
        arguments.Flag("--json");
        var now = arguments.Flag("--now");
        var verb = arguments.Only(Usage).TrimStart('/');
        if (verb is not ("status" or "stop" or "restart") || (now && verb != "restart"))
        {
            throw CliFailure.Usage($"'{verb}{(now ? " --now" : "")}' is no command of the daemon.", $"Right: {Usage}");
        }

        var status = Ask(verb, now);
        if (verb == "restart")
        {
            DaemonConnection.Open(terminal: false, 80, 24, CancellationToken.None).Dispose();
            status = Ask("status", now: false) is { } anew ? anew with { Ended = status?.Ended } : null;
        }

        Show(verb, status, output);
        return ExitCodes.Done;
    }

    // Null when no daemon runs. Turns that run are waited for: a restart interrupts nobody who was not asked.
    private static DaemonStatus? Ask(string verb, bool now)
    {
        var isTold = false;
        while (true)
        {
            using var socket = DaemonConnection.TryReach();
            if (socket is null)
            {
                return null;
            }

            var pid = socket.PeerProcessId;
            var started = CurrentProcess.StartTicks(pid);
            var status = DaemonCall.Make(socket, verb, now);
            if (status is null && !ProcessTable.IsAlive(pid, started))
            {
                continue;
            }

            status ??= Signal(verb, now, pid, started);
            if (status.Busy is not { Count: > 0 } busy)
            {
                if (verb != "status")
                {
                    WaitForItsEnd(pid, started);
                }

                return status;
            }

            if (!isTold)
            {
                isTold = true;
                TellWhatRuns(busy);
            }

            CancellationToken.None.WaitHandle.WaitOne(LookAgain);
        }
    }

    private static void TellWhatRuns(IReadOnlyList<string> busy)
    {
        Output.Note(busy.Count == 1 ? "1 turn runs and finishes first:" : $"{busy.Count} turns run and finish first:");
        foreach (var line in busy)
        {
            Output.Note($"  {line}");
        }

        Output.Note("Ctrl+C: the daemon stays as it is. To interrupt them: berth daemon restart --now");
    }

    // One that does not understand us, or hangs, still knows the signal; it ends what runs.
    private static DaemonStatus Signal(string verb, bool now, int pid, long started)
    {
        if (verb == "status" || (verb == "restart" && !now))
        {
            throw new CliFailure(
                new ErrorInfo(
                    $"The daemon (pid {pid}) hangs, or is of a version that cannot say what runs in it.",
                    "To interrupt what runs and start a new one: berth daemon restart --now"),
                ExitCodes.Failed);
        }

        ProcessTable.Signal(pid, started, Sigterm);
        return new DaemonStatus(false, pid, "", 0, 0, 0, "");
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
