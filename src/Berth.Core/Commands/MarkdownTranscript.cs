using System.Text;
using System.Text.Json;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Commands;

/// <summary>A session's events as a Markdown document: everything that was said and done, nothing cut.</summary>
internal sealed class MarkdownTranscript(TextWriter output)
{
    private readonly Dictionary<string, ToolCall> calls = [];
    private bool insideAnswer;

    /// <summary>The head of the document.</summary>
    public void Begin(SessionRow row)
    {
        output.Write($"# {OneLine(row.Name ?? row.Id)}\n\n");
        output.Write($"- session: {row.Id}{(row.Parent is null ? "" : $" (from {row.Parent})")}\n");
        output.Write($"- directory: `{OneLine(row.Directory)}`\n");
        output.Write($"- created: {Replies.Moment(row.Created)}, updated: {Replies.Moment(row.Updated)}\n");
        output.Write($"- turns: {row.Turns}, state: {row.State}\n");
    }

    /// <summary>What the next event adds.</summary>
    public void Add(StoredEvent stored)
    {
        if (stored.Event is TextAdded added)
        {
            output.Write(insideAnswer ? added.Text : $"\n### Answer\n\n{added.Text}");
            insideAnswer = true;
            return;
        }

        if (stored.Event is not ReasoningAdded)
        {
            End();
        }

        switch (stored.Event)
        {
            case TurnStarted e:
                output.Write($"\n## Turn {e.Turn}\n");
                break;
            case UserMessage e:
                output.Write($"\n### You, {Replies.Moment(stored.At)}\n\n{Quoted(e.Text)}\n");
                AddMentions(e);
                break;
            case SessionForked e:
                output.Write($"\n---\n\nForked from {e.Parent}.\n");
                break;
            case StepEnded e:
                foreach (var call in e.Calls)
                {
                    calls[call.Id] = call;
                }

                break;
            default:
                AddWork(stored.Event);
                break;
        }
    }

    /// <summary>The end of the document.</summary>
    public void End()
    {
        output.Write(insideAnswer ? "\n" : "");
        insideAnswer = false;
    }

    private void AddMentions(UserMessage message)
    {
        if (message.Mentions is { Count: > 0 } mentions)
        {
            output.Write($"\n{string.Concat(mentions.Select(m => $"- {OneLine($"{m.Name} ({m.What})")}\n"))}");
        }
    }

    private void AddWork(SessionEvent happened)
    {
        switch (happened)
        {
            case ToolEnded e:
                var call = calls.GetValueOrDefault(e.Call);
                output.Write($"\n### Tool: {OneLine(call?.Tool ?? e.Call)} ({e.Outcome})\n\n");
                if (call is not null)
                {
                    output.Write(Fenced(Arguments(call)));
                    output.Write("\n");
                }

                output.Write(Fenced(e.Output));
                break;
            case RequestOpened e:
                output.Write($"\n> Asked: {OneLine(e.Title)}\n");
                break;
            case RequestAnswered e:
                output.Write($"\n> Answered: {e.Answer}{(e.Text is null ? "" : $" ({OneLine(e.Text)})")}\n");
                break;
            case TaskStarted { Call: null } e:
                output.Write($"\n### Command, task #{e.Task}\n\n{Fenced(e.Command)}");
                break;
            case NoticeAdded e:
                output.Write($"\n> {string.Join("\n> ", e.Lines.Select(OneLine))}\n");
                break;
            case ContextCompacted e:
                output.Write($"\n---\n\n*{TokenFigures.Line(e)}*\n\n{Quoted(e.Text)}\n");
                break;
            case CompactionFailed e:
                output.Write($"\n*The context was not compacted: {OneLine(e.Why)}*\n");
                break;
            case TurnEnded { Reason: not "completed" } e:
                output.Write($"\n*{e.Reason}{(e.Error is null ? "" : $": {OneLine(e.Error)}")}*\n");
                break;
        }
    }

    // A bash call reads best as its command line; other arguments as they were sent.
    private static string Arguments(ToolCall call)
    {
        try
        {
            using var json = JsonDocument.Parse(call.Arguments);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("command"u8, out var command) && command.ValueKind == JsonValueKind.String
                ? command.GetString()!
                : call.Arguments;
        }
        catch (JsonException)
        {
            return call.Arguments;
        }
    }

    // A fence is longer than any run of backticks in the text.
    private static string Fenced(string text)
    {
        var longest = 2;
        var run = 0;
        foreach (var c in text)
        {
            run = c == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }

        var fence = new string('`', longest + 1);
        return $"{fence}text\n{text.TrimEnd('\n')}\n{fence}\n";
    }

    private static string Quoted(string text) => $"> {text.TrimEnd('\n').Replace("\n", "\n> ", StringComparison.Ordinal)}";

    private static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.ToString().Trim();
    }
}
