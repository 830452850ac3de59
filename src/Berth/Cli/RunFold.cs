using System.Text;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Cli;

/// <summary>A tool call that was not allowed because nobody could be asked.</summary>
internal sealed record DeniedCall(string Tool, string Arguments, string? Why);

/// <summary>
/// What a run has brought, as a fold of its session's events. The run is over when its last turn is, and no task it
/// sent to the background can start another one.
/// </summary>
internal sealed class RunFold
{
    private readonly StringBuilder answer = new();
    private readonly Dictionary<string, ToolCall> calls = [];
    private readonly List<DeniedCall> denied = [];
    private readonly List<TaskOfRun> tasks = [];
    private bool heard;
    private bool open = true;
    private bool wakes;

    /// <summary>The last turn's end; null before the first.</summary>
    public TurnEnded? End { get; private set; }

    /// <summary>The text of the last turn's last step.</summary>
    public string Answer => answer.ToString();

    /// <summary>Tokens of all turns of the run.</summary>
    public Usage Usage { get; private set; } = new();

    /// <summary>What was denied because nobody could be asked.</summary>
    public IReadOnlyList<DeniedCall> Denied => denied;

    /// <summary>The tasks that the run started, by number.</summary>
    public IReadOnlyList<TaskOfRun> Tasks => tasks;

    /// <summary>A turn of the run is under way.</summary>
    public bool TurnOpen => open;

    /// <summary>No turn is under way; what is left are tasks in the background.</summary>
    public bool OnlyTasksLeft => !open && !wakes;

    /// <summary>Nothing more will come from this run.</summary>
    public bool IsOver
    {
        get
        {
            foreach (var task in tasks)
            {
                if (task is { Background: true, Noticed: false })
                {
                    return false;
                }
            }

            return OnlyTasksLeft;
        }
    }

    /// <summary>The state that the session is left in.</summary>
    public string State => End?.Reason switch
    {
        "completed" => SessionStates.Done,
        "cancelled" => SessionStates.Cancelled,
        "interrupted" => SessionStates.Interrupted,
        null => SessionStates.Running,
        _ => SessionStates.Error,
    };

    /// <summary>What the model called with this id.</summary>
    public ToolCall? CallOf(string id) => calls.GetValueOrDefault(id);

    /// <summary>Takes the next event.</summary>
    public void Apply(SessionEvent happened)
    {
        switch (happened)
        {
            case TurnStarted:
                (heard, open, wakes) = (true, true, false);
                break;
            case StepStarted:
                heard = true;
                answer.Clear();
                break;
            case TextAdded e:
                answer.Append(e.Text);
                break;
            case StepEnded e:
                Usage += e.Usage;
                foreach (var call in e.Calls)
                {
                    calls[call.Id] = call;
                }

                break;
            case ContextCompacted e:
                Usage += e.Usage;
                break;
            case ToolEnded { Unasked: true } e:
                var asked = CallOf(e.Call);
                denied.Add(new DeniedCall(asked?.Tool ?? "", asked?.Arguments ?? "", e.Summary));
                break;
            case TurnEnded e:
                // A message that came at the very end of an earlier turn is heard by the next one only.
                open = !heard;
                End = heard ? e : End;
                break;
            default:
                ApplyTask(happened);
                break;
        }
    }

    private void ApplyTask(SessionEvent happened)
    {
        switch (happened)
        {
            case TaskStarted e:
                tasks.Add(new TaskOfRun(e, null, Background: false, Noticed: false));
                break;
            case TaskBackgrounded e:
                Change(e.Task, static (task, _) => task with { Background = true }, e);
                break;
            case TaskEnded e:
                // What the agent stopped itself it is not told of.
                Change(e.Task, static (task, ended) => task with
                {
                    End = (TaskEnded)ended,
                    Noticed = task.Noticed || ((TaskEnded)ended).State == "stopped_by_agent",
                }, e);
                break;
            case TaskCollected e:
                Change(e.Task, static (task, _) => task with { Noticed = true }, e);
                break;
            case NoticeAdded e:
                wakes |= e.Wakes && !open;
                foreach (var number in e.Tasks)
                {
                    Change(number, static (task, _) => task with { Noticed = true }, e);
                }

                break;
        }
    }

    // Of a task that an earlier turn of the session started nothing is known, and nothing is waited for.
    private void Change(long number, Func<TaskOfRun, SessionEvent, TaskOfRun> change, SessionEvent by)
    {
        var at = tasks.FindIndex(task => task.Start.Task == number);
        if (at >= 0)
        {
            tasks[at] = change(tasks[at], by);
        }
    }
}

/// <summary>A task that the run started.</summary>
/// <param name="End">How it ended; null while it lives.</param>
/// <param name="Background">The agent does not wait for it.</param>
/// <param name="Noticed">The session was told of its end.</param>
internal sealed record TaskOfRun(TaskStarted Start, TaskEnded? End, bool Background, bool Noticed);
