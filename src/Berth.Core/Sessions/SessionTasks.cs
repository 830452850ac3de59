using Berth.Core.Agent;
using Berth.Core.Tasks;
using Berth.Core.Tools;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that owns tasks: their start, their one end, and the notice that tells of it.
internal sealed partial class Session
{
    // Several commands that end together wake an idle session once.
    private static readonly TimeSpan GatherNotices = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<long, TaskCompletionSource<TaskEnded?>> waits = [];
    private readonly Dictionary<long, Task> endings = [];
    private readonly HashSet<long> quietEnds = [];
    private bool wakePlanned;
    private bool closing;

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

    /// <summary>Ends the turn and all tasks of the session, and gives its slot free.</summary>
    /// <returns>What was ended, a line each.</returns>
    public async Task<IReadOnlyList<string>> DropAsync()
    {
        var ended = new List<string>();
        if (await InterruptAsync().ConfigureAwait(false))
        {
            ended.Add("turn cancelled");
            await Task.WhenAny(WhenQuietAsync(), Task.Delay(Limits.StopGrace, host.Time)).ConfigureAwait(false);
        }

        ended.AddRange(await StopTasksAsync().ConfigureAwait(false));
        await host.Board.FreeAsync(Project, Id).ConfigureAwait(false);
        return ended;
    }

    /// <summary>Stops the session's tasks, and what is left of ended ones.</summary>
    /// <returns>A line for each.</returns>
    public async Task<IReadOnlyList<string>> StopTasksAsync()
    {
        var stopping = host.Tasks.Of(Id).Where(t => t.IsLive || t.Survivors().Count > 0).ToList();
        var stored = await mailbox.AskAsync(() =>
        {
            quietEnds.UnionWith(stopping.Select(t => t.Number));
            return new ValueTask<Task[]>([.. stopping.Select(t => endings.GetValueOrDefault(t.Number, Task.CompletedTask))]);
        }).ConfigureAwait(false);
        await Task.WhenAll(stopping.Select(t => t.StopAsync("user"))).ConfigureAwait(false);
        await Task.WhenAll(stored).ConfigureAwait(false);
        return [.. stopping.Select(t => $"task #{t.Started.Task} stopped ({t.Started.Description ?? t.Started.Command})")];
    }

    /// <summary>
    /// Ends this session's work in this process: a turn that runs is interrupted, one that waits for a person stays
    /// open, and the log is closed.
    /// </summary>
    public async Task CloseAsync()
    {
        await mailbox.AskAsync(async () =>
        {
            closing = true;
            if (turn is not null)
            {
                turn.StopReason = TurnClose.Interrupted;
                turn.Abandoned = OnlyWaits();
                await turn.Stop.CancelAsync().ConfigureAwait(false);
            }
        }).ConfigureAwait(false);
        await WhenQuietAsync().ConfigureAwait(false);
        await mailbox.DisposeAsync().ConfigureAwait(false);
        log?.Dispose();
    }

    /// <summary>Runs a person's own command. Nobody waits for it; its end is shown, and the model is told once.</summary>
    /// <exception cref="IOException">It could not be started or stored.</exception>
    public Task<TaskStarted> RunShellAsync(string command, TerminalEnvironment brings) => WithOpenAsync(async () =>
    {
        environment ??= brings;
        var facts = Facts();
        var running = await StartTaskAsync(new ShellCommand(
            command, null, Directory, host.Policy.ToolEnvironment(facts), facts.Environment.Umask, null, "user", null))
            .ConfigureAwait(false);
        await ToBackgroundAsync(running.Task.Number, "flag").ConfigureAwait(false);
        return running.Task.Started;
    });

    private async ValueTask<RunningCommand> StartTaskAsync(ShellCommand command)
    {
        MarkBusy(true);
        var task = host.Tasks.Start(Id, Path.Combine(host.DirectoryOf(Id), "tasks"), command);
        var number = task.Number;
        var wait = new TaskCompletionSource<TaskEnded?>(TaskCreationOptions.RunContinuationsAsynchronously);
        waits[number] = wait;
        await AppendAsync([task.Started], durable: true).ConfigureAwait(false);
        endings[number] = AwaitEndAsync(task);
        return new RunningCommand(task, wait.Task, by => mailbox.AskAsync(async () =>
        {
            await ToBackgroundAsync(number, by).ConfigureAwait(false);
        }));
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
        if (by is not "flag")
        {
            host.Tasks.Find(Id, number)?.DropTimeout();
        }

        wait.SetResult(null);
        return true;
    }

    private async Task AwaitEndAsync(ShellTask task)
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

        while (true)
        {
            try
            {
                await mailbox.AskAsync(() => EndTaskAsync(task, ended)).ConfigureAwait(false);
                return;
            }
            catch (IOException e)
            {
                Tell($"The end of task #{ended.Task} cannot be stored: {e.Message} It is tried again until it can.", "error");
                await Task.Delay(RetryStore, host.Time).ConfigureAwait(false);
            }
            catch (System.Threading.Channels.ChannelClosedException)
            {
                // The same, a moment later.
                return;
            }
        }
    }

    // The one place where a task's end enters the log: as the result somebody waits for, or with a notice.
    private async ValueTask EndTaskAsync(ShellTask task, TaskEnded ended)
    {
        await OpenAsync().ConfigureAwait(false);
        if (!state.LiveTasks.ContainsKey(ended.Task))
        {
            return;
        }

        var tellsModel = state.Backgrounded.Contains(ended.Task);
        var byUser = ended.State is TaskStates.StoppedByUser || quietEnds.Remove(ended.Task) || task.Started.By == "user";
        var events = new List<SessionEvent> { ended };
        if (tellsModel && ended.State is not TaskStates.StoppedByAgent)
        {
            events.Add(Notices.For([(task.Started, ended)]) with { Wakes = !byUser });
        }

        await AppendAsync(events, durable: true).ConfigureAwait(false);
        if (waits.Remove(ended.Task, out var wait))
        {
            wait.SetResult(ended);
        }

        endings.Remove(ended.Task);
        UnmarkIfQuiet();
        if (tellsModel && !byUser && !state.Context.TurnOpen && !wakePlanned && !closing)
        {
            wakePlanned = true;
            _ = WakeAsync();
        }

        CloseIfCold();
    }

    private async Task WakeAsync()
    {
        await Task.Delay(GatherNotices, host.Time).ConfigureAwait(false);
        await WithOpenAsync(async () =>
        {
            wakePlanned = false;
            if (!state.Context.TurnOpen && !state.Context.Queued.IsEmpty && !closing)
            {
                await BeginAsync([], "notice", asksNobody: false).ConfigureAwait(false);
            }

            return true;
        }).ConfigureAwait(false);
    }

    // A turn whose every open call either has not started or waits for a person.
    private bool OnlyWaits() =>
        !state.Context.StepOpen
        && !state.Requests.IsEmpty
        && !state.Context.Calls.Exists(c => c.End is null && (c.Started || c.Answer is not null));

    private async ValueTask RecoverAsync()
    {
        foreach (var started in state.LiveTasks.Values.ToList())
        {
            endings[started.Task] = AwaitEndAsync(host.Tasks.Attach(Id, started, state.UpdatedAt));
        }

        if (!state.Context.TurnOpen)
        {
            UnmarkIfQuiet();
        }
        else if (OnlyWaits())
        {
            Run(asksNobody: false);
        }
        else
        {
            await CloseTurnAsync(TurnClose.Interrupted, null, null).ConfigureAwait(false);
        }
    }
}
