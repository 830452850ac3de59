namespace Berth.Core.Tools.Editing;

/// <summary>How like one line is to others: the share of letter pairs they have in common (Dice's coefficient).</summary>
internal sealed class Likeness
{
    private const int Longest = 400;

    private readonly Dictionary<(char, char), int> pairs = [];
    private readonly Dictionary<(char, char), int> left = [];
    private readonly int count;

    /// <param name="line">The line that others are compared with; white space and case do not count.</param>
    public Likeness(string line)
    {
        count = Count(line, pair => pairs[pair] = pairs.GetValueOrDefault(pair) + 1);
    }

    /// <summary>From 0 (nothing in common) to 1 (the same letters in the same pairs).</summary>
    public double To(ReadOnlySpan<char> line)
    {
        if (count == 0)
        {
            return 0;
        }

        left.Clear();
        var common = 0;
        var others = Count(line, pair =>
        {
            if (left.GetValueOrDefault(pair) < pairs.GetValueOrDefault(pair))
            {
                left[pair] = left.GetValueOrDefault(pair) + 1;
                common++;
            }
        });
        return 2.0 * common / (count + others);
    }

    private static int Count(ReadOnlySpan<char> line, Action<(char, char)> add)
    {
        var (before, count) = ('\0', 0);
        foreach (var c in line[..Math.Min(line.Length, Longest)])
        {
            if (char.IsWhiteSpace(c))
            {
                continue;
            }

            var lower = char.ToLowerInvariant(c);
            if (before != '\0')
            {
                add((before, lower));
                count++;
            }

            before = lower;
        }

        return count;
    }
}
