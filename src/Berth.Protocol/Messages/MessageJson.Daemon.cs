using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Protocol.Messages;

// Here what the daemon says.
public static partial class MessageJson
{
    // A shape stands above those that hold it: they are made in this order.
    private static JsonShape<Table> Table { get; } = new(
        static (w, table) =>
        {
            w.WriteStartObject();
            w.Optional("columns"u8, table.Columns);
            w.Items("rows"u8, table.Rows, static (writer, row) =>
            {
                writer.WriteStartArray();
                foreach (var cell in row)
                {
                    WriteCell(writer, cell);
                }

                writer.WriteEndArray();
            });
            w.WriteEndObject();
        },
        static e => new Table(e.Texts("columns"u8), e.List("rows"u8, static row => row.Items(ReadCell))));

    /// <summary>The shape of <see cref="Messages.ErrorInfo"/>.</summary>
    public static JsonShape<ErrorInfo> ErrorInfo { get; } = new(
        static (w, error) =>
        {
            w.WriteStartObject();
            w.WriteString("what"u8, error.What);
            w.Optional("hint"u8, error.Hint);
            w.Optional("usage"u8, error.Usage ? true : null);
            w.WriteEndObject();
        },
        static e => new ErrorInfo(e.Text("what"u8), e.TextOrNull("hint"u8), e.Flag("usage"u8)));

    /// <summary>The shape of <see cref="Messages.BoardNews"/>.</summary>
    public static JsonShape<BoardNews> BoardNews { get; } = new(
        static (w, board) =>
        {
            w.WriteStartObject();
            w.WriteNumber("running"u8, board.Running);
            w.WriteNumber("waiting"u8, board.Waiting);
            w.WriteNumber("done"u8, board.Done);
            w.Items("slots"u8, board.Slots, static (writer, row) => RowJson.Shape.Write(writer, row));
            w.Optional("session"u8, board.Session, RowJson.Shape);
            w.Optional("model"u8, board.Model);
            w.Optional("permission_mode"u8, board.PermissionMode);
            w.WriteNumber("error"u8, board.Error);
            w.WriteNumber("interrupted"u8, board.Interrupted);
            if (board.Agents is { } agents)
            {
                w.Items("agents"u8, agents, static (writer, row) => RowJson.Shape.Write(writer, row));
            }

            w.WriteBoolean("orchestration"u8, board.Orchestration);
            w.WriteEndObject();
        },
        static e => new BoardNews(
            e.Int("running"u8), e.Int("waiting"u8), e.Int("done"u8), e.List("slots"u8, RowJson.Shape.Read),
            e.ObjectOrNull("session"u8, RowJson.Shape), e.TextOrNull("model"u8), e.TextOrNull("permission_mode"u8),
            (int)e.LongOrZero("error"u8), (int)e.LongOrZero("interrupted"u8),
            e.ListOrNull("agents"u8, RowJson.Shape.Read), e.Flag("orchestration"u8)));

    /// <summary>The shape of <see cref="Messages.TerminalSettings"/>.</summary>
    public static JsonShape<TerminalSettings> TerminalSettings { get; } = new(
        static (w, settings) =>
        {
            w.WriteStartObject();
            w.WriteString("notify"u8, settings.Notify);
            w.Items("keys"u8, settings.Keys, static (writer, bound) =>
            {
                writer.WriteStartObject();
                writer.WriteString("action"u8, bound.Action);
                writer.WriteString("keys"u8, bound.Keys);
                writer.WriteEndObject();
            });
            w.WriteEndObject();
        },
        static e => new TerminalSettings(
            e.Text("notify"u8), e.List("keys"u8, static bound => new BoundKeys(bound.Text("action"u8), bound.Text("keys"u8)))));

    /// <summary>The shape of <see cref="Messages.Welcome"/>.</summary>
    public static JsonShape<Welcome> Welcome { get; } = new(
        static (w, welcome) =>
        {
            w.WriteStartObject();
            w.WriteNumber("protocol"u8, welcome.Protocol);
            w.WriteString("version"u8, welcome.Version);
            w.WriteString("build"u8, welcome.Build);
            w.WriteNumber("pid"u8, welcome.Pid);
            w.WriteString("project"u8, welcome.Project);
            w.WriteString("model"u8, welcome.Model);
            w.Optional("warnings"u8, welcome.Warnings);
            w.Optional("board"u8, welcome.Board, BoardNews);
            w.Optional("settings"u8, welcome.Settings, TerminalSettings);
            w.WriteEndObject();
        },
        static e => new Welcome(
            e.Int("protocol"u8), e.Text("version"u8), e.Text("build"u8), e.Int("pid"u8), e.Text("project"u8),
            e.Text("model"u8), e.Texts("warnings"u8), e.Object("board"u8, BoardNews),
            e.ObjectOrNull("settings"u8, TerminalSettings)));

    /// <summary>The shape of <see cref="Messages.Opened"/>.</summary>
    public static JsonShape<Opened> Opened { get; } = new(
        static (w, opened) =>
        {
            w.WriteStartObject();
            w.WriteString("session"u8, opened.Session);
            w.WriteNumber("last"u8, opened.Last);
            w.WriteEndObject();
        },
        static e => new Opened(e.Text("session"u8), e.Long("last"u8)));

