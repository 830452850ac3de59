using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>How a turn is closed that did not come to its own end: every open call gets a result that tells the truth.</summary>
internal static class TurnClose
{
    /// <summary>The reason of a turn that a person ended.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>The reason of a turn whose daemon died.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>The reason of a turn that could not go on.</summary>
    public const string Failed = "failed";

    /// <summary>The reason of a turn whose model had nothing more to do.</summary>
    public const string Completed = "completed";

    /// <summary>The events that close the open turn; empty when none is open.</summary>
    public static IReadOnlyList<SessionEvent> Events(
        Context context, string reason, double seconds, string? error = null, string? hint = null)
    {
        if (!context.TurnOpen)
        {
            return [];
        }

        var events = new List<SessionEvent>();
        foreach (var call in context.Calls.Where(c => c.End is null))
        {
            events.Add(NoResult(call, reason));
        }

        events.Add(new TurnEnded(reason, error, hint, seconds));
        return events;
    }

    /// <summary>The result of a call that has none because its turn ended.</summary>
    internal static ToolEnded NoResult(CallState call, string reason) => (call.Started, reason) switch
    {
        (true, Interrupted) when call.Task is { } task => new ToolEnded(call.Call.Id, "unknown",
            "Unknown outcome: the program that waited for this call died meanwhile. What was started is task "
            + $"#{task}, which may run on; ask task_status before you repeat it.", "unknown outcome"),
        (true, Interrupted) => new ToolEnded(call.Call.Id, "unknown",
            "Unknown outcome: the program that ran this tool died meanwhile. The effects may be there in part or in "
            + "whole; look before you repeat it.", "unknown outcome"),
        (true, Cancelled) => new ToolEnded(call.Call.Id, "cancelled",
            "The user interrupted this call while it ran. Its effects may be there in part.", "interrupted"),
        (_, Cancelled) => new ToolEnded(call.Call.Id, "cancelled",
            "The user interrupted the turn before this call started.", "not started"),
        (true, _) => new ToolEnded(call.Call.Id, "unknown", "Unknown outcome: the turn ended meanwhile.", "unknown outcome"),
        _ => new ToolEnded(call.Call.Id, "cancelled", "Not started: the turn ended before.", "not started"),
    };

    /// <summary>What stands behind an answer that is not whole, for the model.</summary>
    internal static string CutMark(string reason) => reason switch
    {
        Cancelled => "the user interrupted this answer here",
        Interrupted => "this answer was cut off here because the program died",
        _ => "this answer was cut off here by an error",
    };
}
