using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>Kinds of blocks, as far as the space between them goes.</summary>
internal enum BlockKind
{
    None,
    Text,
    Tool,
    Note,
}

/// <summary>
/// A part of the transcript: a message, an answer, a tool call. It gives away rows as they become final, in order, and
/// draws the rest until it is finished.
/// </summary>
internal interface IBlock
{
    /// <summary>Decides the space around it.</summary>
    BlockKind Kind { get; }

    /// <summary>All its rows are final; nothing is left to draw.</summary>
    bool IsFinished { get; }

    /// <summary>Adds the rows that became final since the last call.</summary>
    void Commit(DrawContext context, List<Row> rows);

    /// <summary>Adds the rows that may still change.</summary>
    void Draw(DrawContext context, List<Row> rows);
}

/// <summary>What a person said.</summary>
internal sealed class MessageBlock(UserMessage message, bool isQueued) : IBlock
{
    private const int MostRows = 60;

    private bool isQueued = isQueued;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Text;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>The model gets it now.</summary>
    public void Take() => isQueued = false;

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (!isQueued)
        {
            DrawRows(context.Columns, rows, Style.Bold, MostRows);
            IsFinished = true;
        }
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        DrawRows(context.Columns, rows, Style.Dim, 4);
        rows.Add(new Row("  queued: the model gets it at its next step", Style.Dim).CutTo(context.Columns));
    }

    private void DrawRows(int columns, List<Row> rows, Style style, int most)
    {
        var own = new List<Row>();
        Piece[] first = [new Piece("❯ ", new Style(Color.Cyan, Emphasis.Bold))];
        Piece[] rest = [new Piece("  ")];
        foreach (var line in Wrapping.Lines(message.Text.TrimEnd()))
        {
            Wrapping.Words(new Row(line, style), columns, own, own.Count == 0 ? first : rest, rest);
        }

        Shorten.Middle(own, most, rows);
        for (var i = 0; message.Mentions is { } mentions && i < mentions.Count; i++)
        {
            var one = mentions[i];
            var what = new Piece($" ({one.What})", one.Content.Length == 0 ? new Style(Color.Yellow) : Style.Dim);
            rows.Add(new Row(new Piece("  ⎿ ", Style.Dim), new Piece(one.Name, Style.Dim), what).CutTo(columns));
        }
    }
}

/// <summary>The model's answer, as it comes.</summary>
internal sealed class AnswerBlock(MarkdownView view) : IBlock
{
    private readonly MarkdownStream stream = new(view);
    private bool ended;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Text;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Add(string text) => stream.Add(text);

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        if (!ended)
        {
            ended = true;
            stream.End();
        }
    }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        stream.Commit(context.Columns, rows);
        IsFinished = ended;
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows) => stream.Draw(context.Columns, rows);
}

/// <summary>What the model lets see of its reasoning: short, and set apart.</summary>
internal sealed class ReasoningBlock : IBlock
{
    private const int MostRows = 4;
    private const int LiveRows = 3;
    private const int KeptCharacters = 4_000;
    private static readonly Style Look = new(Color.Default, Emphasis.Dim | Emphasis.Italic);

    private string text = "";
    private string tail = "";
    private bool ended;

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Text;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <summary>Takes the next piece.</summary>
    public void Add(string piece)
    {
        // The beginning stays, the end is what moves.
        text = text.Length < KeptCharacters ? text + piece : text;
        tail += piece;
        tail = tail.Length > 2 * KeptCharacters ? tail[^KeptCharacters..] : tail;
    }

    /// <summary>Nothing more comes.</summary>
    public void End() => ended = true;

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (!ended || IsFinished)
        {
            return;
        }

        IsFinished = true;
        var own = Rows(text, context.Columns);
        Shorten.End(own, MostRows, rows);
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var own = Rows(tail, context.Columns);
        for (var i = Math.Max(own.Count - LiveRows, 0); i < own.Count; i++)
        {
            rows.Add(own[i]);
        }
    }

    private static List<Row> Rows(string text, int columns)
    {
        var rows = new List<Row>();
        Piece[] first = [new Piece("∴ ", Style.Dim)];
        Piece[] rest = [new Piece("  ")];
        foreach (var line in Wrapping.Lines(text.Trim()))
        {
            if (line.Trim().Length > 0)
            {
                Wrapping.Words(new Row(line.Trim(), Look), columns, rows, rows.Count == 0 ? first : rest, rest);
            }
        }

        return rows;
    }
}

/// <summary>A few rows that are final at once: a notice, an error, the end of a turn.</summary>
internal sealed class NoteBlock(params Row[] lines) : IBlock
{
    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Note;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        foreach (var line in lines)
        {
            Wrapping.Words(line, context.Columns, rows);
        }

        IsFinished = true;
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
    }
}

/// <summary>The request to the model failed before anything came; it is repeated at a stated time.</summary>
internal sealed class RetryBlock(StepRetryingNote note) : IBlock
{
    /// <summary>The wait is over.</summary>
    public bool Ended { get; set; }

    /// <inheritdoc/>
    public BlockKind Kind => BlockKind.Note;

    /// <inheritdoc/>
    public bool IsFinished { get; private set; }

    /// <inheritdoc/>
    public void Commit(DrawContext context, List<Row> rows)
    {
        if (Ended)
        {
            Wrapping.Words(new Row($"↻ Request {note.Attempt} failed: {note.Why}", Style.Dim), context.Columns, rows);
            IsFinished = true;
        }
    }

    /// <inheritdoc/>
    public void Draw(DrawContext context, List<Row> rows)
    {
        var left = Math.Max((int)Math.Ceiling((note.Until - context.Now).TotalSeconds), 0);
        rows.Add(new Row(
            new Piece("↻ ", new Style(Color.Yellow)),
            new Piece($"{note.Why}; trying again in {left}s (request {note.Attempt + 1})")).CutTo(context.Columns));
    }
}

/// <summary>What a retry shows.</summary>
internal sealed record StepRetryingNote(int Attempt, DateTimeOffset Until, string Why);
