using Berth.Editor;
using Berth.Protocol.Wire;
using Berth.Rendering;
using Berth.Tty;
using Berth.Views;

namespace Berth.App;

/// <summary>
/// One attached client, without the descriptors: bytes and messages in, escape codes and lines out. One thread owns it.
/// Everything a person does becomes a line; what the daemon says becomes rows.
/// </summary>
internal sealed class Terminal
{
    private readonly string directory;
    private readonly Desk desk;
    private readonly Exchange exchange;
    private readonly Keyboard keyboard;
    private readonly KeyParser parser = new();
    private readonly List<Key> typed = [];
    private DateTimeOffset bytesAt;

    /// <summary>A terminal of that size; nothing is drawn or connected yet.</summary>
    public Terminal(TerminalOptions options, MarkdownView markdown, TimeProvider time, int columns, int rows)
    {
        directory = options.Directory;
        desk = new Desk(options, markdown, time, columns, rows);
        exchange = new Exchange(desk, options.Open);
        keyboard = new Keyboard(desk, exchange);
        desk.Screen.Print(options.FirstLines);
    }

    /// <summary>The exit code, once the terminal is to end.</summary>
    public int? ExitCode => desk.ExitCode;

    /// <summary>Ctrl+Z was pressed: the owner suspends the program and calls <see cref="Resumed"/> afterwards.</summary>
    public bool WantsSuspend => keyboard.WantsSuspend;

    /// <summary>The input history, for who loads it.</summary>
    public InputHistory History => desk.Line.History;

    /// <summary>The longest the owner may wait before it calls <see cref="Elapse"/>; null for as long as nothing comes.</summary>
    public TimeSpan? Wait
    {
        get
        {
            var wait = parser.Patience is { } patience ? bytesAt + patience - desk.Time.GetUtcNow() : (TimeSpan?)null;
            wait = Sooner(Sooner(Sooner(wait, desk.Keeping.Wait), keyboard.Wait), Sooner(desk.Wait, exchange.LeavingUntil - desk.Time.GetUtcNow()));
            return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;

            static TimeSpan? Sooner(TimeSpan? a, TimeSpan? b) => a is null || b < a ? b ?? a : a;
        }
    }

    /// <summary>Hands over who stores lines that are new to the history.</summary>
    public void RememberWith(Action<string> store) => keyboard.RememberWith(store);

    /// <summary>The screen's size changed, to this one in the end: everything live is drawn anew.</summary>
    public void Resize(int columns, int rows)
    {
        desk.Screen.Resize(columns, rows);
        exchange.Resize(columns, rows);
    }

    /// <summary>Bytes came from the keyboard.</summary>
    public void Type(ReadOnlySpan<byte> bytes)
    {
        bytesAt = desk.Time.GetUtcNow();
        typed.Clear();
        parser.Feed(bytes, typed);
        PressAll();
    }

    /// <summary>Time passed: an ESC that nothing followed is a key, a held answer counts, a hint goes.</summary>
    public void Elapse()
    {
        if (parser.Patience is { } patience && desk.Time.GetUtcNow() - bytesAt >= patience)
        {
            typed.Clear();
            parser.Flush(typed);
            PressAll();
        }

        keyboard.Elapse();
        desk.Elapse();
        desk.Keeping.Elapse();
        exchange.Elapse();
    }

    /// <summary>There is a daemon: what was typed meanwhile goes to it.</summary>
    public void Connected(IDaemonConnection opened) => exchange.Connected(opened);

    /// <summary>The daemon is gone; the owner connects again.</summary>
    public void Disconnected() => exchange.Disconnected();

    /// <summary>There is no daemon to be had; the terminal stays, and the owner tries again.</summary>
    public void NotConnected(string what) => desk.Say(what, Palette.Error);

    /// <summary>The daemon said something.</summary>
    /// <exception cref="System.Text.Json.JsonException">What it said has no known shape.</exception>
    public void Receive(WireMessage message) => exchange.Receive(message);

    /// <summary>Events of a session came.</summary>
    public void Receive(EventBatch batch) => desk.Conversation.Add(batch, desk.Context);

    /// <summary>The program goes on after a suspension, below whatever was written meanwhile.</summary>
    public void Resumed()
    {
        keyboard.WantsSuspend = false;
        desk.Screen.Forget();
    }

