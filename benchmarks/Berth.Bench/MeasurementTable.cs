using Berth.Bench.Measurements;

namespace Berth.Bench;

/// <summary>Everything <c>./bench</c> measures, in the order of its table.</summary>
internal static class MeasurementTable
{
    public static IReadOnlyList<Measurement> All { get; } =
    [
        TerminalStart.Row, FirstStart.Row, RunTurn.Row, StreamsInDaemon.Row, StreamsOfClients.Row, Memory.Row,
        FastTokens.Row, Background.Row, Swap.Row, CommandStart.Row, CommandOutput.Row, CommandEnd.Row, ManyTasks.Row,
        Subagents.Row, SubagentCrowd.Row, Append.Row, Requests.Row, Searches.Row, Decisions.Row, Fork.Row,
        ManySessions.Row, Search.Row,
    ];
}
