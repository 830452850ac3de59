using System.Runtime.CompilerServices;
using System.Text;
using Berth.Core.Models;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>What a compaction needs.</summary>
/// <param name="Context">The fold of what is stored so far.</param>
/// <param name="Tools">The tools of every request: the summary's begins as the others do, so that a provider knows it already.</param>
/// <param name="Running">What goes on beside the conversation, a line each.</param>
/// <param name="ImageBytes">The bytes of a kept image; null when they are gone.</param>
internal sealed record CompactionNeeds(
    Func<Context> Context, IReadOnlyList<ToolDescription> Tools, Func<IReadOnlyList<string>> Running,
    Func<string, ReadOnlyMemory<byte>?> ImageBytes);

/// <summary>
/// Makes room in a context: the model sums up its older part in a call of its own, and the newest stays word for word. As
/// the turn it yields events and stores nothing; whatever fails, nothing is lost.
/// </summary>
internal sealed class Compaction(CompactionNeeds needs)
{
    /// <summary>A person asked for it.</summary>
    public const string Asked = "asked";

    /// <summary>The context is close to the model's limit.</summary>
    public const string Limit = "limit";

    /// <summary>The provider found the request too long.</summary>
    public const string Refused = "refused";

    // Of what a model takes, this part is left free for the summary.
    private const int AnswerShare = 8;

    /// <summary>Whether the context is so close to the model's limit that the next request must wait for it.</summary>
    /// <param name="at">The share of the limit from which on; null: never by itself.</param>
    public bool IsDue(NamedModel model, double? at)
    {
        var context = needs.Context();
        if (model.Limit is not { } limit || at is not { } share)
        {
            return false;
        }

        // Until a provider has counted them, tools are in no count.
        var tokens = context.Size.Tokens + (context.Size.IsCounted ? 0 : needs.Tools.Sum(SizeOf));
        return tokens >= limit * share && tokens >= context.Compaction.TokensThen + limit / Limits.CompactionGrowthShare
            && CompactionPlan.Of(context, limit) is not null;
    }

    /// <summary>Whether a request that a provider found too long may be made shorter: once, until an answer came.</summary>
    public bool MayAnswerRefusal() =>
        needs.Context() is { Compaction.AnswersRefusal: false } context && CompactionPlan.Of(context, null) is not null;

    /// <summary>Yields the events of one compaction; the last one says whether it succeeded.</summary>
    /// <exception cref="OperationCanceledException">It was interrupted; nothing has changed.</exception>
    public async IAsyncEnumerable<SessionEvent> RunAsync(
        NamedModel model, string cause, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var context = needs.Context();
        var before = context.Size.Tokens;
        yield return new CompactionStarted(cause, before, model.Name);
        if (CompactionPlan.Of(context, model.Limit) is not { } plan)
        {
            yield return new CompactionFailed(before, "There is nothing to compact.", null);
            yield break;
        }

        var summary = new Summary();
        await foreach (var retry in SumUpAsync(model, plan, context, summary, cancellation).ConfigureAwait(false))
        {
            yield return retry;
        }

        yield return Outcome(model, plan, summary);
    }

    private SessionEvent Outcome(NamedModel model, CompactionPlan plan, Summary summary)
    {
        var context = needs.Context();
        var before = context.Size.Tokens;
        if (summary.Failure is { } failure)
        {
            return new CompactionFailed(before, failure.Message, failure.Hint);
        }

        var (read, changed) = CompactionText.Files(context);
        var text = CompactionText.Compose(summary.Text.ToString(), plan, context.Todos, needs.Running(), read, changed);
        var (gone, come) = (plan.Head.Sum(ContextSize.Of), ContextSize.Of(new UserEntry(text)));
        var after = context.Size.After(gone, come);
        return come < gone
            ? new ContextCompacted(plan.From, text, before, after, model.Priced(summary.Usage), model.Name, read, changed)
            : new CompactionFailed(before, "The summary would be no shorter than what it stands for.", null);
    }

    private async IAsyncEnumerable<SessionEvent> SumUpAsync(
        NamedModel model, CompactionPlan plan, Context context, Summary summary,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var fixedPart = ContextSize.Of(context.Instructions ?? "") + needs.Tools.Sum(SizeOf);
        var room = model.Limit is { } limit ? Math.Max(limit - limit / AnswerShare - fixedPart, 0) : long.MaxValue;
        for (var attempt = 1; ; attempt++)
        {
            var head = Shortening.Fit(plan.Head, room);
            var ask = CompactionText.Ask(context.Compaction.Asked?.Instructions, again: attempt > 1 && summary.Failure is null);
            var request = new ModelRequest(context.Instructions ?? "", [.. head, ask], needs.Tools, needs.ImageBytes) { IsForSummary = true };
            summary.Begin();
            await foreach (var retry in HearAsync(model.Model.AnswerAsync(request, cancellation), summary).ConfigureAwait(false))
            {
                yield return retry;
            }

            if (summary.IsWhole)
            {
                yield break;
            }

            if (attempt >= Limits.CompactionTries || summary.Failure is { TooLong: false })
            {
                summary.Failure ??= new ModelFailure($"Model '{model.Name}' gave no summary.", "Try /compact again, or another model.");
                yield break;
            }

            // Nobody knows how much too long it was.
            room = summary.Failure is null ? room : Math.Min(room, head.Sum(ContextSize.Of)) / 5 * 3;
        }
    }

    // Its text is no part of the conversation: of its way nothing but a wait is told.
    private static async IAsyncEnumerable<SessionEvent> HearAsync(IAsyncEnumerable<ModelPiece> pieces, Summary summary)
    {
        await using var coming = pieces.GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            try
            {
                if (!await coming.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (ModelFailure failure)
            {
                summary.Failure = failure;
                yield break;
            }

            switch (coming.Current)
            {
                case TextPiece piece:
                    summary.Text.Append(piece.Text);
                    break;
                case RetryPiece piece:
                    yield return new StepRetrying(piece.Attempt, (int)piece.Wait.TotalMilliseconds, piece.Why);
                    break;
                case WaitPiece piece:
                    yield return AnswerEvents.Of(piece);
                    break;
                case AnswerPiece piece:
                    summary.Usage += new Usage(piece.Tokens.Input, piece.Tokens.Output, piece.Tokens.Cached);
                    summary.IsWhole = !string.IsNullOrWhiteSpace(summary.Text.ToString());
                    yield break;
            }
        }
    }

    private static long SizeOf(ToolDescription tool) =>
        ContextSize.Of(tool.Description) + ContextSize.Of(tool.Schema.GetRawText());

    /// <summary>A summary as it comes.</summary>
    private sealed class Summary
    {
        public StringBuilder Text { get; } = new();

        public Usage Usage { get; set; } = new();

        public ModelFailure? Failure { get; set; }

        public bool IsWhole { get; set; }

        public void Begin()
        {
            Text.Clear();
            Failure = null;
        }
    }
}