    /// <summary>What must be written to show how things stand; empty when the screen shows it already.</summary>
    public string Draw()
    {
        if (desk.Conversation.IsLoading && desk.Screen.HasNews)
        {
            // The old screen stands until the history is whole: a switch is one change for the eye.
            return "";
        }

        desk.Collect();
        keyboard.Show();
        return desk.TakeBell() + desk.Screen.Draw(Region().Compose(desk.Screen.Columns, desk.Screen.Rows));
    }

    /// <summary>What must be written before a suspension or at the end: the live region goes, what was said stays.</summary>
    public string Leave(bool suspended = false)
    {
        desk.Collect();
        desk.Keeping.Keep();
        if (!suspended && desk.Conversation is { Look: { } look, Transcript.Seq: > 0 })
        {
            var name = desk.Conversation.Name is { Length: > 0 } known ? $" {known}" : "";
            desk.Print([new Row($"[{look.Session}]{name} · come back with: berth -r {look.Session}", Style.Dim).CutTo(desk.Screen.Columns)]);
        }

        desk.Screen.Leave();
        return desk.Screen.Take();
    }

    private void PressAll()
    {
        foreach (var key in typed)
        {
            keyboard.Press(key);
        }
    }

    private LiveRegion Region()
    {
        var context = desk.Context;
        var transcript = desk.Conversation.Transcript;
        var moving = new List<Row>();
        if (!desk.Conversation.IsLoading)
        {
            transcript.Draw(context, moving);
        }

        var prompt = keyboard.Prompt;
        var line = desk.Line;
        return new LiveRegion(
            moving, Unsent(), prompt is null ? Activity(context, transcript) : null,
            prompt is null ? Todos(transcript) : [], prompt, Hint(), Shown(line),
            desk.Mode.SecretFor is not null, Placeholder(), line.Menu, Status(context));
    }

    // Only while the model works on it: what was left over from an earlier turn is in the way of a person who writes.
    private List<Row> Todos(Transcript transcript)
    {
        var rows = new List<Row>();
        if (transcript.TurnBegan is not null && TodoView.IsOpen(transcript.Todos))
        {
            TodoView.Draw(transcript.Todos, desk.Screen.Columns, rows);
        }

        return rows;
    }

    private List<Row> Unsent()
    {
        var rows = new List<Row>();
        foreach (var line in exchange.Waiting)
        {
            rows.Add(new Row($"❯ {line.Text}", Style.Dim).CutTo(desk.Screen.Columns));
        }

        return rows;
    }

    private static Row? Activity(DrawContext context, Transcript transcript) => transcript.TurnBegan is not { } began || transcript.IsCompacting
        ? null
        : new Row(
            new Piece(context.Spinner + " ", new Style(Color.Yellow)),
            new Piece($"Working · {Figures.Duration(context.Now - began)} · Esc interrupts", Style.Dim));

    private Row? Hint() => desk.Line.SearchQuery is { } query
        ? new Row(
            new Piece(" Search: ", new Style(Color.Cyan)), new Piece(query),
            new Piece(desk.Line.SearchMatch is null && query.Length > 0 ? "  (nothing found)" : "  Ctrl+R older · Enter takes it · Esc goes back", Style.Dim))
        : desk.Mode.SecretLabel is { } label ? new Row(" " + label, new Style(Color.Cyan))
        : desk.Hint;

    private static Draft Shown(InputLine line) => line.SearchMatch is { } match ? new Draft(match, match.Length, []) : line.Editor.Draft;

    private string Placeholder() => desk.Mode.IsSpecial ? "" : "Ask for something, or / for commands";

    private Row Status(DrawContext context)
    {
        var conversation = desk.Conversation;
        return StatusLine.Draw(
            new StatusFacts(
                desk.Model, directory, conversation.Look?.Session, conversation.Name,
                desk.Board?.PermissionMode ?? conversation.Look?.PermissionMode,
                desk.Board, TaskFacts.Of(conversation.Transcript.Tasks, context.Now), conversation.Transcript.Usage,
                conversation.Transcript.TurnBegan is { } began ? context.Now - began : null,
                exchange.IsConnected ? null : "connecting"),
            desk.Screen.Columns);
    }
}
