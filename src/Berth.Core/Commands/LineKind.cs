namespace Berth.Core.Commands;

/// <summary>What a line is.</summary>
internal enum LineKind
{
    /// <summary>Nothing but white space.</summary>
    Empty,

    /// <summary>Text for the model.</summary>
    Message,

    /// <summary>A slash command.</summary>
    Command,

    /// <summary>The person's own shell command.</summary>
    Shell,
}

/// <summary>Tells what a line is by its beginning.</summary>
internal static class LineKinds
{
    /// <summary>
    /// A line that starts with <c>/</c> is a command, unless its first word holds a second slash or it starts with
    /// <c>//</c>: those are paths and remarks, and go to the model.
    /// </summary>
    public static LineKind Of(ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        if (line.IsEmpty)
        {
            return LineKind.Empty;
        }

        if (line[0] == '!')
        {
            return LineKind.Shell;
        }

        if (line[0] != '/')
        {
            return LineKind.Message;
        }

        var end = line.IndexOfAny(" \t\n\r");
        var word = end < 0 ? line : line[..end];
        return word[1..].Contains('/') ? LineKind.Message : LineKind.Command;
    }
}
