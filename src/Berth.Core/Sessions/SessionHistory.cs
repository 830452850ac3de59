using Berth.Core.Log;
using Berth.Protocol;

namespace Berth.Core.Sessions;

// The part of a session that knows how much of it a view shows.
internal sealed partial class Session
{
    /// <summary>
    /// Where a view's history begins: at the beginning, or in a long session at a message of a person behind which there
    /// are at least as many rows as a terminal keeps. Valid while the caller watches the session.
    /// </summary>
    /// <param name="columns">How wide the terminal is.</param>
    public long HistoryStart(int columns)
    {
        var begins = Math.Max(0, LastSeq - Limits.HistoryEvents);
        if (LastSeq <= Limits.HistoryLines || ReadAfter(begins) is not { } cursor)
        {
            return 0;
        }

        var rows = 0.0;
        var messages = new List<(long After, double RowsBefore)>();
        while (cursor.TryNext(out var line))
        {
            var fields = LogLine.FieldsFromType(line);
            if (fields.StartsWith("user_message\""u8))
            {
                messages.Add((cursor.Seq - 1, rows));
            }

            rows += LeastRows(fields, Math.Max(columns, 1));
        }

        var last = messages.FindLast(m => rows - m.RowsBefore >= Limits.HistoryLines);
        return last.After > 0 || begins == 0 ? last.After : messages is [var first, ..] ? first.After : begins;
    }

    // No fewer rows are drawn for it: text has at most three bytes for two columns, and is never wider than the screen.
    private static double LeastRows(ReadOnlySpan<byte> fields, int columns) => fields switch
    {
        _ when fields.StartsWith("text_added\""u8) => Math.Max(0, fields.Length - FrameBytes) * 2.0 / 3 / columns,
        _ when fields.StartsWith("user_message\""u8) || fields.StartsWith("turn_ended\""u8) => 2,
        _ when fields.StartsWith("tool_started\""u8) => 1,
        _ => 0,
    };

    // What stands around the text in such a line.
    private const int FrameBytes = 40;
}
