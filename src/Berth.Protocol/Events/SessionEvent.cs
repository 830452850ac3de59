using System.Text.Json;

namespace Berth.Protocol.Events;

/// <summary>
/// One thing that happened in a session, as its log keeps it. The cases below are the whole language of the log;
/// state, history, model context and every view are folds of them. A case is never changed, only added;
/// fields are only added, with a default.
/// </summary>
public abstract record SessionEvent;

/// <summary>The first event of a log.</summary>
/// <param name="Session">Eight hex digits.</param>
/// <param name="Directory">Absolute path the session works in.</param>
/// <param name="Project">Root of the project the directory belongs to.</param>
/// <param name="Kind">"session" or "agent" (a sub-agent's session).</param>
/// <param name="Parent">The session this one was forked from or started by.</param>
/// <param name="Version">The Berth version that wrote it.</param>
public sealed record SessionCreated(
    string Session, string Directory, string Project, string Kind, string? Parent, string Version) : SessionEvent;

/// <summary>
/// Everything before is another session's, from which this one was forked; everything from here on is this one's. Its
/// tasks, its open turn and its open requests stay with the other.
/// </summary>
/// <param name="Session">Eight hex digits: the fork.</param>
/// <param name="Parent">The session it was forked from.</param>
/// <param name="Name">The fork's name.</param>
public sealed record SessionForked(string Session, string Parent, string? Name) : SessionEvent;

/// <summary>A process became the writer of this log. Its first event after every start.</summary>
/// <param name="Writer">Names the process: pid and start time.</param>
/// <param name="Version">Its Berth version.</param>
public sealed record WriterOpened(string Writer, string Version) : SessionEvent;

/// <summary>The session got a name.</summary>
public sealed record SessionRenamed(string Name) : SessionEvent;

/// <summary>The session got a model of its own (null: it follows the configuration again).</summary>
public sealed record ModelChosen(string? Model) : SessionEvent;

/// <summary>The session got a permission mode of its own.</summary>
public sealed record PermissionModeChosen(string Mode) : SessionEvent;

/// <summary>A rule that holds for this session only ("yes for this session", or <c>--allow</c>).</summary>
/// <param name="Rule">In the words of <c>/permissions</c>, for example <c>bash(npm test)</c>.</param>
/// <param name="Exact">The text in brackets is meant literally, without wildcards.</param>
public sealed record RuleGranted(string Rule, bool Exact = false) : SessionEvent;

/// <summary>A person's message. Stored before the person sees it as accepted.</summary>
/// <param name="Text">As it was typed.</param>
/// <param name="Images">Images in it.</param>
/// <param name="Mentions">What its <c>@path</c>s name; the model gets it behind the text.</param>
public sealed record UserMessage(
    string Text, IReadOnlyList<StoredImage>? Images = null, IReadOnlyList<MentionedPath>? Mentions = null) : SessionEvent;

/// <summary>What one <c>@path</c> of a message names, as it was when the message was sent.</summary>
/// <param name="Name">As it was typed, with the sign, without a range.</param>
/// <param name="What">In a few words, for people: "120 lines".</param>
/// <param name="Content">What the model gets; empty: nothing.</param>
public sealed record MentionedPath(string Name, string What, string Content);

/// <summary>An image that a session was shown. Its bytes lie in <c>images/</c> below the session's directory.</summary>
/// <param name="File">The name there, made of its content: 32 hex digits and what kind it is.</param>
/// <param name="MediaType">For example "image/png".</param>
/// <param name="Width">Pixels; 0 when unknown.</param>
/// <param name="Name">The path it was read from, for people.</param>
public sealed record StoredImage(string File, string MediaType, long Bytes, int Width, int Height, string Name);

/// <summary>A turn begins.</summary>
/// <param name="Turn">Counted from 1.</param>
/// <param name="Cause">"message", "notice" or "compact" (the turn compacts the context and nothing else).</param>
public sealed record TurnStarted(int Turn, string Cause) : SessionEvent;

/// <summary>A request is about to go to the model. On disk before it is sent.</summary>
/// <param name="Step">Counted from 1 within the turn.</param>
/// <param name="Model">The configured name of the model.</param>
/// <param name="Instructions">The system text, when this is the first step that uses it; else null.</param>
public sealed record StepStarted(int Step, string Model, string? Instructions = null) : SessionEvent;

/// <summary>A piece of the model's visible answer.</summary>
public sealed record TextAdded(string Text) : SessionEvent;

