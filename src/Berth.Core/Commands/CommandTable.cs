using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>The slash commands, a row each. Help, completion and the shell's verbs come from here.</summary>
internal static class CommandTable
{
    /// <summary>All commands, in the order of the help.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        BgCommand.Row,
        NewCommand.Row,
        ForkCommand.Row,
        SessionsCommand.Row,
        TasksCommand.Row,
        InterruptCommand.Row,
        AnswerCommand.Row,
        AgentsCommand.Row,
        ModelCommand.Row,
        ModelsCommand.Row,
        ConfCommand.Row,
        PermissionsCommand.Row,
        SkillsCommand.Row,
        TrustCommand.Row,
        CompactCommand.Row,
        StatusCommand.Row,
        HelpCommand.Row,
        ExitCommand.Row,
    ];

    /// <summary>The command with this name or alias, without the slash; null when there is none.</summary>
    public static Command? Find(string name) => All.FirstOrDefault(
        c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
            || c.Aliases.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The answer to a command that does not exist: the nearest one is named, nothing happens.</summary>
    public static Reply Unknown(string name, CommandContext context)
    {
        if (name.Length == 0)
        {
            return Replies.Wrong("The command's name is missing.", "/help lists all.");
        }

        var custom = context.Settings.CustomCommands(new Settings.Project(context.Project), context.Environment.Variables);
        var names = All.SelectMany(c => c.Aliases.Prepend(c.Name)).Concat(custom.Found.Select(c => c.Name));
        return Replies.Wrong($"There is no command /{name}.",
            Settings.Nearest.Of(name, names) is [var nearest, ..] ? $"Did you mean /{nearest}? /help lists all." : "/help lists all.");
    }

    /// <summary>Does what a command line says.</summary>
    public static async Task<Reply> RunAsync(CommandContext context, string text)
    {
        if (await CustomLine.RunAsync(context, text).ConfigureAwait(false) is { } sent)
        {
            return sent;
        }

        CommandLine line;
        try
        {
            line = CommandLine.Parse(text);
        }
        catch (FormatException e)
        {
            return Replies.Wrong(e.Message);
        }

        if (Find(line.Name) is not { } command)
        {
            return Unknown(line.Name, context);
        }

        return line.Is(0, "help") && line.Count == 1 && line[0].StartsWith('/')
            ? HelpCommand.Of(command)
            : await command.RunAsync(context, line).ConfigureAwait(false);
    }
}
