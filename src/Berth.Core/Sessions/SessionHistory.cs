using System.Text;
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
        var wasText = false;
        var messages = new List<(long After, double RowsBefore)>();
        while (cursor.TryNext(out var line))
        {
            var fields = LogLine.FieldsFromType(line);
            if (fields.StartsWith("user_message\""u8))
            {
                messages.Add((cursor.Seq - 1, rows));
            }

            // A blank row stands before an answer, however many pieces it comes in.
            var isText = fields.StartsWith("text_added\""u8);
            rows += LeastRows(fields, Math.Max(columns, 1)) + (isText && !wasText ? 1 : 0);
            wasText = isText;
        }

        var last = messages.FindLast(m => rows - m.RowsBefore >= Limits.HistoryLines);
        return last.After > 0 || begins == 0 ? last.After : messages is [var first, ..] ? first.After : begins;
    }

    // No fewer rows are drawn for it: text is never wider than the screen, and a blank row parts its paragraphs.
    private static double LeastRows(ReadOnlySpan<byte> fields, int columns) => fields switch
    {
        _ when fields.StartsWith("text_added\""u8) => TextRows(fields, columns),
        _ when fields.StartsWith("user_message\""u8) || fields.StartsWith("turn_ended\""u8) => 2,
        _ when fields.StartsWith("tool_started\""u8) => 1,
        _ => 0,
    };

    // A sign of other scripts has at most three bytes for two columns.
    private static double TextRows(ReadOnlySpan<byte> fields, int columns)
    {
        // What is escaped may be no sign at all: a line end.
        var bytes = Math.Max(0, fields.Length - FrameBytes - (2 * fields.Count((byte)'\\')));
        var width = Ascii.IsValid(fields) ? bytes : bytes * 2.0 / 3;
        return (width / columns) + fields.Count(@"\n\n"u8);
    }

    // What stands around the text in such a line.
    private const int FrameBytes = 40;
}
