using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary><c>/model NAME</c>: the model of this session.</summary>
internal static class ModelCommand
{
    public static Command Row { get; } = new(
        "model", "the model of this session",
        [new("/model", "which model this session uses"), new("/model NAME", "use another one from the next step on")], RunAsync);

    /// <summary>Gives the session a model of its own.</summary>
    public static async Task<Reply> UseAsync(CommandContext context, string name)
    {
        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session here yet.", "For all sessions: /conf model:NAME");
        }

        var model = context.Settings.RequireModel(name, context.Environment.Variables);
        await session.ChangeAsync(new ModelChosen(name)).ConfigureAwait(false);
        var key = context.Settings.Models.ResolveKey(model, context.Environment.Variables);
        var lines = new List<string> { $"Session {session.Id} uses {name} ({model.Provider}: {model.Model})." };
        if (key.Missing is { } missing)
        {
            lines.Add($"{missing}. {key.Hint}");
        }

        return new Reply(lines);
    }

    private static async Task<Reply> RunAsync(CommandContext context, CommandLine line)
    {
        if (line.Count > 1)
        {
            return Row.Wrong($"'{line.RestAfter(1)}' is too much.", "/model NAME");
        }

        if (line.Count == 1)
        {
            return await UseAsync(context, line[0]).ConfigureAwait(false);
        }

        return context.Session is { } session
            ? Replies.Lines($"This session uses {(await session.ViewAsync(context.Environment).ConfigureAwait(false)).Model}. /models lists all.")
            : Replies.Failed("There is no session here yet.", "/models lists the models.");
    }
}