    /// <summary>The shape of <see cref="Messages.RunStarted"/>.</summary>
    public static JsonShape<RunStarted> RunStarted { get; } = new(
        static (w, started) =>
        {
            w.WriteStartObject();
            w.WriteString("session"u8, started.Session);
            w.Optional("slot"u8, started.Slot);
            w.WriteNumber("after"u8, started.After);
            w.WriteEndObject();
        },
        static e => new RunStarted(e.Text("session"u8), e.IntOrNull("slot"u8), e.Long("after"u8)));

    /// <summary>The shape of <see cref="Messages.Reply"/>.</summary>
    public static JsonShape<Reply> Reply { get; } = new(
        static (w, reply) =>
        {
            w.WriteStartObject();
            w.Optional("lines"u8, reply.Lines);
            w.Optional("table"u8, reply.Table, Table);
            w.Optional("after"u8, reply.After);
            w.Optional("data"u8, reply.Data);
            w.Optional("error"u8, reply.Error, ErrorInfo);
            w.WriteBoolean("leave"u8, reply.Leave);
            w.Optional("hidden"u8, reply.Hidden);
            w.WriteBoolean("failed"u8, reply.Failed);
            w.WriteEndObject();
        },
        static e => new Reply(
            e.TextsOrNull("lines"u8), e.ObjectOrNull("table"u8, Table), e.TextsOrNull("after"u8), e.Json("data"u8),
            e.ObjectOrNull("error"u8, ErrorInfo), e.Flag("leave"u8), e.TextOrNull("hidden"u8), e.Flag("failed"u8)));

    /// <summary>The shape of <see cref="Messages.Completions"/>.</summary>
    public static JsonShape<Completions> Completions { get; } = new(
        static (w, completions) =>
        {
            w.WriteStartObject();
            w.WriteNumber("start"u8, completions.Start);
            w.WriteNumber("length"u8, completions.Length);
            w.Items("items"u8, completions.Items, static (writer, item) =>
            {
                writer.WriteStartObject();
                writer.WriteString("text"u8, item.Text);
                writer.Optional("note"u8, item.Note);
                writer.WriteEndObject();
            });
            w.WriteEndObject();
        },
        static e => new Completions(e.Int("start"u8), e.Int("length"u8), e.List(
            "items"u8, static item => new Completion(item.Text("text"u8), item.TextOrNull("note"u8)))));

    /// <summary>The shape of <see cref="Messages.DaemonStatus"/>.</summary>
    public static JsonShape<DaemonStatus> DaemonStatus { get; } = new(
        static (w, status) =>
        {
            w.WriteStartObject();
            w.WriteBoolean("running"u8, status.Running);
            w.WriteNumber("pid"u8, status.Pid);
            w.WriteString("version"u8, status.Version);
            w.WriteNumber("uptime_s"u8, status.UptimeS);
            w.WriteNumber("sessions"u8, status.Sessions);
            w.WriteNumber("memory_mb"u8, status.MemoryMb);
            w.WriteString("build"u8, status.Build);
            w.Optional("ended"u8, status.Ended);
            w.Optional("busy"u8, status.Busy);
            w.WriteEndObject();
        },
        static e => new DaemonStatus(
            e.Flag("running"u8), e.Int("pid"u8), e.Text("version"u8), e.Long("uptime_s"u8), e.Int("sessions"u8),
            e.Long("memory_mb"u8), e.Text("build"u8), e.TextsOrNull("ended"u8),
            e.TextsOrNull("busy"u8)));

    /// <summary>The shape of <see cref="Messages.Look"/>.</summary>
    public static JsonShape<Look> Look { get; } = new(
        static (w, look) =>
        {
            w.WriteStartObject();
            w.WriteString("session"u8, look.Session);
            w.Optional("name"u8, look.Name);
            w.WriteString("directory"u8, look.Directory);
            w.WriteString("model"u8, look.Model);
            w.WriteString("permission_mode"u8, look.PermissionMode);
            w.WriteNumber("after"u8, look.After);
            w.WriteNumber("last"u8, look.Last);
            w.WriteBoolean("clean"u8, look.Clean);
            w.WriteBoolean("fresh"u8, look.Fresh);
            w.WriteEndObject();
        },
        static e => new Look(
            e.Text("session"u8), e.TextOrNull("name"u8), e.Text("directory"u8), e.Text("model"u8),
            e.Text("permission_mode"u8), e.Long("after"u8), e.Long("last"u8), e.Flag("clean"u8), e.Flag("fresh"u8)));

    /// <summary>The shape of <see cref="Messages.Notice"/>.</summary>
    public static JsonShape<Notice> Notice { get; } = new(
        static (w, notice) =>
        {
            w.WriteStartObject();
            w.WriteString("text"u8, notice.Text);
            w.Optional("style"u8, notice.Style);
            w.Optional("rings"u8, notice.Rings);
            w.WriteEndObject();
        },
        static e => new Notice(e.Text("text"u8), e.TextOrNull("style"u8), e.FlagOrNull("rings"u8)));

    private static void WriteCell(Utf8JsonWriter w, Cell cell)
    {
        w.WriteStartObject();
        w.WriteString("text"u8, cell.Text);
        w.Optional("style"u8, cell.Style);
        w.WriteEndObject();
    }

    private static Cell ReadCell(JsonElement e) => new(e.Text("text"u8), e.TextOrNull("style"u8));
}
