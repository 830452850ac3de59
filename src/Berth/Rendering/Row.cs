namespace Berth.Rendering;

/// <summary>Text in one style. What it holds can be shown as it is: <see cref="SafeText"/> made it.</summary>
/// <remarks>A class, because lists of references are compiled already when the program starts.</remarks>
internal sealed class Piece
{
    /// <summary>Makes a piece of any text, trusted or not.</summary>
    public Piece(string text, Style style = default)
    {
        Text = SafeText.Clean(text);
        Style = style;
    }

    // Parts of what is safe are safe.
    private Piece(string text, Style style, bool safe)
    {
        _ = safe;
        Text = text;
        Style = style;
    }

    /// <summary>The characters.</summary>
    public string Text { get; }

    /// <summary>Their look.</summary>
    public Style Style { get; }

    /// <summary>A part of this piece; it must not cut a cluster.</summary>
    public Piece Part(int start, int length) => new(Text.Substring(start, length), Style, safe: true);

    /// <summary>The same text in another style.</summary>
    public Piece In(Style style) => new(Text, style, safe: true);
}

/// <summary>One row of cells; before wrapping it may be wider than the screen.</summary>
internal sealed class Row
{
    private readonly Piece[] pieces;

    /// <summary>A row of these pieces.</summary>
    public Row(params Piece[] pieces)
    {
        this.pieces = pieces;
        foreach (var piece in pieces)
        {
            Width += Widths.Of(piece.Text);
            IsDisputed |= Widths.IsDisputed(piece.Text);
        }
    }

    /// <summary>A row of one piece.</summary>
    public Row(string text, Style style = default)
        : this(new Piece(text, style))
    {
    }

    /// <summary>A row with nothing in it.</summary>
    public static Row Empty { get; } = new();

    /// <summary>A horizontal line of so many cells.</summary>
    public static Row Rule(int width, Style style)
    {
        const string Line = "────────────────────────────────────────────────────────────────";
        var text = "";
        for (; width > Line.Length; width -= Line.Length)
        {
            text += Line;
        }

        return new Row(text + Line[..Math.Max(width, 0)], style);
    }

    /// <summary>Its pieces from left to right.</summary>
    public ReadOnlySpan<Piece> Pieces => pieces;

    /// <summary>Its width in cells.</summary>
    public int Width { get; }

    /// <summary>Terminals may show it wider or narrower than <see cref="Width"/> says.</summary>
    public bool IsDisputed { get; }

    /// <summary>Its characters without their look.</summary>
    public string Text
    {
        get
        {
            var text = "";
            foreach (var piece in pieces)
            {
                text += piece.Text;
            }

            return text;
        }
    }

    /// <summary>Whether both show the same.</summary>
    public bool Shows(Row other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (pieces.Length != other.pieces.Length || Width != other.Width)
        {
            return false;
        }

        for (var i = 0; i < pieces.Length; i++)
        {
            if (pieces[i].Style != other.pieces[i].Style || pieces[i].Text != other.pieces[i].Text)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>This row behind a prefix.</summary>
    public Row After(params ReadOnlySpan<Piece> prefix)
    {
        var joined = new Piece[prefix.Length + pieces.Length];
        prefix.CopyTo(joined);
        pieces.CopyTo(joined, prefix.Length);
        return new Row(joined);
    }

    /// <summary>This row, ended with <c>…</c> where it is wider than <paramref name="width"/> cells.</summary>
    public Row CutTo(int width)
    {
        if (Width <= width)
        {
            return this;
        }

        var kept = new List<Piece>(pieces.Length + 1);
        var room = width - 1;
        foreach (var piece in pieces)
        {
            var own = Widths.Of(piece.Text);
            if (own <= room)
            {
                kept.Add(piece);
                room -= own;
                continue;
            }

            var length = 0;
            while (length < piece.Text.Length)
            {
                var next = Widths.NextCluster(piece.Text.AsSpan(length));
                var cells = Widths.OfCluster(piece.Text.AsSpan(length, next));
                if (cells > room)
                {
                    break;
                }

                room -= cells;
                length += next;
            }

            kept.Add(piece.Part(0, length));
            if (width > 0)
            {
                kept.Add(new Piece("…", piece.Style));
            }

            break;
        }

        return new Row([.. kept]);
    }
}
