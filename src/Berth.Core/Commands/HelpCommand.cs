using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/help</c>, and <c>/COMMAND /help</c> for all: made from the table.</summary>
internal static class HelpCommand
{
    public static Command Row { get; } = new(
        "help", "this list, or the forms of one command",
        [new("/help", "all commands"), new("/help COMMAND", "the forms of one command")], RunAsync);

    /// <summary>The forms of one command.</summary>
    public static Reply Of(Command command) => new(
        [$"/{command.Name}: {command.Summary}"
            + (command.Aliases.Count == 0 ? "" : $" (also {string.Join(", ", command.Aliases.Select(a => "/" + a))})")],
        new Table(["", ""], [.. command.Forms.Select(f => (IReadOnlyList<Cell>)[new(f.Usage), new(f.Summary, "dim")])]));

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count == 0)
        {
            return Task.FromResult(All());
        }

        if (line.Count > 1)
        {
            return Task.FromResult(Row.Wrong($"'{line.RestAfter(1)}' is too much.", "/help COMMAND"));
        }

        var name = line[0].TrimStart('/');
        return Task.FromResult(CommandTable.Find(name) is { } command ? Of(command) : CommandTable.Unknown(name));
    }

    private static Reply All() => new(
        Table: new Table(["Command", ""], [.. CommandTable.All.Select(c => (IReadOnlyList<Cell>)
            [new("/" + c.Name), new(c.Summary, "dim")])]),
        After:
        [
            "Enter sends, also while a turn runs. Alt+Enter: new line. Esc: interrupt. Ctrl+B: running command to the background.",
            "Alt+1…9: swap with that slot. Tab completes. Ctrl+R: search the history. /COMMAND /help: all forms of a command.",
        ]);
}
