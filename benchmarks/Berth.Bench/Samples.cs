namespace Berth.Bench;

/// <summary>Values of one thing that was measured several times.</summary>
internal sealed class Samples
{
    private readonly List<double> values = [];

    /// <summary>The middle one: a busy moment of the machine does not move it.</summary>
    public double Median => Part(0.5);

    /// <summary>The smallest one.</summary>
    public double Least => values.Min();

    /// <summary>How many there are.</summary>
    public int Count => values.Count;

    /// <summary>Adds a value.</summary>
    public void Add(double value) => values.Add(value);

    /// <summary>Adds a duration in milliseconds.</summary>
    public void Add(TimeSpan time) => Add(time.TotalMilliseconds);

    /// <summary>The value that this part of all values do not exceed.</summary>
    /// <param name="part">From 0 to 1; 0.99 is what people call p99.</param>
    public double Part(double part)
    {
        var sorted = values.Order().ToList();
        var place = part * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }

    /// <summary>
    /// Measures two things several times in turn, so that a slow moment of the machine meets both. The first pair only
    /// warms files and caches and does not count.
    /// </summary>
    public static (Samples First, Samples Second) Paired(int pairs, Func<double> first, Func<double> second)
    {
        var (a, b) = (new Samples(), new Samples());
        for (var i = 0; i <= pairs; i++)
        {
            var (one, other) = (first(), second());
            if (i > 0)
            {
                a.Add(one);
                b.Add(other);
            }
        }

        return (a, b);
    }
}
