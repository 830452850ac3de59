using Berth.Protocol;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>
/// The session this terminal looks at. Its history is collected until it is whole and then printed at once; what comes
/// later is printed as it becomes final.
/// </summary>
internal sealed class Conversation(MarkdownView markdown)
{
    private readonly Queue<Row> history = new();
    private readonly List<Row> scratch = [];
    private bool dropped;

    /// <summary>What the daemon said about the view; null before the first look.</summary>
    public Look? Look { get; private set; }

    /// <summary>Counts the looks: who remembers a count sees whether the view moved since.</summary>
    public int Looks { get; private set; }

    /// <summary>The fold of the events so far.</summary>
    public Transcript Transcript { get; private set; } = new(markdown);

    /// <summary>The history is not whole yet.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>The session's name, given now or found in its log.</summary>
    public string? Name => Transcript.Name ?? Look?.Name;

    /// <summary>The view moved, or came back to the session it shows.</summary>
    /// <returns>True when the transcript begins anew.</returns>
    public bool Begin(Look look)
    {
        // A session without events is never "come back to" by its cursor: it is the same empty one.
        var comesBack = Look is { } before && before.Session == look.Session && (!look.Clean || Transcript.Seq == 0);
        Look = look;
        Looks++;
        if (!comesBack)
        {
            Transcript = new Transcript(markdown);
            history.Clear();
            dropped = look.After > 0;
        }

        IsLoading = !comesBack && look.Last > Transcript.Seq && !look.Fresh;
        return !comesBack;
    }

    /// <summary>Takes events; those that are known already or belong elsewhere are passed over.</summary>
    /// <param name="context">Lays out the history that comes in the meantime.</param>
    public void Add(EventBatch batch, DrawContext context)
    {
        if (Look is not { } look || batch.Session != look.Session)
        {
            return;
        }

        foreach (var (stored, _) in batch.Lines)
        {
            if (stored.Seq > Transcript.Seq)
            {
                Transcript.Apply(stored);
            }
        }

        if (IsLoading)
        {
            KeepHistory(context);
            IsLoading = Transcript.Seq < look.Last;
        }
    }

    /// <summary>The history is as whole as it will get: its daemon is gone.</summary>
    public void EndLoading() => IsLoading = false;

    /// <summary>Adds the rows that are to be printed now; none while the history is not whole.</summary>
    public void Collect(DrawContext context, List<Row> rows)
    {
        if (IsLoading)
        {
            return;
        }

        if (dropped && Look is { } look)
        {
            dropped = false;
            rows.Add(SessionHead.Omitted(look.Session));
            rows.Add(Row.Empty);
        }

        rows.AddRange(history);
        history.Clear();
        Transcript.Commit(context, rows);
    }

    // The oldest rows are not kept: a terminal shows the end of a long history.
    private void KeepHistory(DrawContext context)
    {
        scratch.Clear();
        Transcript.Commit(context, scratch);
        foreach (var row in scratch)
        {
            history.Enqueue(row);
            if (history.Count > Limits.HistoryLines)
            {
                history.Dequeue();
                dropped = true;
            }
        }
    }
}
