using Berth.Protocol.Events;
using Berth.Rendering;

namespace Berth.Views;

/// <summary>
/// The model's todo list while it works: what is done as a count, what is under way, what comes next. A few rows, whatever
/// its length.
/// </summary>
internal static class TodoView
{
    private const int MostRows = 6;

    /// <summary>Whether there is something left to show.</summary>
    public static bool IsOpen(IReadOnlyList<TodoItem> todos)
    {
        for (var i = 0; i < todos.Count; i++)
        {
            if (todos[i].Status != TodoStates.Completed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Adds the rows.</summary>
    public static void Draw(IReadOnlyList<TodoItem> todos, int columns, List<Row> rows)
    {
        var (done, left) = (0, new List<TodoItem>());
        for (var i = 0; i < todos.Count; i++)
        {
            if (todos[i].Status == TodoStates.Completed)
            {
                done++;
            }
            else
            {
                // What is under way stands first, whatever place it has in the list.
                left.Insert(todos[i].Status == TodoStates.InProgress ? Under(left) : left.Count, todos[i]);
            }
        }

        var room = MostRows;
        if (done > 0)
        {
            room--;
            rows.Add(new Row(new Piece("  ✓ ", new Style(Color.Green)), new Piece($"{done} of {todos.Count} done", Style.Dim)).CutTo(columns));
        }

        var shown = left.Count <= room ? left.Count : room - 1;
        for (var i = 0; i < shown; i++)
        {
            var isNow = left[i].Status == TodoStates.InProgress;
            rows.Add(new Row(
                new Piece(isNow ? "  ▸ " : "  ○ ", isNow ? new Style(Color.Yellow) : Style.Dim),
                new Piece(left[i].Content, isNow ? Style.Plain : Style.Dim)).CutTo(columns));
        }

        if (shown < left.Count)
        {
            rows.Add(new Row($"    … {left.Count - shown} more", Style.Dim).CutTo(columns));
        }
    }

    private static int Under(List<TodoItem> left)
    {
        var count = 0;
        while (count < left.Count && left[count].Status == TodoStates.InProgress)
        {
            count++;
        }

        return count;
    }
}
