using System.Globalization;

namespace Berth.Core.Models;

/// <summary>What a person asks the demo model for: one of its few forms, or anything else.</summary>
internal abstract record DemoLine
{
    /// <summary><c>run: CMD</c> and <c>bg: CMD</c>.</summary>
    internal sealed record Run(string Command, bool InBackground) : DemoLine;

    /// <summary><c>write PATH: TEXT</c>.</summary>
    internal sealed record Write(string Path, string Text) : DemoLine;

    /// <summary><c>agents: A | B | C</c>.</summary>
    internal sealed record Agents(IReadOnlyList<string> Tasks) : DemoLine;

    /// <summary><c>wait N</c>.</summary>
    internal sealed record Wait(TimeSpan Time) : DemoLine;

    /// <summary>Anything else.</summary>
    internal sealed record Other : DemoLine;

    /// <summary>The longest time <c>wait</c> talks.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>
    /// Reads a message. A command ends at the first blank line, because piped input and mentioned files stand behind
    /// one; the text of a file ends with the message.
    /// </summary>
    public static DemoLine Read(string message)
    {
        var text = message.Trim().ReplaceLineEndings("\n");
        var blank = text.IndexOf("\n\n", StringComparison.Ordinal);
        var paragraph = (blank < 0 ? text : text[..blank]).TrimEnd();
        if (After(paragraph, "run:") is { Length: > 0 } command)
        {
            return new Run(command, InBackground: false);
        }

        if (After(paragraph, "bg:") is { Length: > 0 } background)
        {
            return new Run(background, InBackground: true);
        }

        if (After(text, "write ") is { } rest && rest.IndexOf(':') is var colon and > 0)
        {
            var content = rest[(colon + 1)..];
            return new Write(rest[..colon].Trim(), content is [' ' or '\n', ..] ? content[1..] : content);
        }

        if (After(paragraph, "agents:") is { } list)
        {
            var tasks = list.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            return tasks.Length > 0 ? new Agents(tasks) : new Other();
        }

        var firstLine = paragraph.Split('\n')[0];
        if (After(firstLine, "wait ") is { } number
            && double.TryParse(number.TrimEnd('s', ' '), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                out var seconds))
        {
            return new Wait(seconds < LongestWait.TotalSeconds ? TimeSpan.FromSeconds(seconds) : LongestWait);
        }

        return new Other();
    }

    private static string? After(string text, string word) =>
        text.StartsWith(word, StringComparison.OrdinalIgnoreCase) ? text[word.Length..].Trim() : null;
}
