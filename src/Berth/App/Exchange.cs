using Berth.Protocol.Events;
using Berth.Protocol.Messages;
using Berth.Protocol.Wire;
using Berth.Rendering;
using Berth.Views;

namespace Berth.App;

/// <summary>The daemon's side of the desk: lines that go to it, and what it says.</summary>
internal sealed class Exchange(Desk desk, OpenView firstView)
{
    private const long None = -1;
    private static readonly TimeSpan LeaveWait = TimeSpan.FromSeconds(1);

    private readonly SentLines lines = new();
    private readonly HashSet<string> warned = [];
    private IDaemonConnection? connection;
    private long completionId = None;
    private long openId = None;
    private DateTimeOffset? leavingSince;

    /// <summary>When a terminal that wants to leave goes without the daemon's answer; null when it stays.</summary>
    public DateTimeOffset? LeavingUntil => leavingSince + LeaveWait;

    /// <summary>There is a daemon.</summary>
    public bool IsConnected => connection is not null;

    /// <summary>Lines that wait for one.</summary>
    public IReadOnlyCollection<SentLine> Waiting => lines.Waiting;

    /// <summary>There is a daemon: the view is opened, and what was typed meanwhile is sent.</summary>
    public void Connected(IDaemonConnection opened)
    {
        connection = opened;
        desk.Board = opened.Welcome.Board;
        desk.Model ??= opened.Welcome.Model;
        desk.Settings = opened.Welcome.Settings;
        foreach (var warning in opened.Welcome.Warnings)
        {
            // A daemon that follows another says the same again.
            if (warned.Add(warning))
            {
                desk.Say(warning, new Style(Color.Yellow));
            }
        }

        var view = firstView;
        if (desk.Conversation.Look is { } look)
        {
            view = ComeBack(look);
        }
        else if (Greeting.Of(opened.Welcome.Board) is { } greeting)
        {
            desk.Print([greeting.CutTo(desk.Screen.Columns)]);
        }

        openId = Call(ClientMethods.Open, view, MessageJson.OpenView);
        while (connection is not null && lines.TryNext(out var waiting))
        {
            Post(waiting);
        }
    }

    /// <summary>The daemon is gone: what it may not have taken goes back into the line.</summary>
    public void Disconnected()
    {
        if (connection is null)
        {
            return;
        }

        connection.Dispose();
        connection = null;
        desk.Conversation.EndLoading();
        if (leavingSince is not null)
        {
            desk.ExitCode ??= 0;
            return;
        }

        desk.Say("The daemon is gone; a new one is started. What you write is kept.", new Style(Color.Yellow));
        foreach (var lost in lines.Lost())
        {
            if (lost is { IsMessage: true, Shown: not null } && desk.Line.Editor.IsEmpty && !desk.Mode.IsSpecial)
            {
                desk.Line.Editor.Set(lost.Text);
                desk.Say("Your last message was not confirmed: it is in the line again.", new Style(Color.Yellow));
            }
        }
    }

    /// <summary>Sends a line, now or when there is a daemon.</summary>
    /// <param name="shown">What the screen repeats above the answer; null for a key.</param>
    public void Send(string text, string? shown)
    {
        var line = new SentLine(text, shown, desk.Line.Editor.Draft, desk.Conversation.Looks);
        if (connection is null)
        {
            lines.Wait(line);
        }
        else
        {
            Post(line);
        }
    }

    /// <summary>Leaves: says so to the daemon, whose answer ends the terminal.</summary>
    public void Leave()
    {
        if (connection is null)
        {
            desk.ExitCode ??= 0;
            return;
        }

        leavingSince ??= desk.Time.GetUtcNow();
        Send("/exit", shown: null);
    }

    /// <summary>Time passed.</summary>
    public void Elapse()
    {
        if (desk.Time.GetUtcNow() >= LeavingUntil)
        {
            desk.ExitCode ??= 0;
        }
    }

    /// <summary>Asks what could stand at the caret.</summary>
    public void Complete(CompleteLine line) =>
        completionId = Call(ClientMethods.Complete, line, MessageJson.CompleteLine);

    /// <summary>Says the screen's new size.</summary>
    public void Resize(int columns, int rows) =>
        Call(ClientMethods.Resize, new Resized(columns, rows), MessageJson.Resized);

