using Berth.Protocol;

namespace Berth.Core.Tasks;

/// <summary>What a list of a session's tasks shows: a long session has started very many.</summary>
internal static class RecentTasks
{
    /// <summary>Those that live or left something behind, and the newest others, oldest first.</summary>
    public static IReadOnlyList<ITask> Of(IReadOnlyList<ITask> tasks)
    {
        var first = Math.Max(0, tasks.Count - Limits.EndedTasksShown);
        return first == 0 ? tasks : [.. tasks.Where((task, i) => i >= first || !task.Gone.IsCompleted)];
    }
}
