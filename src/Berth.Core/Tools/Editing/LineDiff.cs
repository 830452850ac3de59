namespace Berth.Core.Tools.Editing;

/// <summary>Which lines of one text stand in another, in order: the longest common subsequence.</summary>
internal static class LineDiff
{
    // Cells of the table; beyond that only what is equal at both ends counts as kept.
    private const long MostCells = 1_000_000;

    /// <summary>For every line of <paramref name="after"/> the index of the equal line it keeps, or -1.</summary>
    public static int[] Kept(IReadOnlyList<string> before, IReadOnlyList<string> after)
    {
        var kept = new int[after.Count];
        Array.Fill(kept, -1);
        var head = 0;
        while (head < before.Count && head < after.Count && before[head] == after[head])
        {
            kept[head] = head;
            head++;
        }

        int beforeEnd = before.Count, afterEnd = after.Count;
        while (beforeEnd > head && afterEnd > head && before[beforeEnd - 1] == after[afterEnd - 1])
        {
            kept[--afterEnd] = --beforeEnd;
        }

        if ((long)(beforeEnd - head) * (afterEnd - head) <= MostCells)
        {
            FillMiddle(before, after, head, beforeEnd, afterEnd, kept);
        }

        return kept;
    }

    /// <summary>The smallest changes, in whole lines, that make a piece of text into another one.</summary>
    /// <param name="start">Where the piece begins in the text that the changes are for.</param>
    public static IEnumerable<LineEnds.Change> Changes(int start, string before, string after)
    {
        var (old, fresh) = (Lines(before), Lines(after));
        var kept = Kept(old, fresh);
        var (at, oldAt, freshAt) = (start, 0, 0);
        while (oldAt < old.Count || freshAt < fresh.Count)
        {
            if (freshAt < fresh.Count && kept[freshAt] == oldAt)
            {
                at += old[oldAt].Length;
                oldAt++;
                freshAt++;
                continue;
            }

            var added = new System.Text.StringBuilder();
            for (; freshAt < fresh.Count && kept[freshAt] < 0; freshAt++)
            {
                added.Append(fresh[freshAt]);
            }

            var from = at;
            for (var until = freshAt < fresh.Count ? kept[freshAt] : old.Count; oldAt < until; oldAt++)
            {
                at += old[oldAt].Length;
            }

            yield return Trimmed(before[(from - start)..(at - start)], added.ToString(), from);
        }
    }

    // What is equal at the ends of a change stays untouched, byte for byte: also the line end of a line.
    private static LineEnds.Change Trimmed(string before, string after, int start)
    {
        var head = before.AsSpan().CommonPrefixLength(after);
        var tail = 0;
        while (tail < Math.Min(before.Length, after.Length) - head && before[^(tail + 1)] == after[^(tail + 1)])
        {
            tail++;
        }

        return new LineEnds.Change(start + head, before.Length - head - tail, after[head..^tail]);
    }

    // With their line ends; the last one may have none.
    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }

    private static void FillMiddle(
        IReadOnlyList<string> before, IReadOnlyList<string> after, int head, int beforeEnd, int afterEnd, int[] kept)
    {
        // longest[i, j]: of what follows line i of the one and line j of the other.
        var longest = new int[beforeEnd - head + 1, afterEnd - head + 1];
        for (var i = beforeEnd - head - 1; i >= 0; i--)
        {
            for (var j = afterEnd - head - 1; j >= 0; j--)
            {
                longest[i, j] = before[head + i] == after[head + j]
                    ? longest[i + 1, j + 1] + 1
                    : Math.Max(longest[i + 1, j], longest[i, j + 1]);
            }
        }

        for (int i = 0, j = 0; i < beforeEnd - head && j < afterEnd - head;)
        {
            if (before[head + i] == after[head + j])
            {
                kept[head + j++] = head + i++;
            }
            else if (longest[i + 1, j] >= longest[i, j + 1])
            {
                i++;
            }
            else
            {
                j++;
            }
        }
    }
}
