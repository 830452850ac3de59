using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>A call that a model makes again and again with the same result.</summary>
/// <param name="Call">The first one.</param>
/// <param name="Result">What it brought, and what each after it brought too.</param>
/// <param name="Count">How often in a row.</param>
internal sealed record CallRow(ToolCall Call, ToolEnded Result, int Count)
{
    // Who waits for a task asks for it again and again; that is its purpose.
    private const string Waiting = "task_";

    /// <summary>The row after the calls of one more answer.</summary>
    public static CallRow? After(CallRow? row, IEnumerable<CallState> calls)
    {
        foreach (var state in calls)
        {
            var (call, end) = (state.Call, state.End!);
            row = call.Tool.StartsWith(Waiting, StringComparison.Ordinal) ? null
                : row is not null && row.IsSame(call, end) ? row with { Count = row.Count + 1 }
                : new CallRow(call, end, 1);
        }

        return row;
    }

    private bool IsSame(ToolCall call, ToolEnded end) =>
        call.Tool == Call.Tool && call.Arguments == Call.Arguments
        && end.Outcome == Result.Outcome && end.Output == Result.Output;
}
