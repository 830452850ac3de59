using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Berth.Platform;
using Berth.Protocol.Events;

namespace Berth.Core.Log;

/// <summary>A place in a log where a text was found.</summary>
/// <param name="Seq">The event; of an answer that came in pieces the last piece.</param>
/// <param name="Turn">The turn it belongs to; 0 before the first one's message.</param>
/// <param name="Where">"message", "mention", "answer", "call", "output", "request", "notice", "command" or "error".</param>
/// <param name="Line">The line with the match, cut to fit.</param>
internal sealed record LogHit(long Seq, int Turn, string Where, string Line);

/// <summary>
/// Looks for a text in one log. The raw bytes are searched first, and only what may hold the text is read as an event.
/// Pieces of one answer are searched together, so a word that came in two pieces is found.
/// </summary>
internal sealed class LogSearch(TextNeedle needle, Action<LogHit> found)
{
    private const int LongestLine = 160;
    private const int TypeWithin = 128;
    private const int AnswerBytes = 1024 * 1024;

    private readonly ArrayBufferWriter<byte> answer = new(4096);
    private long seq;
    private int turn;
    private bool isOpen;

    private static ReadOnlySpan<byte> TypeStart => "\"type\":\""u8;

    private static ReadOnlySpan<byte> TextAddedStart => "text_added\",\"text\":\""u8;

    private static ReadOnlySpan<byte> TurnStart => "turn_started\",\"turn\":"u8;

    /// <summary>Searches a session's log as it stands in its files.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public void Run(string directory, CancellationToken cancellation)
    {
        foreach (var part in LogPart.Of(directory))
        {
            using var file = PrivateFiles.OpenRead(part.Path);
            var reader = new LineReader((offset, buffer) => RandomAccess.Read(file, buffer, offset), 0);
            while (reader.TryNext(out var line) && Take(line, part.UpTo))
            {
                cancellation.ThrowIfCancellationRequested();
            }

            EndAnswer();
        }
    }

    // False behind the last line that counts.
    private bool Take(ReadOnlySpan<byte> line, long upTo)
    {
        var type = line[..Math.Min(line.Length, TypeWithin)].IndexOf(TypeStart);
        if (type < 0 || !LogLine.TryReadSeq(line, out var number))
        {
            return true;
        }

        if (number > upTo)
        {
            return false;
        }

        var fields = line[(type + TypeStart.Length)..];
        if (fields.StartsWith(TextAddedStart) && LogLine.TextAfter(fields[TextAddedStart.Length..], out var text))
        {
            seq = number;
            answer.Write(text);
            if (answer.WrittenCount > AnswerBytes)
            {
                EndAnswer();
            }

            return true;
        }

        if (fields.StartsWith("reasoning_added"u8))
        {
            return true;
        }

        EndAnswer();
        if (fields.StartsWith(TurnStart) && Utf8Parser.TryParse(fields[TurnStart.Length..], out int begun, out _))
        {
            (turn, isOpen) = (begun, true);
            return true;
        }

        if (needle.MayBeIn(fields) && LogLine.TryVerify(line, out _))
        {
            LookInto(line);
        }

        isOpen &= !fields.StartsWith("turn_ended"u8) && !fields.StartsWith("session_forked"u8);
        return true;
    }

    private void EndAnswer()
    {
        if (answer.WrittenCount > 0 && needle.MayBeIn(answer.WrittenSpan))
        {
            Judge(seq, "answer", Unescaped(answer.WrittenSpan));
        }

        answer.Clear();
    }

    private void LookInto(ReadOnlySpan<byte> line)
    {
        StoredEvent stored;
        try
        {
            stored = EventJson.Read(line);
        }
        catch (JsonException)
        {
            // A foreign line: it says nothing anywhere else either.
            return;
        }

        foreach (var (where, text) in Texts(stored.Event))
        {
            if (Judge(stored.Seq, where, text))
            {
                return;
            }
        }
    }

    private bool Judge(long at, string where, string text)
    {
        var index = text.IndexOf(needle.Text, StringComparison.OrdinalIgnoreCase);
        if (index >= 0)
        {
            // A message that finds no turn open begins the next one.
            found(new LogHit(at, where == "message" && !isOpen ? turn + 1 : turn, where, LineAt(text, index, needle.Text.Length)));
        }

        return index >= 0;
    }

    private static IEnumerable<(string Where, string Text)> Texts(SessionEvent e) => e switch
    {
        UserMessage m => [("message", m.Text), .. (m.Mentions ?? []).Select(one => ("mention", one.Content))],
        StepEnded s => s.Calls.Select(c => ("call", c.Arguments)),
        ToolEnded t => [("output", t.Output)],
        RequestOpened r => [("request", r.Title), ("request", r.Detail)],
        RequestAnswered { Text: { } said } => [("request", said)],
        NoticeAdded n => [("notice", n.Text)],
        ContextCompacted c => [("notice", c.Text)],
        TaskStarted { By: "user" } t => [("command", t.Command)],
        TurnEnded { Error: { } error } => [("error", error)],
        _ => [],
    };

    private static string Unescaped(ReadOnlySpan<byte> escaped)
    {
        var quoted = new byte[escaped.Length + 2];
        escaped.CopyTo(quoted.AsSpan(1));
        (quoted[0], quoted[^1]) = ((byte)'"', (byte)'"');
        var reader = new Utf8JsonReader(quoted);
        try
        {
            return reader.Read() ? reader.GetString() ?? "" : "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Damaged bytes between whole lines.
            return Encoding.UTF8.GetString(escaped);
        }
    }

    private static string LineAt(string text, int index, int length)
    {
        var from = text.LastIndexOf('\n', index) + 1;
        var to = text.IndexOf('\n', index + length) is >= 0 and var end ? end : text.Length;
        var cutFrom = Math.Max(from, index - LongestLine / 3);
        var cutTo = Math.Min(to, Math.Max(cutFrom + LongestLine, index + length));
        cutFrom -= cutFrom > from && char.IsLowSurrogate(text[cutFrom]) ? 1 : 0;
        cutTo -= cutTo < to && char.IsLowSurrogate(text[cutTo]) ? 1 : 0;
        var line = text[cutFrom..cutTo].ReplaceLineEndings(" ").Trim();
        return $"{(cutFrom > from ? "…" : "")}{line}{(cutTo < to ? "…" : "")}";
    }
}