/// <summary>A piece of the model's shown reasoning.</summary>
public sealed record ReasoningAdded(string Text) : SessionEvent;

/// <summary>The request is repeated after a wait, because nothing of an answer had come.</summary>
/// <param name="Attempt">The request that failed, counted from 1.</param>
/// <param name="WaitMs">Milliseconds until the next one.</param>
/// <param name="Why">What happened, in words.</param>
public sealed record StepRetrying(int Attempt, int WaitMs, string Why) : SessionEvent;

/// <summary>The request is not sent yet: the limits of the model's key do not let it pass.</summary>
/// <param name="WaitMs">Milliseconds until it will be sent, as far as that is known.</param>
/// <param name="Why">What it waits for, in words; null: it waits no longer, and is sent.</param>
public sealed record StepWaiting(int? WaitMs, string? Why) : SessionEvent;

/// <summary>
/// Tells the model something about its own turn: a limit that is near, a call that repeats itself. Enters its context,
/// marked as no user input.
/// </summary>
/// <param name="About">Names what it is about; the same is told once.</param>
/// <param name="Line">What the transcript shows.</param>
/// <param name="Text">What the model gets.</param>
public sealed record RemarkAdded(string About, string Line, string Text) : SessionEvent;

/// <summary>A tool call as the model asked for it.</summary>
/// <param name="Id">The provider's id, made unique within the session.</param>
/// <param name="Tool">The name the model used, known or not.</param>
/// <param name="Arguments">The JSON text the model gave, valid or not.</param>
public sealed record ToolCall(string Id, string Tool, string Arguments);

/// <summary>Tokens as the provider counted them, and what they cost.</summary>
/// <param name="CachedTokens">Of the input: what the provider had already.</param>
/// <param name="Cost">Dollars, at the prices that were set then; null where none were.</param>
public sealed record Usage(
    long InputTokens = 0, long OutputTokens = 0, long CachedTokens = 0, decimal? Cost = null)
{
    // Far beyond any bill; keeps what a foreign hand wrote into a log within what a sum can hold.
    private const decimal MostCost = 1_000_000_000_000;

    /// <summary>Adds two counts. What has no price adds nothing to the cost.</summary>
    public static Usage operator +(Usage a, Usage b) => new(
        a.InputTokens + b.InputTokens, a.OutputTokens + b.OutputTokens, a.CachedTokens + b.CachedTokens,
        a.Cost is null && b.Cost is null ? null : Math.Clamp(a.Cost ?? 0, 0, MostCost) + Math.Clamp(b.Cost ?? 0, 0, MostCost));
}

/// <summary>The model's answer is whole. Its text is what the step's <see cref="TextAdded"/> events say.</summary>
/// <param name="Stop">"stop", "tools", "length", "refusal" or the provider's own word.</param>
/// <param name="Calls">The tool calls of this answer, in its order.</param>
/// <param name="Provider">What the provider wants back in the next request (signed reasoning and the like).</param>
public sealed record StepEnded(
    string Stop, Usage Usage, IReadOnlyList<ToolCall> Calls, JsonElement? Provider = null) : SessionEvent;

/// <summary>A question to a person is open. It lives until it is answered or its turn ends.</summary>
/// <param name="Request">Unique within the session: "r1", "r2" …</param>
/// <param name="Call">The tool call that waits for the answer.</param>
/// <param name="Tool">The tool's name.</param>
/// <param name="Title">One line: what is asked.</param>
/// <param name="Detail">The whole command, diff or text to judge.</param>
/// <param name="Why">Why it is asked.</param>
/// <param name="Rule">What "yes for this session" would grant; null when that is not offered.</param>
/// <param name="Agent">The name of the sub-agent that asks, in its parent's log; null when the session itself asks. Then
/// <paramref name="Request"/> is <c>SESSION.r1</c>: the sub-agent's session, and its own name of the request.</param>
/// <param name="Task">The number of that sub-agent's group; null when the session itself asks.</param>
public sealed record RequestOpened(
    string Request, string Call, string Tool, string Title, string Detail, string Why, string? Rule,
    string? Agent = null, long? Task = null) : SessionEvent;

/// <summary>A request was answered; the first answer wins.</summary>
/// <param name="Answer">"yes", "no" or "always" (yes for this session).</param>
/// <param name="Text">What the person adds for the model.</param>
public sealed record RequestAnswered(string Request, string Answer, string? Text) : SessionEvent;

