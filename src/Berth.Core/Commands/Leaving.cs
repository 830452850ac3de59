using Berth.Core.Sessions;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary>What is said of a session that was just left.</summary>
internal static class Leaving
{
    /// <summary>One line when it is busy and goes on; none otherwise.</summary>
    public static IReadOnlyList<string> Lines(CommandContext context, Session? left)
    {
        if (left?.Row is not { } row)
        {
            return [];
        }

        if (left.IsAgent)
        {
            return row.State is SessionStates.Running or SessionStates.Waiting
                ? [$"Sub-agent {row.Id} (state: {row.State}) goes on. /sessions /agents lists it."]
                : [];
        }

        if (context.Board.SlotOf(row.Project, row.Id) is { } slot)
        {
            return [$"Background: {Replies.Called(row, slot)}"];
        }

        return row.State is SessionStates.Running or SessionStates.Waiting
            ? [$"All slots are in use; {row.Id} (state: {row.State}) goes on without one. /sessions lists it first."]
            : [];
    }
}
