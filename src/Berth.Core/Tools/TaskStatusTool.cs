using System.Text;
using Berth.Core.Permissions;

namespace Berth.Core.Tools;

/// <summary><c>task_status</c>: how this session's tasks are.</summary>
internal static class TaskStatusTool
{
    public static Tool Row { get; } = new("task_status", ToolTable.Describe("TaskStatusTool"), ToolTable.Schema("""
        {"type":"object","properties":{
        "task_id":{"type":"integer","description":"One task; without it, all of this session."}}}
        """),
        (_, _) => new ToolAsk("task status", "", new SessionAction()), RunAsync);

    private static Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var number = input.Number("task_id", 1, long.MaxValue);
        var tasks = number is { } one ? [TaskChoice.Find(context, one)] : context.Tasks();
        if (tasks.Count == 0)
        {
            return Task.FromResult(new ToolResult(true, "This session has started no task.", "no tasks"));
        }

        var text = new StringBuilder();
        foreach (var task in tasks)
        {
            text.Append(TaskChoice.Describe(task, context.Time)).Append('\n');
        }

        var live = tasks.Count(t => t.IsLive);
        return Task.FromResult(new ToolResult(true, text.ToString().TrimEnd(), $"{tasks.Count} task(s), {live} running"));
    }
}