/// <summary>A request of a sub-agent is open no longer, and nobody answered it: the sub-agent has ended.</summary>
public sealed record RequestWithdrawn(string Request) : SessionEvent;

/// <summary>A tool is about to act. On disk before it does.</summary>
public sealed record ToolStarted(string Call) : SessionEvent;

/// <summary>A tool call has its result.</summary>
/// <param name="Outcome">"ok", "error", "denied", "cancelled" or "unknown" (the daemon died meanwhile).</param>
/// <param name="Output">What the model gets.</param>
/// <param name="Summary">A short result for people, one line.</param>
/// <param name="Unasked">True when it was denied only because a person would have had to be asked, and nobody could be.</param>
/// <param name="Images">Images that belong to the output.</param>
public sealed record ToolEnded(
    string Call, string Outcome, string Output, string? Summary = null, bool? Unasked = null,
    IReadOnlyList<StoredImage>? Images = null) : SessionEvent;

/// <summary>The model has brought its todo list up to date. It replaces the one before.</summary>
public sealed record TodosChanged(IReadOnlyList<TodoItem> Todos) : SessionEvent;

/// <summary>One thing to be done.</summary>
/// <param name="Content">In a few words, one line.</param>
/// <param name="Status">One of <see cref="TodoStates"/>.</param>
public sealed record TodoItem(string Content, string Status);

/// <summary>The states of what is to be done.</summary>
public static class TodoStates
{
    /// <summary>Not begun.</summary>
    public const string Pending = "pending";

    /// <summary>Worked on now.</summary>
    public const string InProgress = "in_progress";

    /// <summary>Done.</summary>
    public const string Completed = "completed";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Pending, InProgress, Completed];
}

/// <summary>A task runs.</summary>
/// <param name="Task">Its number, unique per installation.</param>
/// <param name="Kind">"shell" or "agents".</param>
/// <param name="Call">The tool call that started it; null for a person's own command.</param>
/// <param name="Command">The command line, or the group's name.</param>
/// <param name="PidStart">The process's start time in clock ticks since boot: pid and start name one process.</param>
/// <param name="OutputFile">Absolute path.</param>
/// <param name="By">"model" or "user".</param>
/// <param name="Boot">The machine's boot id, without which a pid means nothing.</param>
public sealed record TaskStarted(
    long Task, string Kind, string? Call, string Command, string? Description, int Pid, long PidStart,
    string OutputFile, string By, string? Boot = null) : SessionEvent;

/// <summary>The sub-agents of a group, which is a task. Each runs as soon as there is a place for it.</summary>
/// <param name="Task">The group's number.</param>
/// <param name="Mode">"parallel" or "serial".</param>
public sealed record AgentsChosen(long Task, string Mode, IReadOnlyList<ChosenAgent> Agents) : SessionEvent;

/// <summary>One sub-agent of a group.</summary>
/// <param name="Session">Its session: eight hex digits.</param>
/// <param name="Name">Its definition's name, with a number when several of the group have the same.</param>
/// <param name="Prompt">The beginning of its task, one line.</param>
/// <param name="Model">The model it was given; null: the configured one.</param>
public sealed record ChosenAgent(string Session, string Name, string Prompt, string? Model);

/// <summary>A sub-agent has its result.</summary>
/// <param name="Task">The group's number.</param>
/// <param name="Session">The sub-agent's session.</param>
/// <param name="Status">"done", "failed", "cancelled" or "timed_out".</param>
/// <param name="Steps">Requests to its model.</param>
/// <param name="Summary">The beginning of what it answered, or what went wrong; one line.</param>
public sealed record AgentEnded(
    long Task, string Session, string Status, double Seconds, int Steps, Usage Usage, string? Summary) : SessionEvent;

/// <summary>This session is a sub-agent's: what it is, and what it may use. It stands at the beginning of its log.</summary>
/// <param name="Agent">The definition's name.</param>
/// <param name="Tools">The tools its definition leaves it; null: all that a sub-agent may have.</param>
/// <param name="Mode">The permission mode that its own never exceeds; null: its parent's.</param>
/// <param name="Text">What its definition tells it.</param>
public sealed record AgentDefined(string Agent, IReadOnlyList<string>? Tools, string? Mode, string Text) : SessionEvent;

/// <summary>The sub-agent's parent has its result. From here on it is a session like any other.</summary>
/// <param name="Status">As in <see cref="AgentEnded"/>.</param>
public sealed record AgentReleased(string Status) : SessionEvent;

