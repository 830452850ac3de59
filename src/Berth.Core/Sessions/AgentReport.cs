using System.Text;
using Berth.Core.Agent;
using Berth.Core.Tasks;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>
/// What a sub-agent has brought so far, as a fold of its events; and what of each event its group's output and its
/// parent's log say.
/// </summary>
internal sealed class AgentReport(string session, string name, long group)
{
    private const int SummaryChars = 160;

    private readonly StringBuilder answer = new();
    private readonly Dictionary<string, string> asked = [];
    private Dictionary<string, string> calls = [];
    private bool works;

    /// <summary>The text of the last step.</summary>
    public string Answer => answer.ToString();

    /// <summary>The line of the group's output at which that text begins; 0 while it has none.</summary>
    public long AnswerLine { get; private set; }

    /// <summary>Requests to its model.</summary>
    public int Steps { get; private set; }

    /// <summary>Tokens of all of them.</summary>
    public Usage Usage { get; private set; } = new();

    /// <summary>The first call that was denied only because nobody could be asked; null without one.</summary>
    public string? Unasked { get; private set; }

    /// <summary>How its last turn ended; null before it has.</summary>
    public TurnEnded? End { get; private set; }

    /// <summary>The beginning of the answer, one line; null without one.</summary>
    public string? Summary => OneLine.Of(Answer, SummaryChars) is { Length: > 0 } line ? line : null;

    /// <summary>Takes the next event.</summary>
    /// <param name="lines">Lines of the group's output so far.</param>
    /// <returns>What is added to the output.</returns>
    public IReadOnlyList<string> Take(SessionEvent happened, long lines)
    {
        switch (happened)
        {
            case TurnStarted:
                works = true;
                return [];
            case StepStarted:
                Steps++;
                answer.Clear();
                AnswerLine = 0;
                return [];
            case TextAdded e:
                answer.Append(e.Text);
                return [];
            case StepEnded e:
                Usage += e.Usage;
                return StepLines(e, lines);
            case StepRetrying e:
                return [$"(waits {e.WaitMs / 1000.0:0.#} s: {OneLine.Of(e.Why, SummaryChars)})"];
            case ToolEnded e:
                Unasked ??= e.Unasked is true ? calls.GetValueOrDefault(e.Call) ?? "a call" : null;
                return [$"  {OneLine.Of(e.Summary ?? e.Outcome, SummaryChars)}"];
            case RequestOpened { Agent: null } e:
                return [$"? {OneLine.Of(e.Title, SummaryChars)}"];
            case RequestAnswered e:
                return [$"  answered: {e.Answer}"];
            case NoticeAdded e:
                return e.Lines;
            case TurnEnded e:
                End = e;
                return e.Reason is TurnClose.Completed ? [] : EndLines(e, lines);
            default:
                return [];
        }
    }

    /// <summary>What the parent's log is told of an event: its requests, and the rules that they granted.</summary>
    public IReadOnlyList<SessionEvent> ForParent(SessionEvent happened)
    {
        switch (happened)
        {
            case RequestOpened { Agent: null } e:
                var id = $"{session}.{e.Request}";
                asked[e.Request] = id;
                return [e with { Request = id, Call = $"{session}.{e.Call}", Agent = name, Task = group }];
            case RequestAnswered e when asked.Remove(e.Request, out var open):
                return [e with { Request = open }];
            case RuleGranted when works:
                return [happened];
            case TurnEnded:
                var withdrawn = asked.Values.Select(request => new RequestWithdrawn(request)).ToArray();
                asked.Clear();
                return withdrawn;
            default:
                return [];
        }
    }

    private List<string> StepLines(StepEnded ended, long lines)
    {
        var added = AnswerLines(lines);
        calls = [];
        foreach (var call in ended.Calls)
        {
            calls[call.Id] = CallTitle.Of(call);
            added.Add($"→ {calls[call.Id]}");
        }

        return added;
    }

    private List<string> EndLines(TurnEnded ended, long lines)
    {
        // An answer that was cut off never came to its StepEnded.
        var added = AnswerLine == 0 ? AnswerLines(lines) : [];
        if (ended.Error is { } error)
        {
            added.Add(OneLine.Of(error, SummaryChars));
        }

        return added;
    }

    private List<string> AnswerLines(long lines)
    {
        if (string.IsNullOrWhiteSpace(Answer))
        {
            return [];
        }

        AnswerLine = lines + 1;
        return [.. Answer.TrimEnd().Split('\n')];
    }
}
