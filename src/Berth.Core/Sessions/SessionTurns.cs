using Berth.Core.Agent;
using Berth.Core.Models;
using Berth.Core.Tools;
using Berth.Protocol.Events;

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
    /// <returns>The sequence number of the message.</returns>
    /// <exception cref="IOException">It could not be stored; nothing happened.</exception>
    public Task<long> SubmitAsync(string text, TerminalEnvironment brings, bool asksNobody = false) =>
        WithOpenAsync(async () =>
        {
            environment = brings;
            var after = state.Seq;
            await BeginAsync([new UserMessage(text)], "message", asksNobody).ConfigureAwait(false);
            return after;
        });

    /// <summary>Ends the running turn. Its foreground commands are stopped, background ones go on.</summary>
    /// <returns>False when no turn is open.</returns>
    public Task<bool> InterruptAsync(string reason = TurnClose.Cancelled) => WithOpenAsync(async () =>
    {
        if (!state.Context.TurnOpen)
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
    });

    /// <summary>Answers an open request; the first answer wins.</summary>
    /// <param name="request">Its id; null: the oldest open one.</param>
    /// <param name="answer">"yes", "no" or "always".</param>
    /// <returns>The request that was answered; null when it is not open (any more).</returns>
    /// <exception cref="IOException">The answer could not be stored.</exception>
    public Task<RequestOpened?> AnswerAsync(string? request, string answer, string? text, TerminalEnvironment brings) =>
        WithOpenAsync(async () =>
        {
            environment ??= brings;
            var open = request is null ? state.Requests.FirstOrDefault() : state.Requests.Find(r => r.Request == request);
            if (open is null)
            {
                return null;
            }

            var answered = new RequestAnswered(open.Request, answer, text);
            await AppendAsync([answered], durable: true).ConfigureAwait(false);
            if (answers.Remove(open.Request, out var waiting))
            {
                waiting.SetResult(answered);
            }

            return open;
        });

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
        if (state.Context.TurnOpen)
        {
            await AppendAsync(events, durable: true).ConfigureAwait(false);
            return;
        }

        MarkBusy(true);
        await AppendAsync([.. events, new TurnStarted(state.Turns + 1, cause)], durable: true).ConfigureAwait(false);
        Run(asksNobody);
    }

    private void Run(bool asksNobody)
    {
        var running = new RunningTurn(asksNobody);
        turn = running;
        running.Ended = Task.Run(() => DriveAsync(running));
    }

    private async Task DriveAsync(RunningTurn running)
    {
        (string Reason, string? Error, string? Hint)? cut = null;
        try
        {
            var needs = new TurnNeeds(
                () => Volatile.Read(ref state).Context,
                () => host.Policy.Model(Facts()),
                () => host.Policy.Instructions(Facts()),
                Tools(running),
                host.Time);
            await foreach (var e in new TurnLoop(needs).RunAsync(running.Stop.Token).ConfigureAwait(false))
            {
                await mailbox.AskAsync(() => StoreAsync(running, e)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (running.Stop.IsCancellationRequested)
        {
            cut = running.Abandoned ? null : (running.StopReason, null, null);
        }
        catch (ModelFailure e)
        {
            cut = (TurnClose.Failed, e.Message, e.Hint);
        }
        catch (Exception e)
        {
            // The session's own failure (a full disk, a fault of ours) ends this turn, never the daemon.
            cut = (TurnClose.Failed, e.Message, e is IOException ? "Nothing that was shown is lost. Try again when it is mended." : null);
        }

        await mailbox.AskAsync(() => AfterTurnAsync(running, cut)).ConfigureAwait(false);
    }

    // What a tool is about to do, and what a person takes as done, is on the disk first; the rest follows soon after.
    private async ValueTask StoreAsync(RunningTurn running, SessionEvent e)
    {
        running.Stop.Token.ThrowIfCancellationRequested();
        await AppendAsync([e], durable: e is not (TextAdded or ReasoningAdded or ToolEnded or StepEnded or StepRetrying))
            .ConfigureAwait(false);
    }

    private async ValueTask AfterTurnAsync(RunningTurn running, (string Reason, string? Error, string? Hint)? cut)
    {
        if (cut is { } why && !await TryCloseTurnAsync(why.Reason, why.Error, why.Hint).ConfigureAwait(false))
        {
            _ = CloseLaterAsync(running, why);
            return;
        }

        turn = null;
        answers.Clear();
        running.Dispose();
        if (state.Context.Queued.IsEmpty || closing)
        {
            UnmarkIfQuiet();
            CloseIfCold();
            return;
        }

        // A message that came when the turn was already at its end begins the next one.
        await BeginAsync([], "message", running.AsksNobody).ConfigureAwait(false);
    }

    private async ValueTask<bool> TryCloseTurnAsync(string reason, string? error, string? hint)
    {
        try
        {
            await CloseTurnAsync(reason, error, hint).ConfigureAwait(false);
            return true;
        }
        catch (IOException e)
        {
            Tell($"The end of the turn cannot be stored: {e.Message} It is tried again until it can.", "error");
            return false;
        }
    }

    private async Task CloseLaterAsync(RunningTurn running, (string Reason, string? Error, string? Hint) why)
    {
        await Task.Delay(RetryStore, host.Time).ConfigureAwait(false);
        await mailbox.AskAsync(() => AfterTurnAsync(running, why)).ConfigureAwait(false);
    }

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
                Time = host.Time,
                StartAsync = command => mailbox.AskAsync(() => StartTaskAsync(command)),
            };
        },
        (tool, ask) => host.Policy.Decide(Facts(), tool.Name, ask.Action),
        WaitForAnswerAsync,
        running.AsksNobody);

    private async Task<RequestAnswered> WaitForAnswerAsync(string request, CancellationToken cancellation)
    {
        var answer = await mailbox.AskAsync(() => new ValueTask<Task<RequestAnswered>>(AnswerTo(request)))
            .ConfigureAwait(false);
        return await answer.WaitAsync(cancellation).ConfigureAwait(false);
    }

    // An answer may have come between the request and this question.
    private Task<RequestAnswered> AnswerTo(string request)
    {
        if (state.Context.Calls.Find(c => c.Answer?.Request == request)?.Answer is { } answered)
        {
            return Task.FromResult(answered);
        }

        if (!answers.TryGetValue(request, out var waiting))
        {
            waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            answers[request] = waiting;
        }

        return waiting.Task;
    }

    private void UnmarkIfQuiet()
    {
        if (!state.Busy)
        {
            MarkBusy(false);
        }
    }
}
