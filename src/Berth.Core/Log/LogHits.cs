using System.Text;
using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Core.Log;

/// <summary>A place in a log where a text was found.</summary>
/// <param name="Seq">The event; of an answer that came in pieces the last piece.</param>
/// <param name="Turn">The turn it belongs to; 0 before the first one's message.</param>
/// <param name="Where">"message", "mention", "answer", "call", "output", "request", "notice", "command" or "error".</param>
/// <param name="Line">The line with the match, cut to fit.</param>
internal sealed record LogHit(long Seq, int Turn, string Where, string Line);

/// <summary>Judges what may hold a text: the decoded words count, and where in the session they stand.</summary>
internal sealed class LogHits(TextNeedle needle, Action<LogHit> found)
{
    private const int LongestLine = 160;

    private int turn;
    private bool isOpen;

    /// <summary>A turn begins here.</summary>
    public void TurnBegan(int number) => (turn, isOpen) = (number, true);

    /// <summary>No turn is open any more.</summary>
    public void TurnEnded() => isOpen = false;

    /// <summary>Judges an answer's text as it stands in the log, its pieces put together.</summary>
    public void LookIntoAnswer(long seq, ReadOnlySpan<byte> escaped) => Judge(seq, "answer", Unescaped(escaped));

    /// <summary>Judges a whole line; at most one place of it counts.</summary>
    public void LookInto(ReadOnlySpan<byte> line)
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
