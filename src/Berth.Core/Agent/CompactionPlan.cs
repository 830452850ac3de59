using System.Collections.Immutable;
using Berth.Core.Models;
using Berth.Protocol;

namespace Berth.Core.Agent;

/// <summary>Where a context is cut.</summary>
/// <param name="Head">What a text is to stand for, oldest first.</param>
/// <param name="Kept">What stays word for word.</param>
/// <param name="From">The sequence number of the first event whose words stay.</param>
internal sealed record CompactionPlan(
    ImmutableList<ModelMessage> Head, ImmutableList<ModelMessage> Kept, long From)
{
    /// <summary>
    /// The last turns are kept whole as far as they fit; if not one does, its last steps. What nobody has answered yet is
    /// kept in any case.
    /// </summary>
    /// <param name="limit">Tokens that the model takes; null when nobody knows.</param>
    /// <returns>Null when there is nothing to compact.</returns>
    public static CompactionPlan? Of(Context context, long? limit)
    {
        // A text that stands for earlier turns is not worth another one by itself.
        var least = context.Compaction.Last is null ? 0 : 1;
        if (context.Messages.Count <= least)
        {
            return null;
        }

        var room = limit ?? long.MaxValue;
        var budget = Math.Min(Math.Min(room / 5, Limits.CompactionKeptTokens), context.Messages.Sum(ContextSize.Of) / 3);
        var mark = Fitting(context, least, budget) ?? Indispensable(context, least, room / 3);
        var at = mark?.At ?? context.Messages.Count;
        return new CompactionPlan(
            context.Messages.GetRange(0, at), context.Messages.GetRange(at, context.Messages.Count - at),
            mark?.Seq ?? (context.Marks.IsEmpty ? 1 : context.Marks[^1].Seq + 1));
    }

    private static StepMark? Fitting(Context context, int least, long budget)
    {
        StepMark? step = null;
        StepMark? turn = null;
        long size = 0;
        var end = context.Messages.Count;
        for (var i = context.Marks.Count - 1; i >= 0 && context.Marks[i].At > least; i--)
        {
            var mark = context.Marks[i];
            size += context.Messages.GetRange(mark.At, end - mark.At).Sum(ContextSize.Of);
            end = mark.At;
            if (size > budget)
            {
                break;
            }

            step = mark;
            turn = mark.BeginsTurn ? mark : turn;
        }

        return turn ?? step;
    }

    // A message without an answer, or results that the model has asked for and not seen.
    private static StepMark? Indispensable(Context context, int least, long room)
    {
        if (context.Marks.IsEmpty || context.Marks[^1] is not { } last || last.At <= least)
        {
            return null;
        }

        return context.Messages[^1] is UserEntry
            || (context.HasResults && context.Messages.Skip(last.At).Sum(ContextSize.Of) <= room)
                ? last : null;
    }
}
