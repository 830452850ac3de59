using Berth.Protocol.Messages;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>What a terminal says first about the background.</summary>
internal static class Greeting
{
    private const int MostSessions = 4;

    /// <summary>One row: how many sessions there are, and those that matter most; null when there are none.</summary>
    public static Row? Of(BoardNews board)
    {
        if (board.Slots.Count == 0)
        {
            return null;
        }

        var pieces = new List<Piece> { new("In the background: ", Style.Dim) };
        var shown = 0;
        foreach (var session in board.Slots)
        {
            if (shown == MostSessions)
            {
                break;
            }

            pieces.Add(new Piece(shown++ > 0 ? " · " : "", Style.Dim));
            pieces.Add(new Piece($"[#{session.Slot}] {session.Name ?? session.Id} "));
            pieces.Add(new Piece(session.State, Palette.Of(session.State)));
        }

        var more = board.Slots.Count - shown;
        pieces.Add(new Piece(more > 0 ? $" · {more} more; /bg /list shows them" : "; /bg /list shows more", Style.Dim));
        return new Row([.. pieces]);
    }
}
