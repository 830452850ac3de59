using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>One kind of event: its name in the log, and its fields.</summary>
/// <param name="Write">Writes the fields into an object that has begun.</param>
/// <param name="Read">Reads them from the whole object.</param>
internal sealed record EventKind(
    string Name, Type Type, Action<Utf8JsonWriter, SessionEvent> Write, Func<JsonElement, SessionEvent> Read);

/// <summary>The table of kinds. Every case of <see cref="SessionEvent"/> has a row here; a test walks over all cases.</summary>
internal static class EventKinds
{
    public static readonly JsonShape<Usage> UsageShape = new(
        static (w, usage) =>
        {
            w.WriteStartObject();
            w.WriteNumber("input_tokens"u8, usage.InputTokens);
            w.WriteNumber("output_tokens"u8, usage.OutputTokens);
            w.WriteNumber("cached_tokens"u8, usage.CachedTokens);
            w.Optional("cost"u8, usage.Cost);
            w.WriteEndObject();
        },
        static e => new Usage(
            e.LongOrZero("input_tokens"u8), e.LongOrZero("output_tokens"u8), e.LongOrZero("cached_tokens"u8), e.DecimalOrNull("cost"u8)));

    public static readonly EventKind[] All =
    [
        Of<SessionCreated>("session_created", static (w, e) =>
        {
            w.WriteString("session"u8, e.Session);
            w.WriteString("directory"u8, e.Directory);
            w.WriteString("project"u8, e.Project);
            w.WriteString("kind"u8, e.Kind);
            w.Optional("parent"u8, e.Parent);
            w.WriteString("version"u8, e.Version);
        }, static e => new SessionCreated(
            e.Text("session"u8), e.Text("directory"u8), e.Text("project"u8), e.Text("kind"u8), e.TextOrNull("parent"u8),
            e.Text("version"u8))),

        Of<SessionForked>("session_forked", static (w, e) =>
        {
            w.WriteString("session"u8, e.Session);
            w.WriteString("parent"u8, e.Parent);
            w.Optional("name"u8, e.Name);
        }, static e => new SessionForked(e.Text("session"u8), e.Text("parent"u8), e.TextOrNull("name"u8))),

        Of<WriterOpened>("writer_opened", static (w, e) =>
        {
            w.WriteString("writer"u8, e.Writer);
            w.WriteString("version"u8, e.Version);
        }, static e => new WriterOpened(e.Text("writer"u8), e.Text("version"u8))),

        Of<SessionRenamed>("session_renamed",
            static (w, e) => w.WriteString("name"u8, e.Name), static e => new SessionRenamed(e.Text("name"u8))),

        Of<ModelChosen>("model_chosen",
            static (w, e) => w.Optional("model"u8, e.Model), static e => new ModelChosen(e.TextOrNull("model"u8))),

        Of<PermissionModeChosen>("permission_mode_chosen",
            static (w, e) => w.WriteString("mode"u8, e.Mode), static e => new PermissionModeChosen(e.Text("mode"u8))),

        Of<RuleGranted>("rule_granted", static (w, e) =>
        {
            w.WriteString("rule"u8, e.Rule);
            w.WriteBoolean("exact"u8, e.Exact);
        }, static e => new RuleGranted(e.Text("rule"u8), e.Flag("exact"u8))),

        Of<UserMessage>("user_message", static (w, e) =>
        {
            w.WriteString("text"u8, e.Text);
            w.Optional("images"u8, e.Images, WriteImage);
            w.Optional("mentions"u8, e.Mentions, WriteMention);
        }, static e => new UserMessage(
            e.Text("text"u8), e.ListOrNull("images"u8, ReadImage), e.ListOrNull("mentions"u8, ReadMention))),

        Of<TurnStarted>("turn_started", static (w, e) =>
        {
            w.WriteNumber("turn"u8, e.Turn);
            w.WriteString("cause"u8, e.Cause);
        }, static e => new TurnStarted(e.Int("turn"u8), e.Text("cause"u8))),

        Of<StepStarted>("step_started", static (w, e) =>
        {
            w.WriteNumber("step"u8, e.Step);
            w.WriteString("model"u8, e.Model);
            w.Optional("instructions"u8, e.Instructions);
        }, static e => new StepStarted(e.Int("step"u8), e.Text("model"u8), e.TextOrNull("instructions"u8))),

        Of<TextAdded>("text_added",
            static (w, e) => w.WriteString("text"u8, e.Text), static e => new TextAdded(e.Text("text"u8))),

        Of<ReasoningAdded>("reasoning_added",
            static (w, e) => w.WriteString("text"u8, e.Text), static e => new ReasoningAdded(e.Text("text"u8))),

        Of<StepRetrying>("step_retrying", static (w, e) =>
        {
            w.WriteNumber("attempt"u8, e.Attempt);
            w.WriteNumber("wait_ms"u8, e.WaitMs);
            w.WriteString("why"u8, e.Why);
        }, static e => new StepRetrying(e.Int("attempt"u8), e.Int("wait_ms"u8), e.Text("why"u8))),

        Of<StepWaiting>("step_waiting", static (w, e) =>
        {
            w.Optional("wait_ms"u8, e.WaitMs);
            w.Optional("why"u8, e.Why);
        }, static e => new StepWaiting(e.IntOrNull("wait_ms"u8), e.TextOrNull("why"u8))),

        Of<RemarkAdded>("remark_added", static (w, e) =>
        {
            w.WriteString("about"u8, e.About);
            w.WriteString("line"u8, e.Line);
            w.WriteString("text"u8, e.Text);
        }, static e => new RemarkAdded(e.Text("about"u8), e.Text("line"u8), e.Text("text"u8))),

        Of<StepEnded>("step_ended", static (w, e) =>
        {
            w.WriteString("stop"u8, e.Stop);
            w.Optional("usage"u8, e.Usage, UsageShape);
            w.Items("calls"u8, e.Calls, WriteCall);
            w.Optional("provider"u8, e.Provider);
        }, static e => new StepEnded(
            e.Text("stop"u8), e.Object("usage"u8, UsageShape), e.List("calls"u8, ReadCall), e.Json("provider"u8))),

        Of<RequestOpened>("request_opened", static (w, e) =>
        {
            w.WriteString("request"u8, e.Request);
            w.WriteString("call"u8, e.Call);
            w.WriteString("tool"u8, e.Tool);
            w.WriteString("title"u8, e.Title);
            w.WriteString("detail"u8, e.Detail);
            w.WriteString("why"u8, e.Why);
            w.Optional("rule"u8, e.Rule);
            w.Optional("agent"u8, e.Agent);
            w.Optional("task"u8, e.Task);
        }, static e => new RequestOpened(
            e.Text("request"u8), e.Text("call"u8), e.Text("tool"u8), e.Text("title"u8), e.Text("detail"u8), e.Text("why"u8),
            e.TextOrNull("rule"u8), e.TextOrNull("agent"u8), e.LongOrNull("task"u8))),

        Of<RequestAnswered>("request_answered", static (w, e) =>
        {
            w.WriteString("request"u8, e.Request);
            w.WriteString("answer"u8, e.Answer);
            w.Optional("text"u8, e.Text);
        }, static e => new RequestAnswered(e.Text("request"u8), e.Text("answer"u8), e.TextOrNull("text"u8))),

        Of<RequestWithdrawn>("request_withdrawn",
            static (w, e) => w.WriteString("request"u8, e.Request), static e => new RequestWithdrawn(e.Text("request"u8))),

        Of<ToolStarted>("tool_started",
            static (w, e) => w.WriteString("call"u8, e.Call), static e => new ToolStarted(e.Text("call"u8))),

        Of<ToolEnded>("tool_ended", static (w, e) =>
        {
            w.WriteString("call"u8, e.Call);
            w.WriteString("outcome"u8, e.Outcome);
            w.WriteString("output"u8, e.Output);
            w.Optional("summary"u8, e.Summary);
            w.Optional("unasked"u8, e.Unasked);
            w.Optional("images"u8, e.Images, WriteImage);
        }, static e => new ToolEnded(
            e.Text("call"u8), e.Text("outcome"u8), e.Text("output"u8), e.TextOrNull("summary"u8), e.FlagOrNull("unasked"u8),
            e.ListOrNull("images"u8, ReadImage))),

        Of<TodosChanged>("todos_changed",
            static (w, e) => w.Items("todos"u8, e.Todos, WriteTodo), static e => new TodosChanged(e.List("todos"u8, ReadTodo))),

        Of<TaskStarted>("task_started", static (w, e) =>
        {
            w.WriteNumber("task"u8, e.Task);
            w.WriteString("kind"u8, e.Kind);
            w.Optional("call"u8, e.Call);
            w.WriteString("command"u8, e.Command);
            w.Optional("description"u8, e.Description);
            w.WriteNumber("pid"u8, e.Pid);
            w.WriteNumber("pid_start"u8, e.PidStart);
            w.WriteString("output_file"u8, e.OutputFile);
            w.WriteString("by"u8, e.By);
            w.Optional("boot"u8, e.Boot);
        }, static e => new TaskStarted(
            e.Long("task"u8), e.Text("kind"u8), e.TextOrNull("call"u8), e.Text("command"u8), e.TextOrNull("description"u8),
            e.Int("pid"u8), e.Long("pid_start"u8), e.Text("output_file"u8), e.Text("by"u8), e.TextOrNull("boot"u8))),

        .. AgentKinds.All,

        Of<TaskBackgrounded>("task_backgrounded", static (w, e) =>
        {
            w.WriteNumber("task"u8, e.Task);
            w.WriteString("by"u8, e.By);
        }, static e => new TaskBackgrounded(e.Long("task"u8), e.Text("by"u8))),

        Of<TaskEnded>("task_ended", static (w, e) =>
        {
            w.WriteNumber("task"u8, e.Task);
            w.WriteString("state"u8, e.State);
            w.Optional("exit_code"u8, e.ExitCode);
            w.Optional("signal"u8, e.Signal);
            w.Items("children"u8, e.Children, static (writer, pid) => writer.WriteNumberValue(pid));
            w.WriteNumber("output_bytes"u8, e.OutputBytes);
            w.WriteNumber("seconds"u8, e.Seconds);
            w.Optional("last_line"u8, e.LastLine);
        }, static e => new TaskEnded(
            e.Long("task"u8), e.Text("state"u8), e.IntOrNull("exit_code"u8), e.TextOrNull("signal"u8),
            e.List("children"u8, static pid => pid.GetInt32()), e.Long("output_bytes"u8), e.Double("seconds"u8),
            e.TextOrNull("last_line"u8))),

        Of<TaskCollected>("task_collected",
            static (w, e) => w.WriteNumber("task"u8, e.Task), static e => new TaskCollected(e.Long("task"u8))),

        Of<NoticeAdded>("notice_added", static (w, e) =>
        {
            w.Items("tasks"u8, e.Tasks, static (writer, task) => writer.WriteNumberValue(task));
            w.Optional("lines"u8, e.Lines);
            w.WriteString("text"u8, e.Text);
            w.WriteBoolean("wakes"u8, e.Wakes);
        }, static e => new NoticeAdded(
            e.List("tasks"u8, static task => task.GetInt64()), e.Texts("lines"u8), e.Text("text"u8), e.Flag("wakes"u8))),

        Of<CompactionAsked>("compaction_asked",
            static (w, e) => w.Optional("instructions"u8, e.Instructions),
            static e => new CompactionAsked(e.TextOrNull("instructions"u8))),

        Of<CompactionStarted>("compaction_started", static (w, e) =>
        {
            w.WriteString("cause"u8, e.Cause);
            w.WriteNumber("tokens"u8, e.Tokens);
            w.WriteString("model"u8, e.Model);
        }, static e => new CompactionStarted(e.Text("cause"u8), e.Long("tokens"u8), e.Text("model"u8))),

        Of<ContextCompacted>("context_compacted", static (w, e) =>
        {
            w.WriteNumber("from"u8, e.From);
            w.WriteString("text"u8, e.Text);
            w.WriteNumber("tokens_before"u8, e.TokensBefore);
            w.WriteNumber("tokens_after"u8, e.TokensAfter);
            w.Optional("usage"u8, e.Usage, UsageShape);
            w.WriteString("model"u8, e.Model);
            w.Optional("read"u8, e.Read);
            w.Optional("changed"u8, e.Changed);
        }, static e => new ContextCompacted(
            e.Long("from"u8), e.Text("text"u8), e.Long("tokens_before"u8), e.Long("tokens_after"u8),
            e.Object("usage"u8, UsageShape), e.Text("model"u8), e.Texts("read"u8), e.Texts("changed"u8))),

        Of<CompactionFailed>("compaction_failed", static (w, e) =>
        {
            w.WriteNumber("tokens"u8, e.Tokens);
            w.WriteString("why"u8, e.Why);
            w.Optional("hint"u8, e.Hint);
        }, static e => new CompactionFailed(e.Long("tokens"u8), e.Text("why"u8), e.TextOrNull("hint"u8))),

        Of<TurnEnded>("turn_ended", static (w, e) =>
        {
            w.WriteString("reason"u8, e.Reason);
            w.Optional("error"u8, e.Error);
            w.Optional("hint"u8, e.Hint);
            w.WriteNumber("seconds"u8, e.Seconds);
        }, static e => new TurnEnded(
            e.Text("reason"u8), e.TextOrNull("error"u8), e.TextOrNull("hint"u8), e.Double("seconds"u8))),
    ];

