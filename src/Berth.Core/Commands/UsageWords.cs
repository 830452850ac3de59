using System.Globalization;
using System.Text.Json;
using Berth.Core.Settings;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary>Tokens and cost as commands show them.</summary>
internal static class UsageWords
{
    /// <summary>"12,345 in (1,200 cached), 678 out".</summary>
    public static string Tokens(Usage usage)
    {
        var cached = usage.CachedTokens > 0 ? string.Create(CultureInfo.InvariantCulture, $" ({usage.CachedTokens:N0} cached)") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{usage.InputTokens:N0} in{cached}, {usage.OutputTokens:N0} out");
    }

    /// <summary>"$1.23"; a dash where no model had prices.</summary>
    public static string Cost(Usage usage) => usage.Cost is { } cost ? Dollars.Of(cost) : "–";

    /// <summary>All of them together.</summary>
    public static Usage Sum(IEnumerable<SessionRow> rows) => rows.Aggregate(new Usage(), static (sum, row) => sum + row.Usage);

    /// <summary>Writes them as a field; the cost is null where no model had prices.</summary>
    public static void Write(Utf8JsonWriter writer, string name, Usage usage)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("input_tokens", usage.InputTokens);
        writer.WriteNumber("output_tokens", usage.OutputTokens);
        writer.WriteNumber("cached_tokens", usage.CachedTokens);
        if (usage.Cost is { } cost)
        {
            writer.WriteNumber("cost", cost);
        }
        else
        {
            writer.WriteNull("cost");
        }

        writer.WriteEndObject();
    }
}
