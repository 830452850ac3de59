using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Berth.Core.Permissions;
using Berth.Core.Tools;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>What the session lends to its tool calls.</summary>
/// <param name="ContextFor">The context of the call with this id.</param>
/// <param name="Decide">Judges an action by the rules and the mode that are in force now.</param>
/// <param name="AnswerAsync">Waits for the answer to the request with this id.</param>
/// <param name="AsksNobody">Nobody can be asked: what would be asked is denied.</param>
internal sealed record ToolHost(
    Func<string, ToolContext> ContextFor,
    Func<Tool, ToolAsk, Decision> Decide,
    Func<string, CancellationToken, Task<RequestAnswered>> AnswerAsync,
    bool AsksNobody);

/// <summary>
/// Brings the open calls of one answer to their results, side by side. Permission is decided here and nowhere else. Calls
/// that a person must judge are asked for one after the other, in the answer's order; the others do not wait for them. A
/// call goes on only when the event it yielded is stored.
/// </summary>
internal sealed class ToolRunner(ToolHost host, IReadOnlyList<Tool> tools, Func<Context> context)
{
    private readonly Channel<Emission> emissions = Channel.CreateUnbounded<Emission>(new() { SingleReader = true });

    private sealed record Emission(SessionEvent Event, TaskCompletionSource Stored);

