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
/// Brings the open calls of one answer to their results, side by side. Permission is decided here and nowhere else,
/// one call after the other; a call goes on only when the event it yielded is stored.
/// </summary>
internal sealed class ToolRunner(ToolHost host, Func<Context> context)
{
    private readonly Channel<Emission> emissions = Channel.CreateUnbounded<Emission>(new() { SingleReader = true });
    private readonly SemaphoreSlim asking = new(1);

    private sealed record Emission(SessionEvent Event, TaskCompletionSource Stored);

    public async IAsyncEnumerable<SessionEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var open = context().Calls.Where(c => c.End is null);
        var calls = Task.WhenAll(open.Select(call => Task.Run(() => RunCallAsync(call, stop.Token), stop.Token)));
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

    private async Task RunCallAsync(CallState state, CancellationToken cancellation)
    {
        ToolEnded ended;
        try
        {
            ended = await ResultAsync(state, cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e)
        {
            // One of the three places where failures end: whatever a tool throws is a result for the model.
            ended = new ToolEnded(state.Call.Id, "error", $"{state.Call.Tool} failed: {e.Message}", FirstLine(e.Message));
        }

        await EmitAsync(ended, cancellation).ConfigureAwait(false);
    }

    private async Task<ToolEnded> ResultAsync(CallState state, CancellationToken cancellation)
    {
        var call = state.Call;
        if (ToolTable.Find(call.Tool) is not { } tool)
        {
            return new ToolEnded(call.Id, "error",
                $"There is no tool '{call.Tool}'. The tools are: {string.Join(", ", ToolTable.All.Select(t => t.Name))}.",
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

        if (await RefusalAsync(state, tool, ask, cancellation).ConfigureAwait(false) is { } refusal)
        {
            return refusal;
        }

        await EmitAsync(new ToolStarted(call.Id), cancellation).ConfigureAwait(false);
        var result = await tool.Run(input, toolContext, cancellation).ConfigureAwait(false);
        return new ToolEnded(call.Id, result.Ok ? "ok" : "error", result.Output, result.Summary);
    }

    // Null when the call may go on.
    private async Task<ToolEnded?> RefusalAsync(
        CallState state, Tool tool, ToolAsk ask, CancellationToken cancellation)
    {
        var id = state.Call.Id;
        await asking.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var decision = host.Decide(tool, ask);
            switch (decision.Verdict)
            {
                case Verdict.Allow:
                    return null;
                case Verdict.Deny:
                    return new ToolEnded(id, "denied", $"Not allowed: {decision.Why}", $"denied: {FirstLine(decision.Why)}");
                case Verdict.Ask when host.AsksNobody:
                    return new ToolEnded(id, "denied",
                        $"Not allowed: a person would have to permit this ({decision.Why}), and nobody can be asked in "
                        + "this run. Do without it, or say what you would have done.", "denied: nobody could be asked", Unasked: true);
                default:
                    return await AskAsync(state, tool, ask, decision, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            asking.Release();
        }
    }

    private async Task<ToolEnded?> AskAsync(
        CallState state, Tool tool, ToolAsk ask, Decision decision, CancellationToken cancellation)
    {
        // After a restart the request is still open, or answered already: it is the same one, not a second.
        var request = state.Request;
        if (request is null)
        {
            request = new RequestOpened(
                $"r{context().RequestCount + 1}", state.Call.Id, tool.Name, ask.Title, ask.Detail, decision.Why,
                decision.GrantRule?.ToString());
            await EmitAsync(request, cancellation).ConfigureAwait(false);
        }

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
}
