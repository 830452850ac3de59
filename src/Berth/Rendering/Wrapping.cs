namespace Berth.Rendering;

/// <summary>Breaks rows that are wider than the screen: at blanks and between wide characters, else where it must.</summary>
internal static class Wrapping
{
    /// <summary>Tab stops are this many cells apart.</summary>
    public const int TabWidth = 4;

    private readonly record struct Cluster(int Piece, int Start, int Length, int Width, bool IsBlank, bool IsWide);

    /// <summary>Adds the row, broken between words, to <paramref name="rows"/>.</summary>
    /// <param name="first">Stands before the first row.</param>
    /// <param name="rest">Stands before each further row; as wide as <paramref name="first"/>.</param>
    public static void Words(Row row, int width, List<Row> rows, Piece[]? first = null, Piece[]? rest = null) =>
        Break(row, width, rows, first ?? [], rest ?? [], betweenWords: true);

    /// <summary>Adds the row, broken exactly at the edge: for code and commands, where blanks matter.</summary>
    public static void Characters(Row row, int width, List<Row> rows, Piece[]? first = null, Piece[]? rest = null) =>
        Break(row, width, rows, first ?? [], rest ?? [], betweenWords: false);

    /// <summary>Cuts a text at its line ends and expands its tabs.</summary>
    public static List<string> Lines(string text)
    {
        var lines = new List<string>();
        var start = 0;
        while (true)
        {
            var end = text.IndexOf('\n', start);
            var line = end < 0 ? text[start..] : text[start..end];
            lines.Add(ExpandTabs(line.EndsWith('\r') ? line[..^1] : line));
            if (end < 0)
            {
                return lines;
            }

            start = end + 1;
        }
    }

    /// <summary>Tabs become blanks up to the next stop.</summary>
    public static string ExpandTabs(string line)
    {
        if (!line.Contains('\t'))
        {
            return line;
        }

        var expanded = new System.Text.StringBuilder(line.Length + 16);
        var column = 0;
        var rest = line.AsSpan();
        while (rest.Length > 0)
        {
            var tab = rest.IndexOf('\t');
            var text = tab < 0 ? rest : rest[..tab];
            expanded.Append(text);
            column += Widths.Of(text);
            if (tab < 0)
            {
                break;
            }

            var blanks = TabWidth - (column % TabWidth);
            expanded.Append(' ', blanks);
            column += blanks;
            rest = rest[(tab + 1)..];
        }

        return expanded.ToString();
    }

    private static void Break(Row row, int width, List<Row> rows, Piece[] first, Piece[] rest, bool betweenWords)
    {
        // A screen that is too narrow for the prefix shows the text without it.
        var indent = new Row(first).Width;
        if (indent >= width - 1)
        {
            (first, rest, indent) = ([], [], 0);
        }

        var room = Math.Max(width - indent, 1);
        if (row.Width <= room)
        {
            rows.Add(first.Length == 0 ? row : row.After(first));
            return;
        }

        var clusters = Cut(row);
        var start = 0;
        while (start < clusters.Count)
        {
            var (end, next) = EndOfRow(clusters, start, room, betweenWords);
            rows.Add(Join(row, clusters, start, end, start == 0 ? first : rest));
            start = next;
        }
    }

    // Where the row that begins at "start" ends, and where the next one begins (blanks at the break are dropped).
    private static (int End, int Next) EndOfRow(List<Cluster> clusters, int start, int room, bool betweenWords)
    {
        var used = 0;
        var end = start;
        var lastBreak = -1;
        while (end < clusters.Count && used + clusters[end].Width <= room)
        {
            used += clusters[end].Width;
            end++;
            if (end < clusters.Count && end > start
                && (clusters[end].IsBlank || clusters[end - 1].IsBlank || clusters[end].IsWide || clusters[end - 1].IsWide))
            {
                lastBreak = end;
            }
        }

        if (end == clusters.Count)
        {
            return (end, end);
        }

        // One cluster that is wider than the screen stands alone.
        end = Math.Max(end, start + 1);
        if (!betweenWords || end == clusters.Count)
        {
            return (end, end);
        }

        end = lastBreak > start ? lastBreak : end;
        var next = end;
        while (next < clusters.Count && clusters[next].IsBlank)
        {
            next++;
        }

        while (end > start + 1 && clusters[end - 1].IsBlank)
        {
            end--;
        }

        return (end, next);
    }

    private static List<Cluster> Cut(Row row)
    {
        var clusters = new List<Cluster>(row.Width);
        for (var i = 0; i < row.Pieces.Length; i++)
        {
            var text = row.Pieces[i].Text;
            for (var at = 0; at < text.Length;)
            {
                var length = Widths.NextCluster(text.AsSpan(at));
                var cells = Widths.OfCluster(text.AsSpan(at, length));
                clusters.Add(new Cluster(i, at, length, cells, text[at] == ' ', cells == 2));
                at += length;
            }
        }

        return clusters;
    }

    private static Row Join(Row row, List<Cluster> clusters, int start, int end, Piece[] prefix)
    {
        var pieces = new List<Piece>(prefix);
        for (var i = start; i < end;)
        {
            var piece = clusters[i].Piece;
            var from = clusters[i].Start;
            var to = from;
            while (i < end && clusters[i].Piece == piece)
            {
                to = clusters[i].Start + clusters[i].Length;
                i++;
            }

            pieces.Add(row.Pieces[piece].Part(from, to - from));
        }

        return new Row([.. pieces]);
    }
}
