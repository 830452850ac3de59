using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// Counts characters that are no blanks. Rows of the same text hold the same ink in the same order however wide the
/// screen is, so that what was printed can be told from what was not, after a change of the width too.
/// </summary>
internal static class Ink
{
    /// <summary>The ink of a row.</summary>
    public static int Of(Row row)
    {
        var ink = 0;
        foreach (var piece in row.Pieces)
        {
            foreach (var c in piece.Text)
            {
                ink += c == ' ' ? 0 : 1;
            }
        }

        return ink;
    }

    /// <summary>The ink of rows.</summary>
    public static int Of(List<Row> rows)
    {
        var ink = 0;
        foreach (var row in rows)
        {
            ink += Of(row);
        }

        return ink;
    }

    /// <summary>Adds the rows behind so much ink; a row that holds its end is shown from there on.</summary>
    public static void Skip(List<Row> from, int ink, List<Row> rows)
    {
        foreach (var row in from)
        {
            var own = ink > 0 ? Of(row) : 0;
            if (ink == 0)
            {
                rows.Add(row);
            }
            else if (own > ink)
            {
                rows.Add(Rest(row, ink));
                ink = 0;
            }
            else
            {
                ink -= own;
            }
        }
    }

    private static Row Rest(Row row, int ink)
    {
        var pieces = new List<Piece>();
        foreach (var piece in row.Pieces)
        {
            var at = 0;
            for (; at < piece.Text.Length && (ink > 0 || (pieces.Count == 0 && piece.Text[at] == ' ')); at++)
            {
                ink -= piece.Text[at] == ' ' ? 0 : 1;
            }

            if (at < piece.Text.Length)
            {
                pieces.Add(piece.Part(at, piece.Text.Length - at));
            }
        }

        return new Row([.. pieces]);
    }
}
