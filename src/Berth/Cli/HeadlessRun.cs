using System.Runtime.InteropServices;
using Berth.App;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;

namespace Berth.Cli;

/// <summary>
/// One run from its connection to its exit code. The main thread reads the daemon's stream; signals and the clock come
/// on threads of their own and only send lines, or end the connection.
/// </summary>
internal sealed class HeadlessRun : IDisposable
{
    // How long a task that was told to stop may take to say so.
    private static readonly TimeSpan StopPatience = Protocol.Limits.StopGrace + TimeSpan.FromSeconds(5);

    private readonly RunOptions options;
    private readonly Output output;
    private readonly RunFold fold = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource leaving = new();
    private readonly PosixSignalRegistration[] signals;
    private DaemonConnection? connection;
    private Timer? bound;
    private string? session;
    private bool asked;
    private bool interrupted;
    private bool terminated;
    private bool tasksStopped;

    public HeadlessRun(RunOptions options, Output output)
    {
        this.options = options;
        this.output = output;
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupted),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Terminated),
        ];
    }

    /// <summary>Connects, and shows what the daemon has to say to everybody.</summary>
    /// <exception cref="ConnectFailure">There is no daemon.</exception>
    public void Connect()
    {
        try
        {
            connection = DaemonConnection.Open(terminal: false, 80, 24, leaving.Token);
        }
        catch (OperationCanceledException)
        {
            throw Left();
        }

        foreach (var warning in output.Json ? [] : connection.Welcome.Warnings)
        {
            Output.Note(warning);
        }
    }

    /// <summary>Starts the turn and stays until it is over.</summary>
    /// <param name="typed">How many characters at the prompt's beginning a person typed: their <c>@path</c>s count.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="CliFailure">It could not be started, or its end was not seen.</exception>
    public int Run(string prompt, int typed)
    {
        var started = Start(prompt, typed);
        if (options.Background)
        {
            return Dispatched(started);
        }

        while (!fold.IsOver)
        {
            var message = Next();
            if (message.Method == DaemonMethods.Events)
            {
                Take(message);
            }
        }

        return Finished();
    }

    /// <summary>Gives the signals back and closes the connection.</summary>
    public void Dispose()
    {
        foreach (var signal in signals)
        {
            signal.Dispose();
        }

        bound?.Dispose();
        connection?.Dispose();
        leaving.Dispose();
    }

    private RunStarted Start(string prompt, int typed)
    {
        var start = new StartRun(
            prompt, options.Background, options.Model, options.Resume, options.Name, options.PermissionMode, options.Allow,
            typed);
        var answer = Begin(start);
        if (answer.Error is { } error)
        {
            throw CliFailure.Of(error);
        }

        var started = answer.Read(MessageJson.RunStarted);
        lock (gate)
        {
            session = started.Session;
            if (terminated)
            {
                throw Left();
            }

            if (interrupted)
            {
                Send("/interrupt");
            }
        }

        return started;
    }

    private WireMessage Begin(StartRun start)
    {
        lock (gate)
        {
            if (interrupted || terminated)
            {
                throw Left();
            }

            asked = true;
        }

        try
        {
            return connection!.Call(ClientMethods.Run, start, MessageJson.StartRun);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Left();
        }
    }

    private WireMessage Next()
    {
        try
        {
            return connection!.Receive() ?? throw Left();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Left();
        }
    }

    private int Dispatched(RunStarted started)
    {
        if (options.Json)
        {
            Output.Value(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("session"u8, started.Session);
                if (started.Slot is { } slot)
                {
                    writer.WriteNumber("slot"u8, slot);
                }
                else
                {
                    writer.WriteNull("slot"u8);
                }

                writer.WriteEndObject();
            });
        }
        else
        {
            output.Text(started.Slot is { } slot ? $"[#{slot}] {started.Session}\n" : $"{started.Session}\n");
        }

        return ExitCodes.Done;
    }

    private void Take(WireMessage message)
    {
        foreach (var (stored, json) in EventBatch.Read(message).Lines)
        {
            if (options.Stream)
            {
                Output.Line(json.Span);
            }

            lock (gate)
            {
                fold.Apply(stored.Event);
            }

            if (!output.Json)
            {
                RunProgress.Show(stored.Event, fold);
            }
        }

        if (fold is { OnlyTasksLeft: true, IsOver: false } && bound is null)
        {
            if (!output.Json)
            {
                Output.Note($"Waiting for background tasks: {RunProgress.Names(LiveTasks())}");
            }

            bound = new Timer(_ => StopTasks("they still ran when the time to wait was over"), null, options.Wait, Timeout.InfiniteTimeSpan);
        }
    }

    private int Finished()
    {
        if (options.Json)
        {
            Output.Value(writer => RunReport.Write(writer, session!, fold));
        }
        else if (!options.Stream && fold.Answer.Length > 0)
        {
            output.Text(fold.Answer.EndsWith('\n') ? fold.Answer : fold.Answer + "\n");
        }

        var end = fold.End!;
        switch (end.Reason)
        {
            case "cancelled":
                output.Error(new ErrorInfo($"Session {session} was cancelled.", GoOn));
                return ExitCodes.Cancelled;
            case "completed" when interrupted:
                return ExitCodes.Cancelled;
            case "completed" when fold.Denied.Count > 0:
                output.Error(new ErrorInfo(
                    $"Nobody could be asked to permit {RunProgress.Names(fold.Denied)}.",
                    "Allow it with --allow RULE or --permission-mode M."));
                return ExitCodes.Denied;
            case "completed":
                return ExitCodes.Done;
            default:
                output.Error(new ErrorInfo(end.Error ?? $"The turn of session {session} was {end.Reason}.", end.Hint ?? GoOn));
                return ExitCodes.Failed;
        }
    }

    private string GoOn => $"Go on with it: berth run --resume {session} \"…\"";

    // Why the stream ended before the run did.
    private CliFailure Left() => (terminated, interrupted, session) switch
    {
        (true, _, null) => new(new ErrorInfo("Ended by SIGTERM before a session began."), ExitCodes.Terminated),
        (true, _, _) => new(
            new ErrorInfo($"Ended by SIGTERM. Session {session} goes on.", $"See it: berth attach {session}"),
            ExitCodes.Terminated),
        (_, true, null) => new(new ErrorInfo("Cancelled before a session began."), ExitCodes.Cancelled),
        (_, true, _) => new(
            new ErrorInfo($"Left session {session} before it said that it stopped.", $"See it: berth logs {session}"),
            ExitCodes.Cancelled),
        (_, _, null) => new(
            new ErrorInfo("The daemon ended before the run began.", "Try again."), ExitCodes.Failed),
        _ when tasksStopped => new(
            new ErrorInfo($"Tasks of session {session} did not stop: {RunProgress.Names(LiveTasks())}.",
                $"Look at them: berth tasks list --session {session}"), ExitCodes.Failed),
        _ => new(
            new ErrorInfo($"The daemon ended during session {session}.", $"What came is kept: berth logs {session}"),
            ExitCodes.Failed),
    };

    private List<TaskOfRun> LiveTasks()
    {
        var live = new List<TaskOfRun>();
        foreach (var task in fold.Tasks)
        {
            if (task is { Background: true, End: null })
            {
                live.Add(task);
            }
        }

        return live;
    }

    private void Interrupted(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (gate)
        {
            if (interrupted || !asked)
            {
                // The second time, or with nothing begun, a person does not want to wait.
                interrupted = true;
                Leave();
                return;
            }

            // A session that has no name yet is interrupted as soon as it has one.
            interrupted = true;
            if (session is not null)
            {
                Send("/interrupt");
            }
        }

        StopTasks("the run was cancelled");
    }

    private void Terminated(PosixSignalContext context)
    {
        context.Cancel = true;
        lock (gate)
        {
            var again = terminated;
            terminated = true;

            // The session that is just beginning is named before this program leaves.
            if (again || !asked || session is not null)
            {
                Leave();
            }
        }
    }

    private void Leave()
    {
        leaving.Cancel();
        connection?.Dispose();
    }

    private void StopTasks(string why)
    {
        lock (gate)
        {
            var live = LiveTasks();
            if (live.Count == 0 || tasksStopped)
            {
                return;
            }

            tasksStopped = true;
            Output.Note($"Stopping background tasks, because {why}: {RunProgress.Names(live)}");
            foreach (var task in live)
            {
                Send($"/tasks /stop {task.Start.Task}");
            }

            bound?.Dispose();
            bound = new Timer(_ => Leave(), null, StopPatience, Timeout.InfiniteTimeSpan);
        }
    }

    private void Send(string line)
    {
        try
        {
            connection!.Send(ClientMethods.Line, new SendLine(line, session), MessageJson.SendLine);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The reading thread sees the same end and says it.
        }
    }
}
