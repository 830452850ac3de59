using System.Text;
using Berth.App;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Rendering;
using Berth.Tty;
using Berth.Views;

namespace Berth.Tests.Testing;

/// <summary>
/// A terminal in front of a small virtual screen and a daemon that the test plays: keys in, screen out, with a clock that
/// stands still.
/// </summary>
internal sealed class TerminalStory
{
    private readonly Dictionary<string, long> sequence = [];
    private string session = "";

    public TerminalStory(int columns = 80, int rows = 24, OpenView? open = null, bool connected = true,
        Func<DraftPlace?>? drafts = null)
    {
        var options = new TerminalOptions(
            (_, _) => Daemon, e => e.Message, open ?? new OpenView("new"), "~/project", () => null,
            [new Row("Berth")], new ResizeHabit(Reflows: true, TimeSpan.Zero), Drafts: drafts);
        Terminal = new Berth.App.Terminal(options, new MarkdownView(), Time, columns, rows);
        Display = new VirtualTerminal(columns, rows);
        Draw();
        if (connected)
        {
            Connect();
            Look("6b63bf5c", fresh: true);
        }
    }

    public HeldTime Time { get; } = new();

    public SilentDaemon Daemon { get; private set; } = new();

    public Berth.App.Terminal Terminal { get; }

    public VirtualTerminal Display { get; }

    /// <summary>What the screen shows, without empty rows at the end.</summary>
    public string Screen => Display.ScreenText;

    /// <summary>The bytes of the last drawing.</summary>
    public string Drawn { get; private set; } = "";

    /// <summary>The lines the daemon got.</summary>
    public List<string> Lines => Daemon.Lines;

    /// <summary>A daemon is there.</summary>
    public void Connect(SilentDaemon? other = null)
    {
        Daemon = other ?? Daemon;
        Terminal.Connected(Daemon);
        Draw();
    }

    /// <summary>Types text, as a person would: each character a read of its own.</summary>
    public void Type(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            Bytes(Encoding.UTF8.GetBytes(rune.ToString()));
        }
    }

    /// <summary>Types text and presses Enter.</summary>
    public void Send(string text)
    {
        Type(text);
        Press("\r");
    }

    /// <summary>Presses a key, given as the bytes a terminal sends for it.</summary>
    public void Press(string sequence) => Bytes(Encoding.UTF8.GetBytes(sequence));

    /// <summary>Presses Escape and lets the moment pass in which it could be the beginning of a sequence.</summary>
    public void Escape()
    {
        Press("\x1b");
        Pass(TimeSpan.FromMilliseconds(50));
    }

    /// <summary>Pastes, as a terminal with bracketed paste does.</summary>
    public void Paste(string text) => Press($"\x1b[200~{text}\x1b[201~");

    /// <summary>The daemon moves the view.</summary>
    public void Look(string id, bool fresh = false, long last = 0, string? name = null, bool clean = true, long after = 0)
    {
        session = id;
        sequence.TryAdd(id, after);
        Say(SilentDaemon.Notification(
            DaemonMethods.Look,
            new Look(id, name, "/project", "demo", "ask", after, last, clean, fresh), MessageJson.Look));
    }

    /// <summary>Events happen in the session looked at.</summary>
    public void Happens(params SessionEvent[] events) => HappensIn(session, events);

    /// <summary>Events of a session arrive.</summary>
    public void HappensIn(string id, params SessionEvent[] events)
    {
        var stored = new StoredEvent[events.Length];
        for (var i = 0; i < events.Length; i++)
        {
            sequence[id] = sequence.GetValueOrDefault(id) + 1;
            stored[i] = new StoredEvent(sequence[id], Time.GetUtcNow(), events[i]);
        }

        Say(SilentDaemon.Events(id, stored));
    }

    /// <summary>The daemon answers the last line.</summary>
    public void Answers(params string[] lines) => Answers(new Reply(Lines: lines));

    /// <summary>The daemon answers the last line.</summary>
    public void Answers(Reply reply) => Say(Daemon.Answer(ClientMethods.Line, reply, MessageJson.Reply));

    /// <summary>A message of the daemon arrives, and what it changes is drawn.</summary>
    public void Say(WireMessage message)
    {
        if (message.Method == DaemonMethods.Events)
        {
            Terminal.Receive(EventBatch.Read(message));
        }
        else
        {
            Terminal.Receive(message);
        }

        Draw();
    }

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        Time.Advance(time);
        Terminal.Elapse();
        Draw();
    }

    /// <summary>The window gets another size.</summary>
    public void Resize(int columns, int rows)
    {
        Display.Resize(columns, rows);
        Terminal.Resize(columns, rows);
        Draw();
    }

    /// <summary>What changed is drawn.</summary>
    public void Draw()
    {
        Drawn = Terminal.Draw();
        Display.Write(Drawn);
    }

    private void Bytes(byte[] bytes)
    {
        Terminal.Type(bytes);
        Draw();
    }
}
