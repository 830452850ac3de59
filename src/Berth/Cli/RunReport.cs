using System.Text.Json;

namespace Berth.Cli;

/// <summary>The one JSON object of <c>berth run --json</c>.</summary>
internal static class RunReport
{
    /// <summary>Writes it.</summary>
    public static void Write(Utf8JsonWriter writer, string session, RunFold run)
    {
        writer.WriteStartObject();
        writer.WriteString("session"u8, session);
        writer.WriteString("state"u8, run.State);
        writer.WriteString("answer"u8, run.Answer);
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, run.Usage.InputTokens);
        writer.WriteNumber("output_tokens"u8, run.Usage.OutputTokens);
        writer.WriteNumber("cached_tokens"u8, run.Usage.CachedTokens);
        if (run.Usage.Cost is { } cost)
        {
            writer.WriteNumber("cost"u8, cost);
        }
        else
        {
            writer.WriteNull("cost"u8);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("denied"u8);
        foreach (var call in run.Denied)
        {
            writer.WriteStartObject();
            writer.WriteString("tool"u8, call.Tool);
            writer.WriteString("arguments"u8, call.Arguments);
            writer.WriteString("why"u8, call.Why);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("tasks"u8);
        foreach (var task in run.Tasks)
        {
            WriteTask(writer, session, task);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTask(Utf8JsonWriter writer, string session, TaskOfRun task)
    {
        writer.WriteStartObject();
        writer.WriteNumber("task"u8, task.Start.Task);
        writer.WriteString("session"u8, session);
        writer.WriteString("command"u8, task.Start.Command);
        writer.WriteString("state"u8, task.End?.State ?? "running");
        if (task.Start.Pid > 0)
        {
            writer.WriteNumber("pid"u8, task.Start.Pid);
        }
        else
        {
            writer.WriteNull("pid"u8);
        }

        if (task.End?.ExitCode is { } code)
        {
            writer.WriteNumber("exit_code"u8, code);
        }
        else
        {
            writer.WriteNull("exit_code"u8);
        }

        writer.WriteString("signal"u8, task.End?.Signal);
        writer.WriteNumber("children"u8, task.End?.Children.Count ?? 0);
        writer.WriteString("kind"u8, task.Start.Kind);
        writer.WriteString("output_file"u8, task.Start.OutputFile);
        writer.WriteNumber("output_bytes"u8, task.End?.OutputBytes ?? 0);
        writer.WriteString("by"u8, task.Start.By);
        writer.WriteEndObject();
    }
}
