using Berth.Protocol.Events;

namespace Berth.Views;

/// <summary>Numbers as people read them.</summary>
internal static class Figures
{
    /// <summary>"8s", "1m 05s", "2h 03m".</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Max(time.TotalSeconds, 0);
        return seconds < 60 ? $"{seconds}s"
            : seconds < 3600 ? $"{seconds / 60}m {seconds % 60:00}s"
            : $"{seconds / 3600}h {seconds / 60 % 60:00}m";
    }

    /// <summary>"950", "1.2k", "48k", "1.3M".</summary>
    public static string Count(long count) => TokenFigures.Short(count);

    /// <summary>One or many.</summary>
    public static string Plural(int count, string word) => count == 1 ? $"1 {word}" : $"{count} {word}s";
}
