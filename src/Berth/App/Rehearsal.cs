using System.Buffers;
using System.Text.Json;
using Berth.Protocol.Events;
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

    private const string Markdown =
        "# A\n\nplain\n\n- `b` **c** [d](e)\n\n```\nf\n```\n\n| g |\n|---|\n| h |\n\n1. *i*\n\nj k";

    /// <summary>Plays it, on any thread.</summary>
    public static void Play(MarkdownView markdown, TimeProvider time)
    {
        var context = new DrawContext(Columns, time.GetUtcNow(), static _ => []);
        var conversation = new Conversation(markdown);
        var events = Events(context.Now);
        conversation.Begin(Through(
            new Look(Session, null, "/", "m", "ask", 0, events.Count, Clean: true, Fresh: false), MessageJson.Look));
        conversation.Add(EventBatch.Read(Message(events)), context);

        var rows = new List<Row> { SessionHead.Rule(Session, "name", Columns) };
        conversation.Collect(context, rows);
        conversation.Transcript.Draw(context, rows);
        ReplyView.Draw(
            Through(
                new Reply(Lines: ["a (state: done)"], Table: new Table(["b", "c"], [[new Cell("d", "done"), new Cell("e")]])),
                MessageJson.Reply),
            Columns, rows);

        var drawing = new Drawing(colours: true);
        var frame = new Frame([.. rows], 0, 0);
        _ = drawing.Update(Frame.Nothing, frame, rows) + drawing.Update(frame, new Frame([rows[0]], 0, 0), [])
            + drawing.Resize(frame, frame, rows, Columns, reflows: true);
        _ = new KeyMap();
    }

    private static List<StoredEvent> Events(DateTimeOffset at)
    {
        SessionEvent[] events =
        [
            new SessionCreated(Session, "/", "/", "session", null, "0"), new WriterOpened("1", "0"), new UserMessage("hello"),
            new TurnStarted(1, "message"), new StepStarted(1, "m"), new ReasoningAdded("well"), new TextAdded(Markdown),
            new StepEnded("tools", new Usage(1, 1), [new ToolCall("c", "bash", """{"command":"ls"}""")]), new ToolStarted("c"),
            new ToolEnded("c", "ok", "a\nb", "exit code 0"), new TurnEnded("completed", null, null, 1),
        ];
        var stored = new List<StoredEvent>();
        foreach (var one in events)
        {
            stored.Add(new StoredEvent(stored.Count + 1, at, one));
        }

        return stored;
    }

    // As they come from the daemon.
    private static WireMessage Message(List<StoredEvent> events)
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write("{\"method\":\"events\",\"params\":{\"session\":\"00000000\",\"events\":["u8);
        foreach (var stored in events)
        {
            bytes.Write(stored.Seq == 1 ? ""u8 : ","u8);
            EventJson.Write(bytes, stored);
        }

        bytes.Write("]}}"u8);
        return WireMessage.Parse(bytes.WrittenMemory);
    }

    private static T Through<T>(T value, JsonShape<T> shape)
        where T : class
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            shape.Write(writer, value);
        }

        return shape.Read(bytes.WrittenSpan);
    }
}
