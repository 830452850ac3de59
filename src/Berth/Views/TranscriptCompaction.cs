using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

// The part of a transcript that shows how the model's context is compacted. What a person sees stays whole.
internal sealed partial class Transcript
{
    private CompactionBlock? compaction;

    /// <summary>The context is being compacted.</summary>
    public bool IsCompacting => compaction is not null;

    private void ApplyCompaction(StoredEvent stored)
    {
        switch (stored.Event)
        {
            case CompactionAsked:
                // In a turn that runs it waits for the next step, and the person shall see that it is not forgotten.
                if (TurnBegan is not null)
                {
                    Note("The context is compacted before the next step.");
                }

                break;
            case CompactionStarted started:
                EndAnswer();
                compaction = new CompactionBlock(started, stored.At);
                Add(compaction);
                break;
            case ContextCompacted done:
                EndRetry();
                Usage += done.Usage;
                turnUsage += done.Usage;
                compaction?.End(done);
                compaction = null;
                break;
            case CompactionFailed failed:
                EndRetry();
                compaction?.End(failed);
                compaction = null;
                break;
        }
    }

    // A turn that ends in the middle of it leaves the context as it was.
    private void EndCompaction()
    {
        compaction?.End();
        compaction = null;
    }
}

/// <summary>A compaction: what goes on, then a rule across the history.</summary>
internal sealed class CompactionBlock(CompactionStarted started, DateTimeOffset at) : IBlock
{
    private SessionEvent? end;
    private bool ended;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Text;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>It is over.</summary>
    /// <param name="outcome">How; null when it was interrupted.</param>
    public void End(SessionEvent? outcome = null)
    {
        ended = true;
        end = outcome;
    }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (!ended)
        {
            return;
        }

        IsFinished = true;
        switch (end)
        {
            case ContextCompacted done:
                rows.Add(SessionHead.Rule(TokenFigures.Line(done), Style.Dim, context.Columns));
                break;
            case CompactionFailed failed:
                Wrapping.Words(
                    new Row($"✗ The context was not compacted; it is as it was. {failed.Why}", Palette.Error), context.Columns, rows);
                break;
            default:
                rows.Add(new Row("The compaction was interrupted; the context is as it was.", Style.Dim).CutTo(context.Columns));
                break;
        }
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var why = started.Cause switch
        {
            "limit" => "it is close to the model's limit",
            "refused" => "the model's provider found it too long",
            _ => "as you asked",
        };
        rows.Add(new Row(
            new Piece(context.Spinner + " ", new Style(Color.Yellow)),
            new Piece($"Compacting the context ({TokenFigures.Short(started.Tokens)} tokens, {why})"),
            new Piece($" · {Figures.Duration(context.Now - at)} · Esc interrupts", Style.Dim))
            .CutTo(context.Columns));
    }
}
