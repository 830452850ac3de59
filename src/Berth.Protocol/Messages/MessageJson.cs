using Berth.Protocol.Json;
using Berth.Protocol.Rows;

namespace Berth.Protocol.Messages;

/// <summary>The messages' JSON shapes: snake_case, nulls left out. A process compiles only those it uses.</summary>
public sealed class MessageJson
{
    private MessageJson()
    {
    }

    /// <summary>All shapes.</summary>
    public static MessageJson Default { get; } = new();

    /// <summary>See <see cref="Messages.Hello"/>.</summary>
    public JsonShape<Hello> Hello => new(
        static (w, m) => w.Number("protocol"u8, m.Protocol).Text("version"u8, m.Version).Text("build"u8, m.Build)
            .Text("directory"u8, m.Directory).TextsByName("environment"u8, m.Environment).Number("umask"u8, m.Umask)
            .Flag("terminal"u8, m.Terminal).Number("columns"u8, m.Columns).Number("rows"u8, m.Rows),
        static j => new Hello(
            j.Int("protocol"u8), j.Text("version"u8), j.Text("build"u8), j.Text("directory"u8),
            j.TextsByName("environment"u8), j.Int("umask"u8), j.Flag("terminal"u8), j.Int("columns"u8, 80),
            j.Int("rows"u8, 24)));

    /// <summary>See <see cref="Messages.Welcome"/>.</summary>
    public JsonShape<Welcome> Welcome => new(
        static (w, m) => w.Number("protocol"u8, m.Protocol).Text("version"u8, m.Version).Text("build"u8, m.Build)
            .Number("pid"u8, m.Pid).Text("project"u8, m.Project).Text("model"u8, m.Model)
            .Texts("warnings"u8, m.Warnings).Object("board"u8, m.Board, Default.BoardNews),
        static j => new Welcome(
            j.Int("protocol"u8), j.Text("version"u8), j.Text("build"u8), j.Int("pid"u8), j.Text("project"u8),
            j.Text("model"u8), j.Texts("warnings"u8), j.Object("board"u8, Default.BoardNews)));

    /// <summary>See <see cref="Messages.OpenView"/>.</summary>
    public JsonShape<OpenView> OpenView => new(
        static (w, m) => w.Text("how"u8, m.How).Text("which"u8, m.Which).Number("after"u8, m.After).Text("model"u8, m.Model)
            .Text("permission_mode"u8, m.PermissionMode).Text("name"u8, m.Name).Flag("watch"u8, m.Watch)
            .Flag("again"u8, m.Again),
        static j => new OpenView(
            j.Text("how"u8), j.TextOrNull("which"u8), j.Long("after"u8, 0), j.TextOrNull("model"u8),
            j.TextOrNull("permission_mode"u8), j.TextOrNull("name"u8), j.Flag("watch"u8, missing: true),
            j.Flag("again"u8)));

    /// <summary>See <see cref="Messages.Opened"/>.</summary>
    public JsonShape<Opened> Opened => new(
        static (w, m) => w.Text("session"u8, m.Session).Number("last"u8, m.Last),
        static j => new Opened(j.Text("session"u8), j.Long("last"u8)));

    /// <summary>See <see cref="Messages.SendLine"/>.</summary>
    public JsonShape<SendLine> SendLine => new(
        static (w, m) => w.Text("text"u8, m.Text).Text("session"u8, m.Session).Flag("message"u8, m.Message),
        static j => new SendLine(j.Text("text"u8), j.TextOrNull("session"u8), j.Flag("message"u8)));

    /// <summary>See <see cref="Messages.Reply"/>.</summary>
    public JsonShape<Reply> Reply => new(
        static (w, m) => w.Texts("lines"u8, m.Lines).Object("table"u8, m.Table, Table).Texts("after"u8, m.After)
            .Any("data"u8, m.Data).Object("error"u8, m.Error, Default.ErrorInfo).Flag("leave"u8, m.Leave)
            .Text("hidden"u8, m.Hidden),
        static j => new Reply(
            j.TextsOrNull("lines"u8), j.ObjectOrNull("table"u8, Table), j.TextsOrNull("after"u8), j.AnyOrNull("data"u8),
            j.ObjectOrNull("error"u8, Default.ErrorInfo), j.Flag("leave"u8), j.TextOrNull("hidden"u8)));

    /// <summary>See <see cref="Messages.StartRun"/>.</summary>
    public JsonShape<StartRun> StartRun => new(
        static (w, m) => w.Text("prompt"u8, m.Prompt).Flag("background"u8, m.Background).Text("model"u8, m.Model)
            .Text("resume"u8, m.Resume).Text("name"u8, m.Name).Text("permission_mode"u8, m.PermissionMode)
            .Texts("allow"u8, m.Allow),
        static j => new StartRun(
            j.Text("prompt"u8), j.Flag("background"u8), j.TextOrNull("model"u8), j.TextOrNull("resume"u8),
            j.TextOrNull("name"u8), j.TextOrNull("permission_mode"u8), j.TextsOrNull("allow"u8)));

    /// <summary>See <see cref="Messages.RunStarted"/>.</summary>
    public JsonShape<RunStarted> RunStarted => new(
        static (w, m) => w.Text("session"u8, m.Session).NumberIfAny("slot"u8, m.Slot).Number("after"u8, m.After),
        static j => new RunStarted(j.Text("session"u8), j.IntOrNull("slot"u8), j.Long("after"u8)));

