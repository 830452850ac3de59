using Berth.Core.Permissions;

namespace Berth.Core.Tools;

/// <summary><c>task_stop</c>: ends a task of this session and everything it started.</summary>
internal static class TaskStopTool
{
    public static Tool Row { get; } = new("task_stop", ToolTable.Describe("TaskStopTool"), ToolTable.Schema("""
        {"type":"object","required":["task_id"],"properties":{
        "task_id":{"type":"integer","description":"The task's number."}}}
        """),
        (input, _) => new ToolAsk($"stop task #{input.RequiredNumber("task_id")}", "", new SessionAction()), RunAsync);

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var task = TaskChoice.Find(context, input.RequiredNumber("task_id"));
        if (!task.IsLive && task.Survivors().Count == 0)
        {
            return new ToolResult(true, $"It has ended already: {TaskChoice.Describe(task, context.Time)}", "ended already");
        }

        await task.StopAsync("agent").WaitAsync(cancellation).ConfigureAwait(false);
        await task.Ended.WaitAsync(cancellation).ConfigureAwait(false);
        return new ToolResult(true, TaskChoice.Describe(task, context.Time), "stopped");
    }
}
