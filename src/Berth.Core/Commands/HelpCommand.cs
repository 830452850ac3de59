using Berth.Core.Instructions;
using Berth.Core.Settings;
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
        new Table(["", ""], [.. command.Forms.Select(f => Line(f.Usage, f.Summary))]));

    /// <summary>The form of a custom command.</summary>
    public static Reply Of(CustomCommand command) => new(
        [$"/{command.Name}: {command.Description}"],
        new Table(["", ""], [Line(command.Usage, $"sends the text of {command.File}")]));

    private static CustomCommandSet Custom(CommandContext context) => context.Settings.CustomCommands(
        new Project(context.Session?.Project ?? context.Project), context.Environment.Variables);

    private static Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count == 0)
        {
            return Task.FromResult(All(Custom(context)));
        }

        if (line.Count > 1)
        {
            return Task.FromResult(Row.Wrong($"'{line.RestAfter(1)}' is too much.", "/help COMMAND"));
        }

        var name = line[0].TrimStart('/');
        return Task.FromResult(CommandTable.Find(name) is { } command ? Of(command)
            : CustomLine.Find(context, context.Session?.Project ?? context.Project, name) is { } custom ? Of(custom)
            : CommandTable.Unknown(name, context));
    }

    private static Reply All(CustomCommandSet custom) => new(
        Table: new Table(["", ""],
        [
            .. CommandTable.All.Select(c => Line("/" + c.Name, c.Summary)),
            .. custom.Found.Select(c => Line(c.Usage, $"{c.Description} ({c.Place.Origin})")),
            Line("!CMD", "a shell command of your own; the model is told its outcome"),
            Line("@path", "puts a file or a directory's listing into the message"),
        ]),
        After:
        [
            "",
            "Enter sends, also while a turn runs · Alt+Enter new line · Esc interrupts · Ctrl+B sends the running command to "
            + "the background · Alt+1…9 swaps with that slot · Tab completes · Ctrl+R searches the history",
            "/COMMAND /help shows all forms of a command.",
            .. custom.Problems.Select(p => p.ToString()),
        ]);

    private static IReadOnlyList<Cell> Line(string form, string summary) => [new(form), new(summary, "dim")];
}
