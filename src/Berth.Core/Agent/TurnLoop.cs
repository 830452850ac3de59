using System.Runtime.CompilerServices;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>What a turn needs from its session.</summary>
/// <param name="Context">The fold of what is stored so far.</param>
/// <param name="Model">The model for the next step, with its name; asked before every step, so that a change counts.</param>
/// <param name="InstructionsAsync">The system text, made when the first step needs it.</param>
/// <param name="Offered">The tools that the model may call.</param>
/// <param name="Tools">What tool calls get.</param>
/// <param name="Time">The clock.</param>
/// <param name="ImageBytes">The bytes of a kept image; null when they are gone.</param>
/// <param name="Budgets">What may be used; asked before every step.</param>
/// <param name="CompactAt">The share of the model's limit from which on the context is compacted; null: never by itself.</param>
/// <param name="Running">What goes on beside the conversation, a line each.</param>
internal sealed record TurnNeeds(
    Func<Context> Context, Func<NamedModel> Model, Func<Task<string>> InstructionsAsync, Func<IReadOnlyList<Tool>> Offered,
    ToolHost Tools, TimeProvider Time, Func<string, ReadOnlyMemory<byte>?> ImageBytes, Func<Budgets> Budgets,
    Func<double?> CompactAt, Func<IReadOnlyList<string>> Running);

/// <summary>A model and the name people call it by.</summary>
/// <param name="Prices">What its tokens cost; null when nobody said.</param>
/// <param name="Limit">Tokens that it takes; null when nobody knows.</param>
internal sealed record NamedModel(string Name, IModel Model, ModelPrices? Prices = null, long? Limit = null)
{
    /// <summary>The tokens with their cost at today's prices: what was paid does not change when they do.</summary>
    public Usage Priced(Usage usage) => Prices is null
        ? usage
        : usage with { Cost = Prices.CostOf(usage.InputTokens, usage.OutputTokens, usage.CachedTokens) };
}

/// <summary>
/// One turn, as the events it consists of. It stores nothing: every event it yields must be stored before it is
/// resumed, and it looks at the fold again to find its next step. So it can begin anywhere: after a crash, a
/// restart, or an answer that took three days.
/// </summary>
internal sealed class TurnLoop(TurnNeeds needs)
{
    private readonly Compaction compaction = new(new CompactionNeeds(needs.Context, Offered(needs), needs.Running, needs.ImageBytes));

    /// <summary>Yields events until the turn is over.</summary>
    /// <exception cref="ModelFailure">The model gave no whole answer; the caller closes the turn.</exception>
    /// <exception cref="OperationCanceledException">The turn was interrupted; the caller closes it.</exception>
    public async IAsyncEnumerable<SessionEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var began = needs.Time.GetTimestamp();
        while (true)
        {
            switch (TurnSteps.Next(needs.Context()))
            {
                case TurnStep.RunTools:
                    await foreach (var e in new ToolRunner(needs.Tools, needs.Offered(), needs.Context).RunAsync(cancellation))
                    {
                        yield return e;
                    }

                    break;

                case TurnStep.CallModel:
                    var budgets = needs.Budgets();
                    if (TurnBounds.End(needs.Context(), budgets) is { } bound)
                    {
                        yield return bound with { Seconds = Since(began) };
                        yield break;
                    }

                    foreach (var remark in TurnBounds.Remarks(needs.Context(), budgets))
                    {
                        yield return remark;
                    }

                    await foreach (var e in CallModelAsync(cancellation))
                    {
                        yield return e;
                    }

                    break;

                case TurnStep.Compact:
                    await foreach (var e in compaction.RunAsync(needs.Model(), Compaction.Asked, cancellation))
                    {
                        yield return e;
                    }

                    break;

                case TurnStep.End:
                    yield return End(Since(began));
                    yield break;

                default:
                    yield break;
            }
        }
    }

    // A turn that only compacts has failed when that has.
    private TurnEnded End(double seconds) =>
        needs.Context() is { LastStop: CompactionState.Cause, Compaction.Failed: { } failed }
            ? new TurnEnded(TurnClose.Failed, "The context was not compacted; nothing is lost.", failed.Hint, seconds)
            : new TurnEnded(TurnClose.Completed, null, null, seconds);

    private double Since(long began) => needs.Time.GetElapsedTime(began).TotalSeconds;

    private async IAsyncEnumerable<SessionEvent> CallModelAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var model = needs.Model();
        var cause = compaction.IsDue(model, needs.CompactAt()) ? Compaction.Limit : null;
        if (cause is null)
        {
            var tooLong = new TooLong();
            await foreach (var e in AnswerAsync(model, tooLong, cancellation))
            {
                yield return e;
            }

            cause = tooLong.IsSaid ? Compaction.Refused : null;
        }

        if (cause is not null)
        {
            await foreach (var e in compaction.RunAsync(model, cause, cancellation))
            {
                yield return e;
            }
        }
    }

    private async IAsyncEnumerable<SessionEvent> AnswerAsync(
        NamedModel model, TooLong tooLong, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var before = needs.Context();
        yield return new StepStarted(
            before.Steps + 1, model.Name, before.Instructions is null ? await needs.InstructionsAsync().ConfigureAwait(false) : null);

        var now = needs.Context();
        var request = new ModelRequest(now.Instructions ?? "", now.Messages, Offered(needs), needs.ImageBytes);
        var answer = model.Model.AnswerAsync(request, cancellation);
        await using var events = new AnswerEvents(needs.Time).OfAsync(answer, cancellation).GetAsyncEnumerator(cancellation);
        while (true)
        {
            try
            {
                if (!await events.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (ModelFailure failure) when (failure.TooLong && compaction.MayAnswerRefusal())
            {
                tooLong.IsSaid = true;
                yield break;
            }

            yield return events.Current is StepEnded ended
                ? WithUniqueIds(ended, now) with { Usage = model.Priced(ended.Usage) } : events.Current;
        }
    }

    private static ToolDescription[] Offered(TurnNeeds needs) =>
        [.. needs.Offered().Select(t => new ToolDescription(t.Name, t.Description, t.Schema))];

    private sealed class TooLong
    {
        public bool IsSaid { get; set; }
    }

    // An id must name one call in the whole conversation; a provider that repeats or forgets ids gets ours.
    private static StepEnded WithUniqueIds(StepEnded ended, Context context)
    {
        if (ended.Calls.Count == 0)
        {
            return ended;
        }

        var taken = context.Messages.OfType<ToolResultEntry>().Select(r => r.CallId).ToHashSet();
        return ended with { Calls = [.. ended.Calls.Select((call, i) => Unique(call, i))] };

        ToolCall Unique(ToolCall call, int index)
        {
            var id = call.Id;
            for (var n = 0; id.Length == 0 || !taken.Add(id); n++)
            {
                id = $"call_{context.Messages.Count}_{index}{(n == 0 ? "" : $"_{n}")}";
            }

            return call with { Id = id };
        }
    }
}
