using System.Collections.Concurrent;
using System.Threading.Channels;
using Berth.Core.Agent;
using Berth.Core.Tasks;
using Berth.Core.Tools;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of a session that owns tasks: their start, their one end, and the notice that tells of it.
internal sealed partial class Session
{
    // Several commands that end together wake an idle session once.
    private static readonly TimeSpan GatherNotices = TimeSpan.FromMilliseconds(100);

    // Why a task is in the background that was waited for when the daemon died.
    private const string LostBy = "lost";

    private readonly Dictionary<long, TaskCompletionSource<TaskEnded?>> waits = [];
    private readonly Dictionary<long, Task> endings = [];
    private readonly HashSet<long> quietEnds = [];
    private readonly ConcurrentDictionary<long, TaskReading> readings = new();
    private bool wakePlanned;
    private volatile bool closing;

    /// <summary>All tasks of the session, oldest first: those that live, and those of which only the log knows.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public Task<IReadOnlyList<ITask>> TasksAsync() => WithOpenAsync(() => ValueTask.FromResult(KnownTasks()));

    // Asked by tools on threads of their own. A task that the first look finds live and the table no longer has has ended
    // in between: the second look knows how.
    private IReadOnlyList<ITask> KnownTasks()
    {
        var known = Volatile.Read(ref state).Tasks;
        var present = host.Tasks.Of(Id).ToDictionary(t => t.Number);
        var later = Volatile.Read(ref state).Tasks;
        return [.. known.Select(t => present.GetValueOrDefault(t.Key) ?? (later.GetValueOrDefault(t.Key) ?? t.Value).ToTask(Id))];
    }

    /// <summary>Stops the waiting for running commands; they run on, and their end brings a notice.</summary>
    /// <param name="task">One of them; null: all.</param>
    /// <returns>The tasks that went to the background.</returns>
    public Task<IReadOnlyList<TaskStarted>> BackgroundAsync(long? task, string by) => WithOpenAsync(async () =>
    {
        var moved = new List<TaskStarted>();
        foreach (var number in waits.Keys.Where(n => task is null || n == task).ToList())
        {
            if (await ToBackgroundAsync(number, by).ConfigureAwait(false))
            {
                moved.Add(state.LiveTasks[number]);
            }
        }

        return (IReadOnlyList<TaskStarted>)moved;
    });

    /// <summary>Ends the turn and all tasks of the session, and gives its slot free. Nothing begins after it.</summary>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> DropAsync()
    {
        var ended = new List<string>();
        var tasks = await WithOpenAsync(() => ValueTask.FromResult(Stoppable())).ConfigureAwait(false);
        if (await WithOpenAsync(() => StopTurnAsync(TurnClose.Cancelled, isLast: true)).ConfigureAwait(false))
        {
            ended.Add("turn cancelled");
            await Task.WhenAny(WhenQuietAsync(), Task.Delay(Limits.StopGrace, host.Time)).ConfigureAwait(false);
        }

        ended.AddRange(await StopAsync(tasks).ConfigureAwait(false));
        await host.Board.FreeAsync(Project, Id).ConfigureAwait(false);
        return ended;
    }

