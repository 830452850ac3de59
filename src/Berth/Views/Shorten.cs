using Berth.Rendering;

namespace Berth.Views;

/// <summary>Shows a part of many rows and says how many are left out.</summary>
internal static class Shorten
{
    /// <summary>The first rows.</summary>
    public static void End(List<Row> from, int most, List<Row> rows)
    {
        var shown = from.Count <= most ? from.Count : most - 1;
        rows.AddRange(from.GetRange(0, shown));
        if (shown < from.Count)
        {
            rows.Add(LeftOut(from.Count - shown));
        }
    }

    /// <summary>The last rows.</summary>
    public static void Beginning(List<Row> from, int most, List<Row> rows)
    {
        var shown = from.Count <= most ? from.Count : most - 1;
        if (shown < from.Count)
        {
            rows.Add(LeftOut(from.Count - shown));
        }

        rows.AddRange(from.GetRange(from.Count - shown, shown));
    }

    /// <summary>The first and the last rows.</summary>
    public static void Middle(List<Row> from, int most, List<Row> rows)
    {
        if (from.Count <= most)
        {
            rows.AddRange(from);
            return;
        }

        var head = most / 2;
        var tail = most - head - 1;
        rows.AddRange(from.GetRange(0, head));
        rows.Add(LeftOut(from.Count - head - tail));
        rows.AddRange(from.GetRange(from.Count - tail, tail));
    }

    private static Row LeftOut(int count) => new($"  … {Figures.Plural(count, "more line")}", Style.Dim);
}
