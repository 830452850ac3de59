using System.Globalization;

namespace Berth.Protocol.Events;

/// <summary>Large counts as people read them.</summary>
public static class TokenFigures
{
    /// <summary>"950", "1.2k", "48k", "1.3M".</summary>
    public static string Short(long count) => count switch
    {
        < 1_000 => count.ToString(CultureInfo.InvariantCulture),
        < 10_000 => (Math.Floor(count / 100.0) / 10).ToString("0.0", CultureInfo.InvariantCulture) + "k",
        < 1_000_000 => (count / 1_000).ToString(CultureInfo.InvariantCulture) + "k",
        _ => (Math.Floor(count / 100_000.0) / 10).ToString("0.0", CultureInfo.InvariantCulture) + "M",
    };

    /// <summary>The line that every view has for a compaction.</summary>
    public static string Line(ContextCompacted done) =>
        $"context compacted: {Short(done.TokensBefore)} → {Short(done.TokensAfter)} tokens";
}
