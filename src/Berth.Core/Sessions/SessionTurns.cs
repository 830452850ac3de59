using System.Net;
using System.Threading.Channels;
using Berth.Core.Agent;
using Berth.Core.Instructions;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Core.Web;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of a session that runs turns: messages in, interrupts, answers, the end.
internal sealed partial class Session
{
    private static readonly TimeSpan RetryStore = TimeSpan.FromSeconds(2);

    private RunningTurn? turn;

    /// <summary>A turn that runs in this process.</summary>
    private sealed class RunningTurn(bool asksNobody) : IDisposable
    {
        public CancellationTokenSource Stop { get; } = new();

        public bool AsksNobody { get; } = asksNobody;

        public string StopReason { get; set; } = TurnClose.Cancelled;

        /// <summary>Nothing begins after it, whatever is queued.</summary>
        public bool IsLast { get; set; }

        /// <summary>The person knows that its end cannot be stored yet.</summary>
        public bool IsTold { get; set; }

        /// <summary>The turn stays open in the log: the next daemon goes on with it.</summary>
        public bool Abandoned { get; set; }

        public Task Ended { get; set; } = Task.CompletedTask;

        public void Dispose() => Stop.Dispose();
    }

    /// <summary>
    /// Takes a person's message. It is on disk when this returns; a running turn gets it at its next step, else a turn
    /// begins.
    /// </summary>
    /// <param name="asksNobody">The turn that this begins may ask nobody (a headless run).</param>
    /// <param name="images">Images in the message, kept in <see cref="Images"/>.</param>
    /// <param name="typed">The part of it that a person typed, whose <c>@path</c>s count; null: none of it.</param>
    /// <param name="behind">What stands behind the text for the model, before what it mentions.</param>
    /// <returns>The sequence number of the message.</returns>
    /// <exception cref="IOException">It could not be stored; nothing happened.</exception>
    public async Task<long> SubmitAsync(
        string text, TerminalEnvironment brings, bool asksNobody = false, IReadOnlyList<StoredImage>? images = null,
        string? typed = null, IReadOnlyList<MentionedPath>? behind = null)
    {
        var mentioned = typed is null ? MentionExpansion.None : await MentionedAsync(typed, brings).ConfigureAwait(false);
        var message = WithMentions(new UserMessage(text, images, behind), mentioned);
        return await WithOpenAsync(async () =>
        {
            environment = brings;
            var after = state.Seq;
            NoteMentioned(mentioned);
            await BeginAsync([message, .. await NameItselfAsync(text).ConfigureAwait(false)], "message", asksNobody)
                .ConfigureAwait(false);
            return after;
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends the running turn, and the person's own command that is waited for. Foreground commands are stopped,
    /// background ones go on. A message that waits for the turn's next step begins the next turn.
    /// </summary>
    /// <returns>False when nothing is waited for.</returns>
    public Task<bool> InterruptAsync() => WithOpenAsync(async () =>
    {
        var stopped = StopOwnCommands();
        return await StopTurnAsync(TurnClose.Cancelled, isLast: false).ConfigureAwait(false) || stopped;
    });

    private async ValueTask<bool> StopTurnAsync(string reason, bool isLast)
    {
        if (turn is not null)
        {
            turn.IsLast |= isLast;
        }

        if (!state.TurnOpen)
        {
            return false;
        }

        if (turn is null)
        {
            await CloseTurnAsync(reason, null, null).ConfigureAwait(false);
            return true;
        }

        turn.StopReason = reason;
        await turn.Stop.CancelAsync().ConfigureAwait(false);
        return true;
    }

    /// <summary>Waits until the turn that runs in this process, if any, has ended and is stored.</summary>
    public async Task WhenQuietAsync()
    {
        while (await mailbox.AskAsync(() => new ValueTask<Task?>(turn?.Ended)).ConfigureAwait(false) is { } ended)
        {
            await ended.ConfigureAwait(false);
        }
    }

    // Stores what begins or feeds a turn; with no turn open, a new one.
    private async ValueTask BeginAsync(IReadOnlyList<SessionEvent> events, string cause, bool asksNobody)
    {
        if (state.TurnOpen && turn is null)
        {
            // A former daemon left it open, and it could not be closed when the log was opened.
            await CloseTurnAsync(TurnClose.Interrupted, null, null).ConfigureAwait(false);
        }

        if (state.TurnOpen)
        {
            await AppendAsync(events, durable: true).ConfigureAwait(false);
            return;
        }

        RefuseWhenClosing();
        MarkBusy(true);
        await AppendAsync([.. Reminders(), .. events, new TurnStarted(state.Turns + 1, cause)], durable: true).ConfigureAwait(false);
        Run(asksNobody);
    }

    private void RefuseWhenClosing()
    {
        if (closing)
        {
            throw new ChannelClosedException("The daemon is leaving.");
        }
    }

    private void Run(bool asksNobody)
    {
        var running = new RunningTurn(asksNobody);
        turn = running;
        running.Ended = Task.Run(() => DriveAsync(running));
    }

    private async Task DriveAsync(RunningTurn running)
    {
        var cut = await RunToItsEndAsync(running).ConfigureAwait(false);
        while (!await mailbox.AskAsync(() => AfterTurnAsync(running, cut)).ConfigureAwait(false))
        {
            await Task.Delay(RetryStore, host.Time).ConfigureAwait(false);
        }
    }

    // Never throws: whatever happens is how the turn ends. Null when the turn has ended itself, or stays open.
    private async Task<TurnEnded?> RunToItsEndAsync(RunningTurn running)
    {
        try
        {
            var needs = new TurnNeeds(
                () => Volatile.Read(ref state).Context,
                () => host.Policy.Model(Facts()),
                () => host.Policy.InstructionsAsync(Facts()),
                OfferedTools,
                Tools(running),
                host.Time,
                Images.Read,
                () => host.Policy.Budgets(Facts()),
                () => host.Policy.CompactAt(Facts()),
                RunningTasks);
            await foreach (var e in new TurnLoop(needs).RunAsync(running.Stop.Token).ConfigureAwait(false))
            {
                await mailbox.AskAsync(() => StoreAsync(running, e)).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception) when (running.Stop.IsCancellationRequested)
        {
            // Whatever broke while it was being stopped broke for that reason.
            return running.Abandoned ? null : new TurnEnded(running.StopReason, null, null, 0);
        }
        catch (ModelFailure e)
        {
            return new TurnEnded(TurnClose.Failed, e.Message, e.Hint, 0);
        }
        catch (Exception e)
        {
            // The session's own failure (a full disk, a fault of ours) ends this turn, never the daemon.
            return new TurnEnded(
                TurnClose.Failed, e.Message, e is IOException ? "Nothing that was shown is lost. Try again when it is mended." : null, 0);
        }
    }

    // What a tool is about to do, and what a person takes as done, is on the disk first; the rest follows soon after.
    private async ValueTask StoreAsync(RunningTurn running, SessionEvent e)
    {
        running.Stop.Token.ThrowIfCancellationRequested();
        await AppendAsync([e], durable: e is not (TextAdded or ReasoningAdded or ToolEnded or StepEnded or StepRetrying or StepWaiting))
            .ConfigureAwait(false);
    }

    /// <returns>False when the disk does not take what must be stored now; to be tried again.</returns>
    private async ValueTask<bool> AfterTurnAsync(RunningTurn running, TurnEnded? cut)
    {
        if (turn != running)
        {
            // Another turn has begun while this one tried to.
            return true;
        }

        try
        {
            if (cut is not null)
            {
                await CloseTurnAsync(cut.Reason, cut.Error, cut.Hint).ConfigureAwait(false);
            }

            if (GoesOn(running))
            {
                answers.Clear();
                await BeginAsync([], NextCause(), running.AsksNobody).ConfigureAwait(false);
                running.Dispose();
                return true;
            }
        }
        catch (IOException e) when (!closing)
        {
            if (!running.IsTold)
            {
                running.IsTold = true;
                Tell($"The end of the turn cannot be stored: {e.Message} It is tried again until it can.", SessionStates.Error);
            }

            return false;
        }
        catch (IOException)
        {
            // The daemon leaves; the next one finds the turn open and closes it.
        }

        turn = null;
        answers.Clear();
        running.Dispose();
        UnmarkIfQuiet();
        CloseIfCold();
        return true;
    }

    // What came when the turn was already at its end begins the next one; after an interrupt only a person does. What a
    // turn began with and could not take to the model waits for the next message: it would only fail again.
    private bool GoesOn(RunningTurn running) =>
        !closing && !running.IsLast && state.Context is { TurnOpen: false } and ({ Steps: > 0 } or { LastStop: CompactionState.Cause })
        && (state.LastEnd is { Reason: TurnClose.Completed }
            ? state.Context.HasNews || state.Context.Compaction.Asked is not null
            : state.Context.HasMessage);

    private async ValueTask CloseTurnAsync(string reason, string? error, string? hint)
    {
        var seconds = (host.Time.GetUtcNow() - state.TurnBegan).TotalSeconds;
        var events = TurnClose.Events(state.Context, reason, Math.Max(0, seconds), error, hint);
        if (events.Count > 0)
        {
            await AppendAsync(events, durable: true).ConfigureAwait(false);
        }

        if (turn is null)
        {
            UnmarkIfQuiet();
        }
    }

    private ToolHost Tools(RunningTurn running) => new(
        call =>
        {
            var facts = Facts();
            return new ToolContext
            {
                Session = Id,
                Directory = Directory,
                Project = Project,
                Call = call,
                Environment = host.Policy.ToolEnvironment(facts),
                Umask = facts.Environment.Umask,
                AutoBackgroundAfter = host.Policy.AutoBackgroundAfter(facts),
                Tasks = KnownTasks,
                Reading = number => readings.GetOrAdd(number, static _ => new TaskReading()),
                CollectedAsync = number => mailbox.AskAsync(() => CollectAsync(number)),
                Time = host.Time,
                Files = files,
                NameOf = id => host.Board.NameOf(id),
                RealPath = RealPath.Of,
                WalkFilter = tool => host.Policy.WalkFilter(Facts(), tool),
                KeepImage = Images.Keep,
                Web = new FetchNeeds(name => host.Policy.IsPrivateHost(Facts(), name), Dns.GetHostAddressesAsync, host.Time),
                KeepTodosAsync = todos => mailbox.AskAsync(async () =>
                {
                    running.Stop.Token.ThrowIfCancellationRequested();
                    await AppendAsync([new TodosChanged(todos)], durable: false).ConfigureAwait(false);
                    return true;
                }),
                Start = host.Tasks.StartProgram,
                RequireSubagents = RequireAgents,
                StartSubagentsAsync = asked =>
                {
                    // The definitions are read here: a session's turn at its mailbox is no place to wait for a disk.
                    var plans = Plans(asked, Facts(), running.AsksNobody);
                    return mailbox.AskAsync(() =>
                    {
                        running.Stop.Token.ThrowIfCancellationRequested();
                        return StartAgentsAsync(plans, asked.IsSerial, call);
                    });
                },
                StartAsync = command => mailbox.AskAsync(() =>
                {
                    // An interrupt that came first has ended the call: nothing starts after it.
                    running.Stop.Token.ThrowIfCancellationRequested();
                    return StartCommandAsync(command);
                }),
            };
        },
        (tool, ask) => host.Policy.Decide(Facts(), tool.Name, ask.Action),
        WaitForAnswerAsync,
        running.AsksNobody);

    private void UnmarkIfQuiet()
    {
        if (!state.Busy)
        {
            MarkBusy(false);
        }
    }
}
