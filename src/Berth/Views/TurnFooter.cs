using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>How a turn ended.</summary>
internal static class TurnFooter
{
    /// <summary>One row, for a failure two: what happened and what to do.</summary>
    public static Row[] Rows(TurnEnded ended, Usage usage)
    {
        var figures = Figures.Duration(TimeSpan.FromSeconds(Math.Clamp(ended.Seconds, 0, 1e9))) + Tokens(usage);
        switch (ended.Reason)
        {
            case "completed":
                return [new Row($"  {figures}", Style.Dim)];
            case "cancelled":
                return [new Row($"  Interrupted · {figures}", Style.Dim)];
            case "interrupted":
                return [new Row("✗ The daemon ended during this turn. Nothing was sent again; what is above is kept.", Palette.Error)];
            default:
                var what = new Row($"✗ {ended.Error ?? "The turn failed."}", Palette.Error);
                return ended.Hint is { Length: > 0 } hint
                    ? [what, new Row($"  {hint}", Style.Dim)]
                    : [what];
        }
    }

    private static string Tokens(Usage usage) => usage.InputTokens + usage.OutputTokens == 0
        ? ""
        : $" · {Figures.Count(usage.InputTokens)} in · {Figures.Count(usage.OutputTokens)} out";
}
