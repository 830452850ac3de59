namespace Berth.Core.Models;

/// <summary>What has happened in a conversation since the demo model's last answer.</summary>
/// <param name="Reports">What is to be said about results and notices.</param>
/// <param name="Message">The newest message of the person; null when only results or notices came.</param>
internal sealed record DemoNews(IReadOnlyList<string> Reports, string? Message)
{
    /// <summary>Reads it from the conversation's end. Of several messages only the newest is acted on.</summary>
    public static DemoNews Of(IReadOnlyList<ModelMessage> messages)
    {
        var last = messages.Count - 1;
        while (last >= 0 && messages[last] is not AssistantEntry)
        {
            last--;
        }

        var calls = last >= 0 ? ((AssistantEntry)messages[last]).Calls : [];
        var reports = new List<string>();
        string? message = null;
        foreach (var entry in messages.Skip(last + 1))
        {
            if (entry is ToolResultEntry result)
            {
                reports.Add(ReportOn(calls.FirstOrDefault(c => c.Id == result.CallId)?.Tool, result));
            }
            else if (entry is UserEntry { Text: var text } && IsNotice(text))
            {
                reports.Add($"The notice has come:\n\n{Fenced(text)}");
            }
            else if (entry is UserEntry { IsNotice: false } user)
            {
                message = user.Text;
            }
        }

        return new DemoNews(reports, message);
    }

    // A notice begins with its line: "[Task #42 completed] …".
    private static bool IsNotice(string text) => text.AsSpan().TrimStart().StartsWith("[Task #");

    private static string ReportOn(string? tool, ToolResultEntry result)
    {
        var isInBackground = result.Output.StartsWith("Task #", StringComparison.Ordinal)
            && result.Output.Contains("dispatched to background");
        if (isInBackground)
        {
            return $"It runs in the background. I answer when its notice comes.\n\n{Fenced(result.Output)}";
        }

        return (result.IsError, tool) switch
        {
            (true, _) => $"That did not work:\n\n{Fenced(result.Output)}",
            (_, "write") => "Written.",
            (_, "RunSubagents") => $"The sub-agents answered:\n\n{result.Output}",
            _ => $"The output:\n\n{Fenced(result.Output)}",
        };
    }

    // A fence longer than any run of backticks in the text, so that the text cannot end it.
    private static string Fenced(string text)
    {
        var fence = "```";
        while (text.Contains(fence, StringComparison.Ordinal))
        {
            fence += '`';
        }

        return $"{fence}\n{text.TrimEnd()}\n{fence}";
    }
}
