using Berth.Core.Settings;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>What could stand at the caret: commands, sub-commands, slots, models, configuration keys, paths.</summary>
internal static class Completer
{
    private const int Most = 50;

    public static async Task<Completions> CompleteAsync(CommandContext context, CompleteLine asked)
    {
        var text = asked.Text[..Math.Clamp(asked.Caret, 0, asked.Text.Length)];
        if (LineKinds.Of(text) != LineKind.Shell && MentionWord.Start(text, text.Length) is >= 0 and var at)
        {
            // Mentions are the session's: they mean the files where it works.
            var directory = context.Session?.Directory ?? context.Environment.Directory;
            var paths = await context.Paths.AtAsync(directory, context.Environment.Variables.GetValueOrDefault("HOME"), text[at..])
                .ConfigureAwait(false);
            return new Completions(at, text.Length - at, paths);
        }

        var start = text.LastIndexOfAny([' ', '\n', '\t']) + 1;
        var word = text[start..];
        var items = text.StartsWith('/') ? await CommandItemsAsync(context, text, start).ConfigureAwait(false) : [];
        return new Completions(start, word.Length, [.. items
            .Where(i => i.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
            .Take(Most)]);
    }

    private static async Task<IEnumerable<Completion>> CommandItemsAsync(CommandContext context, string text, int start)
    {
        if (start == 0)
        {
            var custom = context.Settings.CustomCommands(
                new Project(context.Session?.Project ?? context.Project), context.Environment.Variables);
            return CommandTable.All.Select(c => new Completion("/" + c.Name, c.Summary))
                .Concat(custom.Found.Select(c => new Completion("/" + c.Name, c.Arguments.Length == 0 ? c.Description : $"{c.Arguments}: {c.Description}")));
        }

        var words = text[..start].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (CommandTable.Find(words[0].TrimStart('/')) is not { } command)
        {
            return [];
        }

        var items = words.Length > 1
            ? []
            : command.SubCommands.Select(s => new Completion("/" + s, command.Forms
                .First(f => f.Usage.StartsWith($"/{command.Name} /{s}")).Summary));
        return items.Concat(await ValuesAsync(context, command.Name, words.Length).ConfigureAwait(false));
    }

    private static async Task<IEnumerable<Completion>> ValuesAsync(CommandContext context, string command, int words)
    {
        switch (command)
        {
            case "bg" when words <= 2:
                var background = await context.Board.BackgroundAsync(context.Project).ConfigureAwait(false);
                return background.Select(r => new Completion($"{r.Slot}", $"{r.State}: {r.Summary}"));
            case "fork" when words == 2:
                return Enumerable.Range(1, context.Session?.Row?.Turns ?? 0).Select(n => new Completion($"{n}", "up to the end of this turn"));
            case "sessions" when words == 2:
                var rows = await context.Board.AllAsync(context.Project).ConfigureAwait(false);
                return rows.Take(Most).Select(r => new Completion(r.Id, r.Name ?? r.Summary));
            case "model" or "models":
                return context.Settings.ModelNames(context.Environment.Variables).Select(m => new Completion(m));
            case "conf":
                return ConfValues(context);
            case "help":
                return CommandTable.All.Select(c => new Completion(c.Name, c.Summary));
            default:
                return [];
        }
    }

    // A key, and with its colon the values it takes.
    private static IEnumerable<Completion> ConfValues(CommandContext context) => ConfigKeys.Named.SelectMany(key =>
    {
        var values = key.Type == ConfigType.Model ? context.Settings.ModelNames(context.Environment.Variables) : key.Values;
        return values.Select(value => new Completion($"{key.Name}:{value}", key.About))
            .Prepend(new Completion($"{key.Name}:", key.About));
    });
}