    public async IAsyncEnumerable<SessionEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var calls = Task.WhenAll(Start(stop.Token));
        _ = calls.ContinueWith(_ => emissions.Writer.TryComplete(), TaskScheduler.Default);
        try
        {
            await foreach (var emission in emissions.Reader.ReadAllAsync(stop.Token).ConfigureAwait(false))
            {
                yield return emission.Event;
                emission.Stored.SetResult();
            }

            await calls.ConfigureAwait(false);
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
        }
    }

    private List<Task> Start(CancellationToken cancellation)
    {
        var running = new List<Task>();
        var before = Task.CompletedTask;
        var inTurn = Task.CompletedTask;
        foreach (var call in context().Calls.Where(c => c.End is null))
        {
            var place = new Place(before);
            var isInTurn = Find(call.Call.Tool) is { InTurn: true };
            var waitsFor = isInTurn ? inTurn : Task.CompletedTask;
            var run = Task.Run(() => RunCallAsync(call, place, waitsFor, cancellation), cancellation);
            running.Add(run);
            before = place.Passed;
            inTurn = isInTurn ? run : inTurn;
        }

        return running;
    }

    private async Task RunCallAsync(CallState state, Place place, Task waitsFor, CancellationToken cancellation)
    {
        ToolEnded ended;
        try
        {
            await waitsFor.WaitAsync(cancellation).ConfigureAwait(false);
            ended = await ResultAsync(state, place, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (ToolInputException e)
        {
            ended = new ToolEnded(state.Call.Id, "error", e.Message, FirstLine(e.Message));
        }
        catch (Exception e)
        {
            // One of the three places where failures end: whatever a tool throws is a result for the model.
            ended = new ToolEnded(state.Call.Id, "error", $"{state.Call.Tool} failed: {e.Message}", FirstLine(e.Message));
        }
        finally
        {
            place.Pass();
        }

        await EmitAsync(ended, cancellation).ConfigureAwait(false);
    }

    private async Task<ToolEnded> ResultAsync(CallState state, Place place, CancellationToken cancellation)
    {
        var call = state.Call;
        if (state.Started)
        {
            // It ran when a former daemon died. Nobody knows what it did, and nothing is done twice.
            return TurnClose.NoResult(state, TurnClose.Interrupted);
        }

        if (Find(call.Tool) is not { } tool)
        {
            return new ToolEnded(call.Id, "error",
                $"There is no tool '{call.Tool}'. The tools are: {string.Join(", ", tools.Select(t => t.Name))}.",
                "no such tool");
        }

        var toolContext = host.ContextFor(call.Id);
        ToolInput input;
        ToolAsk ask;
        try
        {
            input = ToolInput.Parse(call.Tool, call.Arguments);
            ask = tool.Asks(input, toolContext);
        }
        catch (ToolInputException e)
        {
            return new ToolEnded(call.Id, "error", e.Message, FirstLine(e.Message));
        }

        if (await RefusalAsync(state, tool, ask, place, cancellation).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        place.Pass();
        await EmitAsync(new ToolStarted(call.Id), cancellation).ConfigureAwait(false);
        var result = await tool.Run(input, toolContext, cancellation).ConfigureAwait(false);
        return new ToolEnded(
            call.Id, result.Ok ? "ok" : "error", result.Output, result.Summary, result.Unasked ? true : null, result.Images);
    }

    // A tool that is not offered to this session does not exist for it, whatever the model has heard of.
    private Tool? Find(string name) => tools.FirstOrDefault(t => t.Name == name);

    // Null when the call may go on.
    private async Task<ToolEnded?> RefusalAsync(
        CallState state, Tool tool, ToolAsk ask, Place place, CancellationToken cancellation)
    {
        var id = state.Call.Id;
        if (state.Request is { } open)
        {
            // After a restart the request is still open, or answered already: it is the same one, not a second.
            return await AnswerAsync(state, open, cancellation).ConfigureAwait(false);
        }

        var decision = host.Decide(tool, ask);
        if (decision.Verdict is Verdict.Ask && !place.Reached.IsCompleted)
        {
            // The answer to an earlier call may have granted a rule that allows this one.
            await place.Reached.WaitAsync(cancellation).ConfigureAwait(false);
            decision = host.Decide(tool, ask);
        }

        switch (decision.Verdict)
        {
            case Verdict.Allow:
                return null;
            case Verdict.Deny:
                return new ToolEnded(id, "denied", $"Not allowed: {decision.Why}", $"denied: {FirstLine(decision.Why)}");
            case Verdict.Ask when ask.Problem is { } problem:
                // Nobody is asked for what cannot work.
                return new ToolEnded(id, "error", problem, FirstLine(problem));
            case Verdict.Ask when host.AsksNobody:
                return new ToolEnded(id, "denied",
                    $"Not allowed: a person would have to permit this ({decision.Why}), and nobody can be asked in "
                    + "this run. Do without it, or say what you would have done.", "denied: nobody could be asked", Unasked: true);
            default:
                var request = new RequestOpened(
                    $"r{context().RequestCount + 1}", id, tool.Name, ask.Title, ask.Detail, decision.Why,
                    decision.GrantRule?.ToString());
                await EmitAsync(request, cancellation).ConfigureAwait(false);
                return await AnswerAsync(state, request, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<ToolEnded?> AnswerAsync(CallState state, RequestOpened request, CancellationToken cancellation)
    {
        var answer = state.Answer ?? await host.AnswerAsync(request.Request, cancellation).ConfigureAwait(false);
        if (answer.Answer is "always" && request.Rule is { } rule)
        {
            await EmitAsync(new RuleGranted(rule, Exact: true), cancellation).ConfigureAwait(false);
        }

        var said = string.IsNullOrWhiteSpace(answer.Text) ? "" : $" The user says: {answer.Text}";
        return answer.Answer is "yes" or "always"
            ? null
            : new ToolEnded(state.Call.Id, "denied", $"The user did not allow this call.{said}", "denied by the user");
    }

    private async Task EmitAsync(SessionEvent happened, CancellationToken cancellation)
    {
        var stored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await emissions.Writer.WriteAsync(new Emission(happened, stored), cancellation).ConfigureAwait(false);
        await stored.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0];

    /// <summary>A call's place among those that a person is asked for.</summary>
    /// <param name="Reached">Nothing is to be asked for the calls before it any more.</param>
    private sealed record Place(Task Reached)
    {
        private readonly TaskCompletionSource own = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Nor for this one.</summary>
        public Task Passed => Task.WhenAll(Reached, own.Task);

        public void Pass() => own.TrySetResult();
    }
}