/// <summary>Something that the model is told from here on, marked as not coming from a person. It begins nothing.</summary>
/// <param name="Kind">What it is about: "orchestration".</param>
/// <param name="State">How that is from now on, for example "on"; what the next reminder of the kind is compared with.</param>
/// <param name="Text">What the model gets.</param>
public sealed record ReminderAdded(string Kind, string State, string Text) : SessionEvent;

/// <summary>The agent no longer waits for a task.</summary>
/// <param name="By">"flag" (asked for in the call), "key" (Ctrl+B), "time", "restart" (of the daemon, in order) or "lost"
/// (the daemon that waited for it died).</param>
public sealed record TaskBackgrounded(long Task, string By) : SessionEvent;

/// <summary>A task ended.</summary>
/// <param name="State">"exited", "signaled", "timed_out", "stopped_by_user", "stopped_by_agent", "output_limit" or
/// "unknown".</param>
/// <param name="Signal">The signal's name, for example "SIGKILL".</param>
/// <param name="Children">Pids of processes of the task that still live.</param>
/// <param name="LastLine">The output's last line, cleaned.</param>
public sealed record TaskEnded(
    long Task, string State, int? ExitCode, string? Signal, IReadOnlyList<int> Children, long OutputBytes,
    double Seconds, string? LastLine) : SessionEvent;

/// <summary>The model has asked for a task's outcome and got it: it needs no notice of it.</summary>
public sealed record TaskCollected(long Task) : SessionEvent;

/// <summary>Tells the session that tasks ended; enters the model's context, marked as no user input.</summary>
/// <param name="Lines">What the transcript shows, one line a task.</param>
/// <param name="Text">What the model gets.</param>
/// <param name="Wakes">Starts a turn in an idle session.</param>
public sealed record NoticeAdded(IReadOnlyList<long> Tasks, IReadOnlyList<string> Lines, string Text, bool Wakes)
    : SessionEvent;

/// <summary>A person wants the context compacted. It is done before the next step.</summary>
/// <param name="Instructions">What the summary shall keep above all, in the person's words.</param>
public sealed record CompactionAsked(string? Instructions) : SessionEvent;

/// <summary>A request for a summary is about to go to the model.</summary>
/// <param name="Cause">"asked" (by a person), "limit" (close to the model's limit) or "refused" (the provider found the
/// request too long).</param>
/// <param name="Tokens">What the context takes now.</param>
/// <param name="Model">The configured name of the model that is asked.</param>
public sealed record CompactionStarted(string Cause, long Tokens, string Model) : SessionEvent;

/// <summary>
/// The context is compacted: for the model, what came before <paramref name="From"/> is replaced by a text. The log and
/// every view keep all of it.
/// </summary>
/// <param name="From">The sequence number of the first event whose words still stand in the context as they are.</param>
/// <param name="Text">What stands in place of the rest.</param>
/// <param name="TokensBefore">What the context took.</param>
/// <param name="TokensAfter">What it takes now, estimated.</param>
/// <param name="Usage">What the summary cost, as the provider counted it.</param>
/// <param name="Model">The configured name of the model that made the summary.</param>
/// <param name="Read">Files that the session read, as the model named them.</param>
/// <param name="Changed">Files that it wrote or edited.</param>
public sealed record ContextCompacted(
    long From, string Text, long TokensBefore, long TokensAfter, Usage Usage, string Model,
    IReadOnlyList<string> Read, IReadOnlyList<string> Changed) : SessionEvent;

/// <summary>The context could not be compacted; it is as it was.</summary>
/// <param name="Tokens">What it takes.</param>
/// <param name="Why">What happened, in words.</param>
/// <param name="Hint">What to do.</param>
public sealed record CompactionFailed(long Tokens, string Why, string? Hint) : SessionEvent;

/// <summary>The turn is over.</summary>
/// <param name="Reason">"completed", "cancelled", "failed" or "interrupted".</param>
/// <param name="Error">What happened, when it failed.</param>
/// <param name="Hint">What to do.</param>
/// <param name="Seconds">Duration.</param>
public sealed record TurnEnded(string Reason, string? Error, string? Hint, double Seconds) : SessionEvent;

/// <summary>An event of a kind that this version does not know: kept in the log, skipped by every fold.</summary>
public sealed record UnknownEvent(string Type) : SessionEvent;
