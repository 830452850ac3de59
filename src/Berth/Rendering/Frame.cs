namespace Berth.Rendering;

/// <summary>The live region: rows, none wider than the screen, and the caret in them.</summary>
/// <param name="CaretRow">Counted from 0.</param>
/// <param name="CaretColumn">Counted from 0; always left of the screen's edge.</param>
/// <param name="CaretShown">Whether the caret is seen.</param>
internal sealed record Frame(Row[] Rows, int CaretRow, int CaretColumn, bool CaretShown = true)
{
    /// <summary>Nothing drawn: the cursor stands at the beginning of an empty row.</summary>
    public static Frame Nothing { get; } = new([], 0, 0);

    /// <summary>The number of rows below the row the cursor stands in, the region's first row counted as there.</summary>
    public int Height => Math.Max(Rows.Length, 1);
}