    internal static EventKind Of<T>(string name, Action<Utf8JsonWriter, T> write, Func<JsonElement, SessionEvent> read)
        where T : SessionEvent => new(name, typeof(T), (writer, e) => write(writer, (T)e), read);

    private static void WriteCall(Utf8JsonWriter w, ToolCall call)
    {
        w.WriteStartObject();
        w.WriteString("id"u8, call.Id);
        w.WriteString("tool"u8, call.Tool);
        w.WriteString("arguments"u8, call.Arguments);
        w.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter w, StoredImage image)
    {
        w.WriteStartObject();
        w.WriteString("file"u8, image.File);
        w.WriteString("media_type"u8, image.MediaType);
        w.WriteNumber("bytes"u8, image.Bytes);
        w.WriteNumber("width"u8, image.Width);
        w.WriteNumber("height"u8, image.Height);
        w.WriteString("name"u8, image.Name);
        w.WriteEndObject();
    }

    private static void WriteTodo(Utf8JsonWriter w, TodoItem todo)
    {
        w.WriteStartObject();
        w.WriteString("content"u8, todo.Content);
        w.WriteString("status"u8, todo.Status);
        w.WriteEndObject();
    }

    private static TodoItem ReadTodo(JsonElement e) => new(e.Text("content"u8), e.Text("status"u8));

    private static void WriteMention(Utf8JsonWriter w, MentionedPath mention)
    {
        w.WriteStartObject();
        w.WriteString("name"u8, mention.Name);
        w.WriteString("what"u8, mention.What);
        w.WriteString("content"u8, mention.Content);
        w.WriteEndObject();
    }

    private static MentionedPath ReadMention(JsonElement e) => new(e.Text("name"u8), e.Text("what"u8), e.Text("content"u8));

    private static StoredImage ReadImage(JsonElement e) => new(
        e.Text("file"u8), e.Text("media_type"u8), e.Long("bytes"u8), e.Int("width"u8), e.Int("height"u8), e.Text("name"u8));

    private static ToolCall ReadCall(JsonElement e) => new(e.Text("id"u8), e.Text("tool"u8), e.Text("arguments"u8));
}
