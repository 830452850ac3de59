namespace Berth.Core.Tools.Editing;

/// <summary>How much deeper one level of a text is indented than the level above it.</summary>
internal static class IndentStep
{
    /// <summary>The step of a file: the white space that most often comes to a line's indentation on the next one.</summary>
    /// <returns>Null when no line is deeper than the one before it, or two steps are equally frequent.</returns>
    public static string? OfFile(string text)
    {
        var counts = new Dictionary<string, int>();
        string? before = null;
        foreach (var range in text.AsSpan().Split('\n'))
        {
            var line = text.AsSpan()[range];
            var width = line.Length - line.TrimStart().Length;
            if (width == line.Length)
            {
                continue;
            }

            // Most lines stand where the one before them does: they cost no string.
            var indent = line[..width];
            if (before is not null && indent.Length > before.Length && indent.StartsWith(before)
                && !indent[before.Length..].ContainsAnyExcept(indent[^1]))
            {
                var step = indent[before.Length..].ToString();
                counts[step] = counts.GetValueOrDefault(step) + 1;
            }

            before = before is not null && indent.SequenceEqual(before) ? before : indent.ToString();
        }

        var most = counts.Count == 0 ? 0 : counts.Values.Max();
        return counts.Count(pair => pair.Value == most) == 1 ? counts.MaxBy(pair => pair.Value).Key : null;
    }

    /// <summary>The smallest difference in width between the indentations of lines; null when there is one only.</summary>
    public static int? OfWritten(IEnumerable<string> lines)
    {
        var widths = new SortedSet<int>(lines.Where(line => !string.IsNullOrWhiteSpace(line)).Select(line => Indents.Of(line).Length));
        return widths.Count < 2 ? null : widths.Zip(widths.Skip(1), (one, next) => next - one).Min();
    }
}
