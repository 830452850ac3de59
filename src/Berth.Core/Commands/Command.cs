using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>One slash command: a row of <see cref="CommandTable"/>, and a function in a file of its own.</summary>
/// <param name="Name">Without the slash.</param>
/// <param name="Summary">What it does, one line.</param>
/// <param name="Forms">Every right form of the line: help, completion and errors are made from them.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Command(
    string Name, string Summary, IReadOnlyList<CommandForm> Forms,
    Func<CommandContext, CommandLine, Task<Reply>> RunAsync)
{
    /// <summary>Other names of the same command.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The sub-commands, each once, without slashes.</summary>
    public IEnumerable<string> SubCommands => Forms
        .Select(f => f.Usage.Split(' '))
        .Where(words => words.Length > 1 && words[1].StartsWith('/'))
        .Select(words => words[1][1..])
        .Distinct();

    /// <summary>The answer to a line that is not one of the forms: nothing happens.</summary>
    public Reply Wrong(string what, string? form = null) =>
        Replies.Wrong(what, $"Right: {form ?? Forms[0].Usage}");
}

/// <summary>One right form of a command's line.</summary>
/// <param name="Usage">For example <c>/bg /list [/all]</c>.</param>
internal sealed record CommandForm(string Usage, string Summary);