    /// <summary>The daemon said something.</summary>
    /// <exception cref="System.Text.Json.JsonException">What it said has no known shape.</exception>
    public void Receive(WireMessage message)
    {
        switch (message.Method)
        {
            case DaemonMethods.Look:
                Begin(message.Read(MessageJson.Look));
                break;
            case DaemonMethods.Board:
                desk.Board = message.Read(MessageJson.BoardNews);
                desk.Model = desk.Board.Model ?? desk.Model;
                break;
            case DaemonMethods.Settings:
                desk.Settings = message.Read(MessageJson.TerminalSettings);
                break;
            case DaemonMethods.Notice:
                var notice = message.Read(MessageJson.Notice);
                if (notice.Rings == true)
                {
                    desk.Ring(notice.Text);
                }

                desk.Print(Rows(notice));
                break;
            case null when message.Id is { } id:
                Answer(id, message);
                break;
        }
    }

    // One row for what happens elsewhere; what is wrong here is said in full.
    private List<Row> Rows(Notice notice)
    {
        var row = new Row(notice.Text, Palette.Of(notice.Style));
        var rows = new List<Row>();
        if (notice.Rings == true)
        {
            rows.Add(row.CutTo(desk.Screen.Columns));
        }
        else
        {
            Wrapping.Words(row, desk.Screen.Columns, rows);
        }

        return rows;
    }

    // A session without any event is not stored: a new daemon begins it again under its id.
    private OpenView ComeBack(Look look) =>
        new("attach", look.Session, desk.Conversation.Transcript.Seq, Again: true);

    private void Begin(Look look)
    {
        var before = desk.Conversation.Look;
        var neverBegan = desk.Conversation.Transcript.Seq == 0;
        var left = lines.Newest?.LeftInLine ?? desk.Line.Editor.Draft;
        desk.Begin(look);
        if (before is not null && before.Session != look.Session)
        {
            desk.Mode.End();
            desk.Line.Set(desk.Drafts.Move(before.Session, look.Session, left, desk.Line.Editor.Draft));
            desk.Keeping.Moved(before, neverBegan, desk.Drafts.Of(before.Session));
        }

        desk.Keeping.Offer(look, isFirst: before is null);
    }

    private void Answer(long id, WireMessage message)
    {
        if (id == completionId)
        {
            completionId = None;
            if (message.Error is null)
            {
                desk.Line.Offer(message.Read(MessageJson.Completions));
            }
        }
        else if (id == openId)
        {
            openId = None;
            Opened(message);
        }
        else if (lines.Answered(id) is { } line)
        {
            Answer(line, message.Error is { } error ? new Reply(Error: error) : message.Read(MessageJson.Reply));
        }
    }

    private void Opened(WireMessage message)
    {
        if (message.Error is not { } error)
        {
            return;
        }

        var rows = new List<Row>();
        ReplyView.Draw(error, desk.Screen.Columns, rows);
        desk.Print(rows);
        if (desk.Conversation.Looks == 0)
        {
            desk.ExitCode ??= error.Usage ? 2 : 1;
        }
    }

    private void Answer(SentLine line, Reply reply)
    {
        var rows = new List<Row>();
        if (reply.Error is not null || !line.ShowsItself)
        {
            ReplyView.Draw(reply, desk.Screen.Columns, rows);
        }

        if (rows.Count > 0)
        {
            // On a screen that the line itself made clean, nothing but the answer stands. What was sent before there was
            // a session is answered on the first one's screen.
            var isRepeated = line.Shown is not null && Math.Max(line.Looks, 1) == desk.Conversation.Looks;
            if (isRepeated)
            {
                rows.Insert(0, new Row(new Piece("❯ ", Style.Dim), new Piece(line.Shown!, Style.Dim)).CutTo(desk.Screen.Columns));
            }

            desk.Print(rows, apart: isRepeated);
        }

        if (reply.Error is not null && line is { IsMessage: true, Shown: not null } && desk.Line.Editor.IsEmpty)
        {
            desk.Line.Editor.Set(line.Text);
        }

        if (reply.Hidden is { } label)
        {
            desk.Mode.Ask(line.Text, label);
        }

        if (reply.Leave)
        {
            desk.ExitCode ??= 0;
        }
    }

    private void Post(SentLine line)
    {
        var id = Call(ClientMethods.Line, new SendLine(line.Text, Data: false), MessageJson.SendLine);
        if (id == None)
        {
            lines.Wait(line);
        }
        else
        {
            lines.Sent(id, line);
        }
    }

    // A connection that broke is noticed by its reader too, who then says so.
    private long Call<T>(string method, T parameters, JsonShape<T> shape)
        where T : class
    {
        if (connection is null)
        {
            return None;
        }

        try
        {
            return connection.Send(method, parameters, shape);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return None;
        }
    }
}
