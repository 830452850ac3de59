using System.Buffers;
using System.Buffers.Text;
using Berth.Platform;

namespace Berth.Core.Log;

/// <summary>
/// Looks for a text in one log. The raw bytes are searched first, and only what may hold the text is read as an event.
/// Pieces of one answer are searched together, so a word that came in two pieces is found.
/// </summary>
internal sealed class LogSearch
{
    private const int AnswerBytes = 1024 * 1024;

    private readonly TextNeedle needle;
    private readonly LogHits hits;
    private readonly ArrayBufferWriter<byte> answer = new(4096);

    // The last bytes of an answer's pieces so far, and room for the first ones of its next piece behind them.
    private readonly byte[] seam;
    private int seamLength;

    private bool answerOpen;
    private bool answerMayHold;

    public LogSearch(TextNeedle needle, Action<LogHit> found)
    {
        this.needle = needle;
        hits = new LogHits(needle, found);
        seam = new byte[2 * (needle.Length - 1)];
    }

    private static ReadOnlySpan<byte> TextAddedStart => "text_added\",\"text\":\""u8;

    private static ReadOnlySpan<byte> TurnStart => "turn_started\",\"turn\":"u8;

    /// <summary>Searches a session's log as it stands in its files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Run(string directory, CancellationToken cancellation)
    {
        foreach (var part in LogPart.Of(directory))
        {
            using var file = PrivateFiles.OpenRead(part.Path);
            var reader = new LineReader((offset, buffer) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return RandomAccess.Read(file, buffer, offset);
            }, 0);
            while (reader.TryNext(out var line) && Take(reader, line, part.UpTo))
            {
                // One line after the other, as long as they count.
            }

            EndAnswer(reader, reader.NextOffset);
        }
    }

    // False behind the last line that counts.
    private bool Take(LineReader reader, ReadOnlySpan<byte> line, long upTo)
    {
        var fields = LogLine.FieldsFromType(line);
        if (fields.IsEmpty)
        {
            return true;
        }

        if (upTo != long.MaxValue && LogLine.TryReadSeq(line, out var seq) && seq > upTo)
        {
            EndAnswer(reader, reader.LineOffset);
            return false;
        }

        if (fields.StartsWith(TextAddedStart) && LogLine.TextAfter(fields[TextAddedStart.Length..], out var text))
        {
            TakePiece(reader, fields, text);
            return true;
        }

        if (fields.StartsWith("reasoning_added"u8))
        {
            return true;
        }

        EndAnswer(reader, reader.LineOffset);
        if (fields.StartsWith(TurnStart) && Utf8Parser.TryParse(fields[TurnStart.Length..], out int begun, out _))
        {
            hits.TurnBegan(begun);
            return true;
        }

        if (needle.MayBeIn(fields) && LogLine.TryVerify(line, out _))
        {
            hits.LookInto(line);
        }

        if (fields.StartsWith("turn_ended"u8) || fields.StartsWith("session_forked"u8))
        {
            hits.TurnEnded();
        }

        return true;
    }

    private void TakePiece(LineReader reader, ReadOnlySpan<byte> fields, ReadOnlySpan<byte> text)
    {
        if (!answerOpen)
        {
            answerOpen = true;
            reader.Hold();
        }

        // The whole line is long enough to be looked at many bytes at a time; its text alone often is not.
        answerMayHold = answerMayHold || needle.MayBeIn(fields) || IsAcross(text);
        Remember(text);
        if (reader.Held(reader.NextOffset).Length > AnswerBytes)
        {
            EndAnswer(reader, reader.NextOffset);
        }
    }

    // Whether the text may begin in an earlier piece and end in this one.
    private bool IsAcross(ReadOnlySpan<byte> text)
    {
        if (!needle.MayBeginIn(seam.AsSpan(0, seamLength)))
        {
            return false;
        }

        var head = text[..Math.Min(text.Length, needle.Length - 1)];
        head.CopyTo(seam.AsSpan(seamLength));
        return needle.MayBeIn(seam.AsSpan(0, seamLength + head.Length));
    }

    private void Remember(ReadOnlySpan<byte> text)
    {
        var most = needle.Length - 1;
        if (text.Length >= most)
        {
            text[^most..].CopyTo(seam);
            seamLength = most;
            return;
        }

        var kept = Math.Min(seamLength, most - text.Length);
        seam.AsSpan(seamLength - kept, kept).CopyTo(seam);
        text.CopyTo(seam.AsSpan(kept));
        seamLength = kept + text.Length;
    }

    private void EndAnswer(LineReader reader, long end)
    {
        if (!answerOpen)
        {
            return;
        }

        if (answerMayHold)
        {
            LookIntoAnswer(reader.Held(end));
        }

        reader.LetGo();
        (answerOpen, answerMayHold, seamLength) = (false, false, 0);
    }

    private void LookIntoAnswer(ReadOnlySpan<byte> lines)
    {
        long last = 0;
        while (lines.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = lines[..end];
            lines = lines[(end + 1)..];
            var fields = LogLine.FieldsFromType(line);
            if (fields.StartsWith(TextAddedStart) && LogLine.TextAfter(fields[TextAddedStart.Length..], out var text)
                && LogLine.TryReadSeq(line, out last))
            {
                answer.Write(text);
            }
        }

        if (needle.MayBeIn(answer.WrittenSpan))
        {
            hits.LookIntoAnswer(last, answer.WrittenSpan);
        }

        answer.Clear();
    }
}
