using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>
/// What lies in front of the person: the screen, the session looked at, the line. The keyboard changes it from one side,
/// the daemon from the other.
/// </summary>
internal sealed class Desk
{
    private static readonly TimeSpan HintTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan TaskTime = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LoadingWait = TimeSpan.FromSeconds(1);

    private readonly TaskTails tails;
    private readonly List<Row> held = [];
    private string bell = "";
    private Dictionary<string, SessionRow> agents = [];
    private BoardNews? board;
    private DateTimeOffset hintUntil;
    private DateTimeOffset loadingSince;

    /// <summary>An empty desk.</summary>
    public Desk(TerminalOptions options, MarkdownView markdown, TimeProvider time, int columns, int rows)
    {
        Time = time;
        Screen = new Screen(new Drawing(options.Colours), options.Resizing.Reflows, columns, rows);
        Conversation = new Conversation(markdown);
        Mode = new LineMode(Line);
        tails = new TaskTails(time);
        Keeping = new DraftKeeping(this, new DraftFiles(options.Drafts ?? (static () => null), time));
    }

    /// <summary>The clock of everything here.</summary>
    public TimeProvider Time { get; }

    /// <summary>What is drawn.</summary>
    public Screen Screen { get; }

    /// <summary>The session this terminal looks at.</summary>
    public Conversation Conversation { get; }

    /// <summary>The line a person writes in.</summary>
    public InputLine Line { get; } = new();

    /// <summary>What the line is for.</summary>
    public LineMode Mode { get; }

    /// <summary>Lines that were begun in other sessions.</summary>
    public Drafts Drafts { get; } = new();

    /// <summary>Sees to it that drafts outlive the terminal.</summary>
    public DraftKeeping Keeping { get; }

    /// <summary>The project's background; null before the daemon said it.</summary>
    public BoardNews? Board
    {
        get => board;
        set
        {
            board = value;
            agents = value?.Agents is { Count: > 0 } working
                ? working.ToDictionary(row => row.Id)
                : [];
        }
    }

    /// <summary>The model of the session's next turn; null before it is known.</summary>
    public string? Model { get; set; }

    /// <summary>What the configuration says to a terminal; null before it is known.</summary>
    public TerminalSettings? Settings { get; set; }

    /// <summary>One line for the person, for a few seconds.</summary>
    public Row? Hint { get; private set; }

    /// <summary>The exit code, once the terminal is to end.</summary>
    public int? ExitCode { get; set; }

    /// <summary>What views may know besides the events.</summary>
    public DrawContext Context => new(Screen.Columns, Time.GetUtcNow(), tails.Read) { Agents = agents };

    /// <summary>The request a person is asked to answer first.</summary>
    public RequestOpened? Request =>
        Conversation.Transcript.Requests is { Count: > 0 } open && !Conversation.IsLoading ? open[0] : null;

    /// <summary>How long until something here changes by itself; null when nothing will.</summary>
    public TimeSpan? Wait
    {
        get
        {
            var now = Time.GetUtcNow();
            if (Conversation.IsLoading)
            {
                return loadingSince + LoadingWait - now;
            }

            var moves = Conversation.Transcript.IsMoving ? DrawContext.FrameTime
                : Conversation.Transcript.Tasks.Count > 0 ? TaskTime
                : (TimeSpan?)null;
            var hint = Hint is null ? (TimeSpan?)null : hintUntil - now;
            return moves is null || hint < moves ? hint : moves;
        }
    }

    /// <summary>Time passed.</summary>
    public void Elapse()
    {
        var now = Time.GetUtcNow();
        if (Hint is not null && now >= hintUntil)
        {
            Hint = null;
        }

        if (Conversation.IsLoading && now - loadingSince >= LoadingWait)
        {
            // Better a part of the history than a screen that stands still.
            Conversation.EndLoading();
        }
    }

    /// <summary>Shows a hint.</summary>
    public void Tell(string text, Style? style = null)
    {
        Hint = new Row(" " + text, style ?? new Style(Color.Yellow));
        hintUntil = Time.GetUtcNow() + HintTime;
    }

    /// <summary>Calls the person, as the configuration says.</summary>
    public void Ring(string text) => bell = Settings?.Notify switch
    {
        "off" => "",
        "osc9" => $"\x1b]9;{SafeText.Clean(text)}\a",
        _ => "\a",
    };

    /// <summary>What is to be written so that the person hears it; once.</summary>
    public string TakeBell()
    {
        var taken = bell;
        bell = "";
        return taken;
    }

    /// <summary>Prints a line of its own between what the session says.</summary>
    public void Say(string text, Style style)
    {
        var rows = new List<Row>();
        foreach (var said in Wrapping.Lines(text))
        {
            Wrapping.Words(new Row(said, style), Screen.Columns, rows);
        }

        Print(rows);
    }

    /// <summary>Prints rows below what the session said so far; while its history is not whole, they wait for it.</summary>
    /// <param name="apart">A blank row stands before them in any case.</param>
    public void Print(List<Row> rows, bool apart = false)
    {
        if (Conversation.IsLoading)
        {
            held.AddRange(rows);
            return;
        }

        Collect();
        if (Conversation.Transcript.Interrupt(apart))
        {
            Screen.Print(Row.Empty);
        }

        Screen.Print(rows);
    }

    /// <summary>The view moved, or came back.</summary>
    public void Begin(Look look)
    {
        Collect();
        var isFirst = Conversation.Looks == 0;
        if (!Conversation.Begin(look))
        {
            return;
        }

        Model = look.Model;
        loadingSince = Time.GetUtcNow();
        if (look.Clean && !isFirst)
        {
            Screen.Clear();
        }

        if (!look.Fresh)
        {
            Screen.Print(SessionHead.Rule(look.Session, look.Name, Screen.Columns));
            Screen.Print(Row.Empty);
        }
    }

    /// <summary>Prints what is final by now.</summary>
    public void Collect()
    {
        if (Conversation.IsLoading)
        {
            return;
        }

        var rows = new List<Row>();
        Conversation.Collect(Context, rows);
        Screen.Print(rows);
        if (held.Count > 0)
        {
            var waited = held.ToArray();
            held.Clear();
            Print([.. waited], apart: true);
        }
    }
}
