using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>
/// Plays a small conversation to nobody while the person reads the prompt: what the first answer, the first list and the
/// first switch need is loaded and compiled then, and not while somebody waits for it.
/// </summary>
internal static class Rehearsal
{
    private const string Session = "00000000";
    private const int Columns = 80;

    private static ReadOnlySpan<byte> Events =>
        """
        {"jsonrpc":"2.0","method":"events","params":{"session":"00000000","events":[
        {"seq":1,"at":"2026-01-01T00:00:00Z","type":"session_created","session":"00000000","directory":"/","project":"/","kind":"session","version":"0"},
        {"seq":2,"at":"2026-01-01T00:00:00Z","type":"writer_opened","writer":"1","version":"0"},
        {"seq":3,"at":"2026-01-01T00:00:00Z","type":"user_message","text":"hello"},
        {"seq":4,"at":"2026-01-01T00:00:00Z","type":"turn_started","turn":1,"cause":"message"},
        {"seq":5,"at":"2026-01-01T00:00:00Z","type":"step_started","step":1,"model":"m"},
        {"seq":6,"at":"2026-01-01T00:00:00Z","type":"reasoning_added","text":"well"},
        {"seq":7,"at":"2026-01-01T00:00:00Z","type":"text_added","text":"# A\n\nplain\n\n- `b` **c** [d](e)\n\n```\nf\n```\n\n| g |\n|---|\n| h |\n\n1. *i*\n\nj k"},
        {"seq":8,"at":"2026-01-01T00:00:00Z","type":"step_ended","stop":"tools","usage":{"input_tokens":1,"output_tokens":1,"cached_tokens":0},"calls":[{"id":"c","tool":"bash","arguments":"{\"command\":\"ls\"}"}]},
        {"seq":9,"at":"2026-01-01T00:00:00Z","type":"tool_started","call":"c"},
        {"seq":10,"at":"2026-01-01T00:00:00Z","type":"tool_ended","call":"c","outcome":"ok","output":"a\nb","summary":"exit code 0"},
        {"seq":11,"at":"2026-01-01T00:00:00Z","type":"turn_ended","reason":"completed","seconds":1}]}}
        """u8;

    private static ReadOnlySpan<byte> Look =>
        """
        {"jsonrpc":"2.0","method":"look","params":{"session":"00000000","directory":"/","model":"m","permission_mode":"ask","after":0,"last":11,"clean":true,"fresh":false}}
        """u8;

    private static ReadOnlySpan<byte> Answer =>
        """
        {"jsonrpc":"2.0","id":1,"result":{"lines":["a (state: done)"],"table":{"columns":["a","b"],"rows":[[{"text":"c","style":"done"},{"text":"d"}]]}}}
        """u8;

    /// <summary>Plays it, on any thread.</summary>
    public static void Play(MarkdownView markdown, TimeProvider time)
    {
        var rows = new List<Row>();
        var context = new DrawContext(Columns, time.GetUtcNow(), static _ => []);
        var conversation = new Conversation(markdown);
        conversation.Begin(WireMessage.Parse(Look.ToArray()).Read(MessageJson.Look));
        conversation.Add(EventBatch.Read(WireMessage.Parse(Events.ToArray())), context);
        conversation.Collect(context, rows);
        conversation.Transcript.Draw(context, rows);
        ReplyView.Draw(WireMessage.Parse(Answer.ToArray()).Read(MessageJson.Reply), Columns, rows);
        rows.Add(SessionHead.Rule(Session, "name", Columns));

        var drawing = new Drawing(colours: true);
        var frame = new Frame([.. rows], 0, 0);
        _ = drawing.Update(Frame.Nothing, frame, rows) + drawing.Update(frame, new Frame([rows[0]], 0, 0), [])
            + drawing.Resize(frame, frame, rows, Columns, reflows: true);
        _ = new KeyMap();
    }
}