    /// <summary>
    /// Ends this session's work in this process: a turn that runs is interrupted, one that waits for a person stays
    /// open, and the log is closed.
    /// </summary>
    /// <param name="stopTasks">Ends the tasks too; else they run on, the foreground's as well.</param>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> CloseAsync(bool stopTasks)
    {
        var ended = new List<string>();
        var tasks = Stoppable();
        await mailbox.AskAsync(async () =>
        {
            closing = true;
            if (turn is null)
            {
                return;
            }

            if (!stopTasks)
            {
                AbandonGroups();
                await LetGoAsync().ConfigureAwait(false);
            }

            turn.StopReason = TurnClose.Interrupted;
            turn.Abandoned = state.Waits;
            if (!turn.Abandoned && state.TurnOpen)
            {
                ended.Add($"interrupted: {state.Summary}");
            }

            await turn.Stop.CancelAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
        await WhenQuietAsync().ConfigureAwait(false);
        if (stopTasks)
        {
            ended.AddRange(await StopAsync(tasks).ConfigureAwait(false));
        }

        await mailbox.DisposeAsync().ConfigureAwait(false);
        log?.Dispose();
        return ended;
    }

    // The session's tasks that live, and those that ended and left something behind. Asked before a turn is ended, so
    // that the command which ends with it is named too.
    private List<ITask> Stoppable() => [.. host.Tasks.Of(Id).Where(t => !t.Gone.IsCompleted)];

    // A line for each.
    private async Task<IReadOnlyList<string>> StopAsync(List<ITask> stopping)
    {
        var stored = await mailbox.AskAsync(() =>
        {
            quietEnds.UnionWith(stopping.Select(t => t.Number));
            return new ValueTask<Task[]>([.. stopping.Select(t => endings.GetValueOrDefault(t.Number, Task.CompletedTask))]);
        }).ConfigureAwait(false);
        await Task.WhenAll(stopping.Select(t => t.StopAsync("user"))).ConfigureAwait(false);
        // A full disk may keep the ends out of the log for longer than anybody wants to wait.
        await Task.WhenAny(Task.WhenAll(stored), Task.Delay(Limits.StopGrace, host.Time)).ConfigureAwait(false);
        return [.. stopping.Select(t => $"task #{t.Started.Task} stopped ({t.Started.Description ?? t.Started.Command})")];
    }

    // What the turn waits for runs on when the daemon leaves without stopping tasks; the next one tells of its end.
    private async ValueTask LetGoAsync()
    {
        try
        {
            foreach (var number in waits.Keys.Where(n => state.LiveTasks[n].Kind == TaskKinds.Shell).ToList())
            {
                await ToBackgroundAsync(number, "restart").ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The next daemon finds it all the same, as a task without an end.
        }
    }

    /// <summary>
    /// Runs a person's own command. The person waits for it, unless it is sent to the background; its end is shown, and
    /// the model is told once.
    /// </summary>
    /// <exception cref="IOException">It could not be started or stored.</exception>
    public Task<TaskStarted> RunShellAsync(string command, TerminalEnvironment brings, bool background) => WithOpenAsync(async () =>
    {
        environment ??= brings;
        var facts = Facts();
        var running = await StartCommandAsync(new ShellCommand(
            command, null, Directory, host.Policy.ToolEnvironment(facts), facts.Environment.Umask, null, "user", null))
            .ConfigureAwait(false);
        if (background)
        {
            await ToBackgroundAsync(running.Task.Number, "flag").ConfigureAwait(false);
        }

        return running.Task.Started;
    });

    private ValueTask<RunningTask> StartCommandAsync(ShellCommand command) =>
        StartTaskAsync(directory => host.Tasks.Start(Id, directory, command));

    // The one place where a task of any kind begins: it is in the log when this returns, and its end will be.
    private async ValueTask<RunningTask> StartTaskAsync(Func<string, ITask> start)
    {
        RefuseWhenClosing();
        if (!state.Busy)
        {
            // Else it is marked already; a mark is on the disk when it is made, and that takes its time.
            MarkBusy(true);
        }

        ITask? task = null;
        try
        {
            task = start(Path.Combine(host.DirectoryOf(Id), "tasks"));
            await AppendAsync([task.Started], durable: true).ConfigureAwait(false);
        }
        catch
        {
            // What is not in the log must not run: nobody would ever hear of its end.
            _ = task?.StopAsync("agent");
            UnmarkIfQuiet();
            throw;
        }

        var number = task.Number;
        var wait = new TaskCompletionSource<TaskEnded?>(TaskCreationOptions.RunContinuationsAsynchronously);
        waits[number] = wait;
        endings[number] = AwaitEndAsync(task, found: false);
        if (task.Started.Kind == TaskKinds.Shell)
        {
            _ = WatchForPromptAsync(task);
        }

        return new RunningTask(task, wait.Task, by => mailbox.AskAsync(() => ToBackgroundAsync(number, by)));
    }

    // The model has the outcome by asking for it. Its notice, sent or still to come, would only say it again.
    private async ValueTask CollectAsync(long number)
    {
        if (!state.Context.Collected.Contains(number))
        {
            await AppendAsync([new TaskCollected(number)], durable: false).ConfigureAwait(false);
        }
    }

    // False when the command has ended, or is there already: then its outcome says so.
    private async ValueTask<bool> ToBackgroundAsync(long number, string by)
    {
        if (!waits.TryGetValue(number, out var wait))
        {
            return false;
        }

        await AppendAsync([new TaskBackgrounded(number, by)], durable: true).ConfigureAwait(false);
        waits.Remove(number);
        if (by is "key")
        {
            // The person has taken it out of the call's hands; else a time-out that was asked for still counts.
            host.Tasks.Find(Id, number)?.DropTimeout();
        }

        wait.SetResult(null);
        return true;
    }

    /// <param name="found">It ended while no daemon ran: the model is told at its next turn and not woken.</param>
    private async Task AwaitEndAsync(ITask task, bool found)
    {
        TaskEnded ended;
        try
        {
            ended = await task.Ended.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The daemon leaves and the task runs on; the next daemon finds it by pid and start time.
            return;
        }

        for (var isTold = false; ; isTold = true)
        {
            try
            {
                await mailbox.AskAsync(() => EndTaskAsync(task, ended, found)).ConfigureAwait(false);
                return;
            }
            catch (IOException e) when (!closing)
            {
                if (!isTold)
                {
                    Tell($"The end of task #{ended.Task} cannot be stored: {e.Message} It is tried again until it can.", SessionStates.Error);
                }

                await Task.Delay(RetryStore, host.Time).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or ChannelClosedException)
            {
                // The daemon leaves a moment later than the task ended: the next one finds it ended.
                return;
            }
        }
    }

    // What it left behind is still to be found and stopped. After that the log knows all there is to know.
    private async Task ForgetWhenGoneAsync(ITask task)
    {
        await task.Gone.ConfigureAwait(false);
        host.Tasks.Forget(Id, task.Number);
    }

    // The one place where a task's end enters the log: as the result somebody waits for, or with a notice.
    private async ValueTask EndTaskAsync(ITask task, TaskEnded ended, bool found)
    {
        await OpenAsync().ConfigureAwait(false);
        if (!state.LiveTasks.ContainsKey(ended.Task))
        {
            return;
        }

        var isQuiet = found || state.Context.Collected.Contains(ended.Task) || quietEnds.Contains(ended.Task) || IsOwn(task.Started)
            || ended.State is TaskStates.StoppedByUser || state.Backgrounded.GetValueOrDefault(ended.Task) is LostBy;
        var events = new List<SessionEvent> { ended };
        if ((state.Backgrounded.ContainsKey(ended.Task) || IsOwn(task.Started)) && ended.State is not TaskStates.StoppedByAgent)
        {
            var notice = Notices.For([(task.Started, ended)], found) with { Wakes = !isQuiet };
            events.Add(task is AgentGroup group ? notice with { Text = AgentResults.Notice(group, ended) } : notice);
        }

        await AppendAsync(events, durable: true).ConfigureAwait(false);
        quietEnds.Remove(ended.Task);
        if (waits.Remove(ended.Task, out var wait))
        {
            wait.SetResult(ended);
        }

        endings.Remove(ended.Task);
        _ = ForgetWhenGoneAsync(task);
        UnmarkIfQuiet();
        if (!isQuiet && MayWake && !wakePlanned)
        {
            wakePlanned = true;
            _ = WakeAsync();
        }

        CloseIfCold();
    }

    private static bool IsOwn(TaskStarted task) => task.By == "user";

    // Ends the person's own commands that the person waits for.
    private bool StopOwnCommands()
    {
        var own = waits.Keys.Where(n => state.LiveTasks.TryGetValue(n, out var task) && IsOwn(task)).ToList();
        foreach (var number in own)
        {
            _ = host.Tasks.Find(Id, number)?.StopAsync("user");
        }

        return own.Count > 0;
    }

    // A message that an interrupted turn left in the queue waits for the person's next line: only a notice wakes.
    private bool MayWake => turn is null && !closing && state.Context is { TurnOpen: false, HasWakingNotice: true };

    private async Task WakeAsync()
    {
        await Task.Delay(GatherNotices, host.Time).ConfigureAwait(false);
        try
        {
            await mailbox.AskAsync(() => new ValueTask<bool>(wakePlanned = false)).ConfigureAwait(false);
            await WithOpenAsync(async () =>
            {
                if (MayWake)
                {
                    await BeginAsync([], "notice", asksNobody: false).ConfigureAwait(false);
                }

                return true;
            }).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            Tell($"The notice of an ended task cannot begin a turn: {e.Message} The model gets it at its next one.", SessionStates.Error);
        }
        catch (ChannelClosedException)
        {
            // The daemon leaves; the model gets the notice at its next turn.
        }
    }

    private async ValueTask RecoverAsync()
    {
        // What a turn waited for when the daemon died is in the background now: its end is told, but begins nothing.
        var lost = state.LiveTasks.Keys.Where(n => !endings.ContainsKey(n) && !state.Backgrounded.ContainsKey(n)).ToList();
        if (lost.Count > 0)
        {
            await AppendAsync([.. lost.Select(n => new TaskBackgrounded(n, LostBy))], durable: true).ConfigureAwait(false);
        }

        foreach (var started in state.LiveTasks.Values.Where(t => !endings.ContainsKey(t.Task)).ToList())
        {
            var task = host.Tasks.Attach(Id, started, state.Tasks[started.Task].At);
            endings[started.Task] = AwaitEndAsync(task, found: task.WasOver);
        }

        foreach (var known in state.Tasks.Values.Where(t => t.Ended is { Children.Count: > 0 }))
        {
            _ = ForgetWhenGoneAsync(host.Tasks.Attach(Id, known.Started, known.At, known.Ended));
        }

        if (!state.TurnOpen)
        {
            UnmarkIfQuiet();
        }
        else if (state.Waits)
        {
            Run(asksNobody: false);
        }
        else
        {
            await CloseTurnAsync(TurnClose.Interrupted, null, null).ConfigureAwait(false);
        }
    }
}
