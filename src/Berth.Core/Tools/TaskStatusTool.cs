using System.Text;
using Berth.Core.Permissions;
using Berth.Core.Tasks;

namespace Berth.Core.Tools;

/// <summary><c>task_status</c>: how this session's tasks are.</summary>
internal static class TaskStatusTool
{
    public static Tool Row { get; } = new("task_status", ToolTable.Describe("TaskStatusTool"), ToolTable.Schema("""
        {"type":"object","properties":{
        "task_id":{"type":"integer","description":"One task; without it, all of this session."}}}
        """),
        (_, _) => new ToolAsk("task status", "", new SessionAction()), RunAsync);

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var number = input.Number("task_id", 1, long.MaxValue);
        var all = number is { } one ? [TaskChoice.Find(context, one)] : context.Tasks();
        var tasks = RecentTasks.Of(all);
        if (tasks.Count == 0)
        {
            return new ToolResult(true, "This session has started no task.", "no tasks");
        }

        var live = tasks.Where(t => t.IsLive).ToList();
        await TaskWait.NewsAsync(live, context, cancellation).ConfigureAwait(false);
        var text = new StringBuilder();
        if (tasks.Count < all.Count)
        {
            text.Append($"({all.Count - tasks.Count} older ones that have ended are not shown.)\n");
        }

        foreach (var task in tasks)
        {
            context.Reading(task.Number).Told(task, context.Time);
            text.Append(TaskChoice.Describe(task, context.Time)).Append('\n');
        }

        return new ToolResult(true, text.ToString().TrimEnd(), $"{all.Count} task(s), {live.Count(t => t.IsLive)} running");
    }
}
