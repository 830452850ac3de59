using Berth.Rendering;

namespace Berth.Views;

/// <summary>The request waits until the limits of the model's key let it pass; gone when it did.</summary>
internal sealed class WaitBlock(string why, DateTimeOffset since, DateTimeOffset? until) : IBlock
{
    /// <summary>The wait is over.</summary>
    public bool Ended { get; set; }

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Note;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows) => IsFinished = Ended;

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        if (Ended)
        {
            return;
        }

        var time = until is { } end ? Figures.Duration(Rounded(end - context.Now)) : $"for {Figures.Duration(context.Now - since)}";
        rows.Add(new Row(
            new Piece("◷ ", new Style(Color.Yellow)),
            new Piece($"Waiting for the provider's limit, {time}: {why}")).CutTo(context.Columns));
    }

    private static TimeSpan Rounded(TimeSpan left) => TimeSpan.FromSeconds(Math.Max(Math.Ceiling(left.TotalSeconds), 0));
}
