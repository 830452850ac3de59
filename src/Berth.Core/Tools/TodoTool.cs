using System.Text.Json;
using Berth.Core.Permissions;
using Berth.Core.Tasks;
using Berth.Protocol;
using Berth.Protocol.Events;

namespace Berth.Core.Tools;

/// <summary><c>todo</c>: the list of what is to be done, which the model keeps and a person sees.</summary>
internal static class TodoTool
{
    public static Tool Row { get; } = new("todo", ToolTable.Describe("TodoTool"), ToolTable.Schema("""
        {"type":"object","required":["todos"],"properties":{
        "todos":{"type":"array","description":"The whole list, in the order of the work. It replaces the one before; an empty one clears it.","items":{
        "type":"object","required":["content","status"],"properties":{
        "content":{"type":"string","description":"What is to be done, as a short command: \"Add a test for empty input\"."},
        "status":{"type":"string","enum":["pending","in_progress","completed"]}}}}}}
        """),
        (_, _) => new ToolAsk("change the todo list", "", new SessionAction()), RunAsync, InTurn: true);

    private static async Task<ToolResult> RunAsync(ToolInput input, ToolContext context, CancellationToken cancellation)
    {
        var todos = Items(input);
        await context.KeepTodosAsync(todos).ConfigureAwait(false);
        var done = todos.Count(t => t.Status == TodoStates.Completed);
        if (todos.Count == 0)
        {
            return new ToolResult(true, "The list is empty now.", "the list is empty");
        }

        var now = string.Join("; ", todos.Where(t => t.Status == TodoStates.InProgress).Select(t => t.Content));
        var next = now.Length > 0 ? $" In progress: {now}."
            : done == todos.Count ? " All is completed." : " Nothing is in progress: mark what you work on.";
        return new ToolResult(true, $"Kept: {done} of {todos.Count} completed.{next}", $"{done} of {todos.Count} done");
    }

    private static List<TodoItem> Items(ToolInput input)
    {
        if (input.Find("todos") is not { ValueKind: JsonValueKind.Array } list)
        {
            throw new ToolInputException("todo needs 'todos': the whole list as an array of {\"content\", \"status\"}.");
        }

        if (list.GetArrayLength() > Limits.Todos)
        {
            throw new ToolInputException($"A list has at most {Limits.Todos} items. Put small steps together.");
        }

        var todos = new List<TodoItem>();
        foreach (var item in list.EnumerateArray())
        {
            var number = todos.Count + 1;
            var content = OneLine.Of(Text(item, "content") ?? "", Limits.TodoChars);
            if (content.Trim().Length == 0)
            {
                throw new ToolInputException($"Item {number} of 'todos' needs 'content': a string that is not empty.");
            }

            if (Text(item, "status") is not { } status || !TodoStates.All.Contains(status))
            {
                throw new ToolInputException($"Item {number} of 'todos' needs 'status': one of {string.Join(", ", TodoStates.All)}.");
            }

            todos.Add(new TodoItem(content, status));
        }

        return todos;
    }

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
