using System.Text.Json;

namespace Berth.Core.Tools;

/// <summary>The tools, a row each. A tool's text for the model stands in the <c>.md</c> file beside its code.</summary>
internal static class ToolTable
{
    /// <summary>All tools, in the order the model sees them.</summary>
    public static IReadOnlyList<Tool> All { get; } =
    [
        BashTool.Row,
        TaskStatusTool.Row,
        TaskOutputTool.Row,
        TaskStopTool.Row,
        ReadTool.Row,
        WriteTool.Row,
        EditTool.Row,
        GlobTool.Row,
        GrepTool.Row,
        TodoTool.Row,
        WebFetchTool.Row,
        RunSubagentsTool.Row,
    ];

    /// <summary>The tool of that name, or null.</summary>
    public static Tool? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>The text of a tool's <c>.md</c> file, compiled into this assembly.</summary>
    internal static string Describe(string file)
    {
        var resource = $"Berth.Core.Tools.{file}.md";
        using var stream = typeof(ToolTable).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The tool text {resource} is not in the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }

    /// <summary>A JSON Schema written in source.</summary>
    internal static JsonElement Schema(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
