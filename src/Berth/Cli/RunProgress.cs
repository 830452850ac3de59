using System.Text.Json;
using Berth.Protocol.Events;

namespace Berth.Cli;

/// <summary>What a run shows on standard error while it goes on, a line each.</summary>
internal static class RunProgress
{
    private const int LongestCall = 200;

    /// <summary>Shows an event, if it is one to show.</summary>
    public static void Show(SessionEvent happened, RunFold fold)
    {
        switch (happened)
        {
            case ToolStarted e when fold.CallOf(e.Call) is { } call:
                Output.Note($"• {Called(call)}");
                break;
            case ToolEnded e when e.Outcome != "ok" && fold.CallOf(e.Call) is { } call:
                Output.Note($"  {Called(call)}: {e.Summary ?? e.Outcome}");
                break;
            case StepEnded e when StopReasons.Remark(e.Stop) is { } remark:
                Output.Note($"• {remark}");
                break;
            case StepRetrying e:
                Output.Note($"• {e.Why} The model is asked again in {e.WaitMs / 1000.0:0.#} s.");
                break;
            case StepWaiting { Why: { } why } e:
                Output.Note(e.WaitMs is { } ms
                    ? $"• Waiting for the provider's limit, {Math.Ceiling(ms / 1000.0):0} s: {why}"
                    : $"• Waiting for the provider's limit: {why}");
                break;
            case RemarkAdded e:
                Output.Note($"• {e.Line}");
                break;
            case ContextCompacted e:
                Output.Note($"• {TokenFigures.Line(e)}");
                break;
            case CompactionFailed e:
                Output.Note($"• The context was not compacted: {e.Why}");
                break;
            case AgentsChosen e:
                foreach (var agent in e.Agents)
                {
                    Output.Note($"  {agent.Name} [{agent.Session}]: {OneLine(agent.Prompt)}");
                }

                break;
            case AgentEnded e:
                Output.Note($"  [{e.Session}] {e.Status} after {e.Seconds:0.#} s{(e.Summary is null ? "" : $": {OneLine(e.Summary)}")}");
                break;
            case NoticeAdded e:
                foreach (var line in e.Lines)
                {
                    Output.Note(line);
                }

                break;
        }
    }

    /// <summary>A call in one line: the tool and its command or path, else its arguments.</summary>
    public static string Called(ToolCall call) => $"{call.Tool} {OneLine(MainArgument(call.Arguments))}".TrimEnd();

    /// <summary>Tasks as a list in a sentence.</summary>
    public static string Names(IReadOnlyList<TaskOfRun> tasks)
    {
        var names = new List<string>(tasks.Count);
        foreach (var task in tasks)
        {
            names.Add($"#{task.Start.Task} {OneLine(task.Start.Command)}");
        }

        return string.Join(", ", names);
    }

    /// <summary>Denied calls as a list in a sentence.</summary>
    public static string Names(IReadOnlyList<DeniedCall> calls)
    {
        var names = new List<string>(calls.Count);
        foreach (var call in calls)
        {
            names.Add(Called(new ToolCall("", call.Tool, call.Arguments)));
        }

        return string.Join(", ", names);
    }

    // The argument that tells most, by the names that tools give it; a model's arguments may be no JSON at all.
    private static string MainArgument(string arguments)
    {
        try
        {
            using var json = JsonDocument.Parse(arguments);
            foreach (var name in (ReadOnlySpan<string>)["command", "path", "pattern", "task_id"])
            {
                if (json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty(name, out var value))
                {
                    return value.ToString();
                }
            }
        }
        catch (JsonException)
        {
            // Shown as it is.
        }

        return arguments;
    }

    private static string OneLine(string text)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        return line.Length <= LongestCall ? line : line[..LongestCall] + "…";
    }
}
