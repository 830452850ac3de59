using System.Text;
using Berth.Protocol.Events;

namespace Berth.Cli;

/// <summary>A session's events as a transcript in plain text. Streamed pieces join to the answer they are part of.</summary>
internal sealed class TranscriptText
{
    private readonly Dictionary<string, ToolCall> calls = [];
    private readonly Dictionary<string, string> agents = [];
    private bool insideAnswer;
    private bool begun;

    /// <summary>What the next event adds to the transcript; empty when it shows nothing.</summary>
    public string Of(SessionEvent happened)
    {
        switch (happened)
        {
            case TextAdded e:
                var first = !insideAnswer;
                insideAnswer = true;
                return first ? Paragraph() + e.Text : e.Text;
            case UserMessage e:
                return Paragraph() + Marked("> ", e.Text)
                    + string.Concat((e.Mentions ?? []).Select(m => $"  {m.Name} ({m.What})\n"));
            case StepEnded e:
                foreach (var call in e.Calls)
                {
                    calls[call.Id] = call;
                }

                return EndOfAnswer() + (StopReasons.Remark(e.Stop) is { } remark ? $"({remark})\n" : "");
            case RequestOpened e:
                return Paragraph() + $"? {(e.Agent is null ? "" : $"{e.Agent}: ")}{e.Title}\n";
            case RequestAnswered e:
                return EndOfAnswer() + $"  answered: {e.Answer}{(string.IsNullOrEmpty(e.Text) ? "" : $" ({e.Text})")}\n";
            case ToolEnded e when calls.TryGetValue(e.Call, out var call):
                return Paragraph() + $"• {RunProgress.Called(call)}\n" + Marked("  ", e.Summary ?? e.Outcome);
            case AgentsChosen e:
                foreach (var agent in e.Agents)
                {
                    agents[agent.Session] = agent.Name;
                }

                return "";
            case AgentEnded e:
                return EndOfAnswer() + $"  {agents.GetValueOrDefault(e.Session, "sub-agent")} [{e.Session}] {e.Status}: {e.Summary}\n";
            case NoticeAdded e:
                return Paragraph() + string.Join('\n', e.Lines) + "\n";
            case ContextCompacted e:
                return Paragraph() + $"── {TokenFigures.Line(e)} ──\n";
            case CompactionFailed e:
                return Paragraph() + $"(the context was not compacted: {e.Why})\n";
            case TurnEnded e when e.Reason != "completed":
                return Paragraph() + $"({e.Reason}{(e.Error is null ? "" : $": {e.Error}")}{(e.Hint is null ? "" : $" {e.Hint}")})\n";
            default:
                return "";
        }
    }

    /// <summary>The line end that an unfinished answer still lacks.</summary>
    public string EndOfAnswer()
    {
        var end = insideAnswer ? "\n" : "";
        insideAnswer = false;
        return end;
    }

    private string Paragraph()
    {
        var gap = EndOfAnswer() + (begun ? "\n" : "");
        begun = true;
        return gap;
    }

    private static string Marked(string mark, string text)
    {
        var marked = new StringBuilder();
        foreach (var line in text.TrimEnd().Split('\n'))
        {
            marked.Append(mark).Append(line).Append('\n');
        }

        return marked.ToString();
    }
}
