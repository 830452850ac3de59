using System.Text.Json;
using Berth.Protocol.Json;

namespace Berth.Protocol.Events;

/// <summary>One case of <see cref="SessionEvent"/> as JSON.</summary>
/// <param name="Name">Its <c>type</c>.</param>
/// <param name="Write">Writes its fields behind those that all events have.</param>
internal sealed record EventKind(
    string Name, Type Type, Action<Utf8JsonWriter, SessionEvent> Write, Func<JsonElement, SessionEvent> Read);

/// <summary>
/// Every case and its fields. A client compiles only the rows it meets. Fields that were added later have a default for
/// logs from before.
/// </summary>
internal static class EventKinds
{
    /// <summary>Every case has a row here; a test walks over all cases.</summary>
    public static EventKind[] All { get; } =
    [
        new("session_created", typeof(SessionCreated), static (w, any) =>
        {
            var e = (SessionCreated)any;
            w.Text("session"u8, e.Session).Text("directory"u8, e.Directory).Text("project"u8, e.Project)
                .Text("kind"u8, e.Kind).Text("parent"u8, e.Parent).Text("version"u8, e.Version);
        },
        static j => new SessionCreated(
            j.Text("session"u8), j.Text("directory"u8), j.Text("project"u8), j.Text("kind"u8), j.TextOrNull("parent"u8),
            j.Text("version"u8))),

        new("writer_opened", typeof(WriterOpened), static (w, any) =>
        {
            var e = (WriterOpened)any;
            w.Text("writer"u8, e.Writer).Text("version"u8, e.Version);
        },
        static j => new WriterOpened(j.Text("writer"u8), j.Text("version"u8))),

        new("session_renamed", typeof(SessionRenamed),
            static (w, any) => w.Text("name"u8, ((SessionRenamed)any).Name),
            static j => new SessionRenamed(j.Text("name"u8))),

        new("model_chosen", typeof(ModelChosen),
            static (w, any) => w.Text("model"u8, ((ModelChosen)any).Model),
            static j => new ModelChosen(j.TextOrNull("model"u8))),

        new("permission_mode_chosen", typeof(PermissionModeChosen),
            static (w, any) => w.Text("mode"u8, ((PermissionModeChosen)any).Mode),
            static j => new PermissionModeChosen(j.Text("mode"u8))),

        new("rule_granted", typeof(RuleGranted), static (w, any) =>
        {
            var e = (RuleGranted)any;
            w.Text("rule"u8, e.Rule).Flag("exact"u8, e.Exact);
        },
        static j => new RuleGranted(j.Text("rule"u8), j.Flag("exact"u8))),

        new("user_message", typeof(UserMessage),
            static (w, any) => w.Text("text"u8, ((UserMessage)any).Text),
            static j => new UserMessage(j.Text("text"u8))),

        new("turn_started", typeof(TurnStarted), static (w, any) =>
        {
            var e = (TurnStarted)any;
            w.Number("turn"u8, e.Turn).Text("cause"u8, e.Cause);
        },
        static j => new TurnStarted(j.Int("turn"u8), j.Text("cause"u8))),

        new("step_started", typeof(StepStarted), static (w, any) =>
        {
            var e = (StepStarted)any;
            w.Number("step"u8, e.Step).Text("model"u8, e.Model).Text("instructions"u8, e.Instructions);
        },
        static j => new StepStarted(j.Int("step"u8), j.Text("model"u8), j.TextOrNull("instructions"u8))),

        new("text_added", typeof(TextAdded),
            static (w, any) => w.Text("text"u8, ((TextAdded)any).Text),
            static j => new TextAdded(j.Text("text"u8))),

        new("reasoning_added", typeof(ReasoningAdded),
            static (w, any) => w.Text("text"u8, ((ReasoningAdded)any).Text),
            static j => new ReasoningAdded(j.Text("text"u8))),

        new("step_retrying", typeof(StepRetrying), static (w, any) =>
        {
            var e = (StepRetrying)any;
            w.Number("attempt"u8, e.Attempt).Number("wait_ms"u8, e.WaitMs).Text("why"u8, e.Why);
        },
        static j => new StepRetrying(j.Int("attempt"u8), j.Int("wait_ms"u8), j.Text("why"u8))),

        new("step_ended", typeof(StepEnded), static (w, any) =>
        {
            var e = (StepEnded)any;
            w.Text("stop"u8, e.Stop).Object("usage"u8, e.Usage, Usage).List("calls"u8, e.Calls, Call)
                .Any("provider"u8, e.Provider);
        },
        static j => new StepEnded(
            j.Text("stop"u8), j.Object("usage"u8, Usage), j.List("calls"u8, Call), j.AnyOrNull("provider"u8))),

        new("request_opened", typeof(RequestOpened), static (w, any) =>
        {
            var e = (RequestOpened)any;
            w.Text("request"u8, e.Request).Text("call"u8, e.Call).Text("tool"u8, e.Tool).Text("title"u8, e.Title)
                .Text("detail"u8, e.Detail).Text("why"u8, e.Why).Text("rule"u8, e.Rule);
        },
        static j => new RequestOpened(
            j.Text("request"u8), j.Text("call"u8), j.Text("tool"u8), j.Text("title"u8), j.Text("detail"u8),
            j.Text("why"u8), j.TextOrNull("rule"u8))),

        new("request_answered", typeof(RequestAnswered), static (w, any) =>
        {
            var e = (RequestAnswered)any;
            w.Text("request"u8, e.Request).Text("answer"u8, e.Answer).Text("text"u8, e.Text);
        },
        static j => new RequestAnswered(j.Text("request"u8), j.Text("answer"u8), j.TextOrNull("text"u8))),

        new("tool_started", typeof(ToolStarted),
            static (w, any) => w.Text("call"u8, ((ToolStarted)any).Call),
            static j => new ToolStarted(j.Text("call"u8))),

        new("tool_ended", typeof(ToolEnded), static (w, any) =>
        {
            var e = (ToolEnded)any;
            w.Text("call"u8, e.Call).Text("outcome"u8, e.Outcome).Text("output"u8, e.Output)
                .Text("summary"u8, e.Summary).Flag("unasked"u8, e.Unasked);
        },
        static j => new ToolEnded(
            j.Text("call"u8), j.Text("outcome"u8), j.Text("output"u8), j.TextOrNull("summary"u8),
            j.FlagOrNull("unasked"u8))),

        new("task_started", typeof(TaskStarted), static (w, any) =>
        {
            var e = (TaskStarted)any;
            w.Number("task"u8, e.Task).Text("kind"u8, e.Kind).Text("call"u8, e.Call).Text("command"u8, e.Command)
                .Text("description"u8, e.Description).Number("pid"u8, e.Pid).Number("pid_start"u8, e.PidStart)
                .Text("output_file"u8, e.OutputFile).Text("by"u8, e.By).Text("boot"u8, e.Boot);
        },
        static j => new TaskStarted(
            j.Long("task"u8), j.Text("kind"u8), j.TextOrNull("call"u8), j.Text("command"u8),
            j.TextOrNull("description"u8), j.Int("pid"u8), j.Long("pid_start"u8), j.Text("output_file"u8),
            j.Text("by"u8), j.TextOrNull("boot"u8))),

        new("task_backgrounded", typeof(TaskBackgrounded), static (w, any) =>
        {
            var e = (TaskBackgrounded)any;
            w.Number("task"u8, e.Task).Text("by"u8, e.By);
        },
        static j => new TaskBackgrounded(j.Long("task"u8), j.Text("by"u8))),

        new("task_ended", typeof(TaskEnded), static (w, any) =>
        {
            var e = (TaskEnded)any;
            w.Number("task"u8, e.Task).Text("state"u8, e.State).NumberIfAny("exit_code"u8, e.ExitCode)
                .Text("signal"u8, e.Signal).Ints("children"u8, e.Children).Number("output_bytes"u8, e.OutputBytes)
                .Real("seconds"u8, e.Seconds).Text("last_line"u8, e.LastLine);
        },
        static j => new TaskEnded(
            j.Long("task"u8), j.Text("state"u8), j.IntOrNull("exit_code"u8), j.TextOrNull("signal"u8),
            j.Ints("children"u8), j.Long("output_bytes"u8), j.Double("seconds"u8), j.TextOrNull("last_line"u8))),

        new("task_collected", typeof(TaskCollected),
            static (w, any) => w.Number("task"u8, ((TaskCollected)any).Task),
            static j => new TaskCollected(j.Long("task"u8))),

        new("notice_added", typeof(NoticeAdded), static (w, any) =>
        {
            var e = (NoticeAdded)any;
            w.Longs("tasks"u8, e.Tasks).Texts("lines"u8, e.Lines).Text("text"u8, e.Text).Flag("wakes"u8, e.Wakes);
        },
        static j => new NoticeAdded(j.Longs("tasks"u8), j.Texts("lines"u8), j.Text("text"u8), j.Flag("wakes"u8))),

        new("turn_ended", typeof(TurnEnded), static (w, any) =>
        {
            var e = (TurnEnded)any;
            w.Text("reason"u8, e.Reason).Text("error"u8, e.Error).Text("hint"u8, e.Hint).Real("seconds"u8, e.Seconds);
        },
        static j => new TurnEnded(
            j.Text("reason"u8), j.TextOrNull("error"u8), j.TextOrNull("hint"u8), j.Double("seconds"u8))),
    ];

    /// <summary>Tokens, in events and in rows.</summary>
    public static JsonShape<Usage> Usage => new(
        static (w, u) => w.Number("input_tokens"u8, u.InputTokens).Number("output_tokens"u8, u.OutputTokens)
            .Number("cached_tokens"u8, u.CachedTokens),
        static j => new Usage(j.Long("input_tokens"u8, 0), j.Long("output_tokens"u8, 0), j.Long("cached_tokens"u8, 0)));

    private static JsonShape<ToolCall> Call => new(
        static (w, c) => w.Text("id"u8, c.Id).Text("tool"u8, c.Tool).Text("arguments"u8, c.Arguments),
        static j => new ToolCall(j.Text("id"u8), j.Text("tool"u8), j.Text("arguments"u8)));
}