    /// <summary>See <see cref="Messages.CompleteLine"/>.</summary>
    public JsonShape<CompleteLine> CompleteLine => new(
        static (w, m) => w.Text("text"u8, m.Text).Number("caret"u8, m.Caret),
        static j => new CompleteLine(j.Text("text"u8), j.Int("caret"u8)));

    /// <summary>See <see cref="Messages.Completions"/>.</summary>
    public JsonShape<Completions> Completions => new(
        static (w, m) => w.Number("start"u8, m.Start).Number("length"u8, m.Length).List("items"u8, m.Items, Completion),
        static j => new Completions(j.Int("start"u8), j.Int("length"u8), j.List("items"u8, Completion)));

    /// <summary>See <see cref="Messages.Resized"/>.</summary>
    public JsonShape<Resized> Resized => new(
        static (w, m) => w.Number("columns"u8, m.Columns).Number("rows"u8, m.Rows),
        static j => new Resized(j.Int("columns"u8), j.Int("rows"u8)));

    /// <summary>See <see cref="Messages.DaemonVerb"/>.</summary>
    public JsonShape<DaemonVerb> DaemonVerb => new(
        static (w, m) => w.Text("verb"u8, m.Verb),
        static j => new DaemonVerb(j.Text("verb"u8)));

    /// <summary>See <see cref="Messages.DaemonStatus"/>.</summary>
    public JsonShape<DaemonStatus> DaemonStatus => new(
        static (w, m) => w.Flag("running"u8, m.Running).Number("pid"u8, m.Pid).Text("version"u8, m.Version)
            .Number("uptime_s"u8, m.UptimeS).Number("sessions"u8, m.Sessions).Number("memory_mb"u8, m.MemoryMb)
            .Text("build"u8, m.Build).Texts("ended"u8, m.Ended),
        static j => new DaemonStatus(
            j.Flag("running"u8), j.Int("pid"u8), j.Text("version"u8), j.Long("uptime_s"u8), j.Int("sessions"u8),
            j.Long("memory_mb"u8), j.Text("build"u8), j.TextsOrNull("ended"u8)));

    /// <summary>See <see cref="Messages.Look"/>.</summary>
    public JsonShape<Look> Look => new(
        static (w, m) => w.Text("session"u8, m.Session).Text("name"u8, m.Name).Text("directory"u8, m.Directory)
            .Text("model"u8, m.Model).Text("permission_mode"u8, m.PermissionMode).Number("after"u8, m.After)
            .Number("last"u8, m.Last).Flag("clean"u8, m.Clean).Flag("fresh"u8, m.Fresh),
        static j => new Look(
            j.Text("session"u8), j.TextOrNull("name"u8), j.Text("directory"u8), j.Text("model"u8),
            j.Text("permission_mode"u8), j.Long("after"u8), j.Long("last"u8), j.Flag("clean"u8), j.Flag("fresh"u8)));

    /// <summary>See <see cref="Messages.BoardNews"/>.</summary>
    public JsonShape<BoardNews> BoardNews => new(
        static (w, m) => w.Number("running"u8, m.Running).Number("waiting"u8, m.Waiting).Number("done"u8, m.Done)
            .List("slots"u8, m.Slots, RowJson.Default.SessionRow).Object("session"u8, m.Session, RowJson.Default.SessionRow)
            .Text("model"u8, m.Model).Text("permission_mode"u8, m.PermissionMode),
        static j => new BoardNews(
            j.Int("running"u8), j.Int("waiting"u8), j.Int("done"u8), j.List("slots"u8, RowJson.Default.SessionRow),
            j.ObjectOrNull("session"u8, RowJson.Default.SessionRow), j.TextOrNull("model"u8),
            j.TextOrNull("permission_mode"u8)));

    /// <summary>See <see cref="Messages.Notice"/>.</summary>
    public JsonShape<Notice> Notice => new(
        static (w, m) => w.Text("text"u8, m.Text).Text("style"u8, m.Style),
        static j => new Notice(j.Text("text"u8), j.TextOrNull("style"u8)));

    /// <summary>See <see cref="Messages.ErrorInfo"/>.</summary>
    public JsonShape<ErrorInfo> ErrorInfo => new(
        static (w, m) => w.Text("what"u8, m.What).Text("hint"u8, m.Hint).Flag("usage"u8, m.Usage ? true : null),
        static j => new ErrorInfo(j.Text("what"u8), j.TextOrNull("hint"u8), j.Flag("usage"u8)));

    private static JsonShape<Completion> Completion => new(
        static (w, c) => w.Text("text"u8, c.Text).Text("note"u8, c.Note),
        static j => new Completion(j.Text("text"u8), j.TextOrNull("note"u8)));

    private static JsonShape<Cell> Cell => new(
        static (w, c) => w.Text("text"u8, c.Text).Text("style"u8, c.Style),
        static j => new Cell(j.Text("text"u8), j.TextOrNull("style"u8)));

    // Rows of a table are lists in a list.
    private static JsonShape<Table> Table => new(
        static (w, t) =>
        {
            w.Texts("columns"u8, t.Columns).WriteStartArray("rows"u8);
            foreach (var row in t.Rows)
            {
                w.WriteStartArray();
                foreach (var cell in row)
                {
                    Cell.Write(w, cell);
                }

                w.WriteEndArray();
            }

            w.WriteEndArray();
        },
        static j => new Table(j.Texts("columns"u8), j.Lists("rows"u8, Cell)));
}
