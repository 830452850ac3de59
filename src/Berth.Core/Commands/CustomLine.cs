using Berth.Core.Instructions;
using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>
/// What a person typed, on its way to the model: a line with a custom command keeps its words, and the command's text goes
/// behind them, as what a mention names does.
/// </summary>
/// <param name="Text">The message.</param>
/// <param name="Typed">Where <c>@path</c>s count.</param>
/// <param name="Behind">The custom command's text; null: it is none.</param>
internal sealed record CustomLine(string Text, string Typed, IReadOnlyList<MentionedPath>? Behind)
{
    /// <summary>Takes what was typed; the project is that of the session it goes to.</summary>
    /// <param name="typed">How much of the text, at its beginning, a person typed; null: all of it.</param>
    public static CustomLine Of(CommandContext context, string project, string text, int? typed = null)
    {
        var own = text[..Math.Clamp(typed ?? text.Length, 0, text.Length)];
        return LineKinds.Of(own) == LineKind.Command && NameIn(own) is var name && Find(context, project, name) is { } command
            ? Of(command, text, own)
            : new CustomLine(text, own, null);
    }

    /// <summary>Sends the line to its session when it is a custom command; null when it is none.</summary>
    public static async Task<Reply?> RunAsync(CommandContext context, string text)
    {
        if (Find(context, context.Session?.Project ?? context.Project, NameIn(text)) is not { } command)
        {
            return null;
        }

        if (text[text.TakeWhile(c => !char.IsWhiteSpace(c)).Count()..].Trim() is "/help")
        {
            return HelpCommand.Of(command);
        }

        if (context.Session is not { } session)
        {
            return Replies.Failed("There is no session to send this to.", "berth run \"PROMPT\" starts one.");
        }

        await Of(command, text, text).SubmitAsync(session, context.Environment).ConfigureAwait(false);
        return new Reply();
    }

    /// <summary>Hands it to a session.</summary>
    public Task<long> SubmitAsync(Session session, TerminalEnvironment brings, bool asksNobody = false) =>
        session.SubmitAsync(Text, brings, asksNobody, typed: Typed, behind: Behind);

    /// <summary>The custom command with a name; null when there is none.</summary>
    public static CustomCommand? Find(CommandContext context, string project, string name) => CommandTable.Find(name) is not null
        ? null
        : context.Settings.CustomCommands(new Project(project), context.Environment.Variables).Found
            .FirstOrDefault(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static CustomLine Of(CustomCommand command, string text, string typed)
    {
        var arguments = typed.TrimStart()[(command.Name.Length + 1)..].Trim();
        var body = command.Expand(arguments, Words(arguments));
        if (body.Length > Limits.LineBytes)
        {
            throw new SettingsFailure($"/{command.Name} grows over {Limits.LineBytes / 1_000_000} MB with these arguments.");
        }

        var content = $"(/{command.Name} is a command of the person's own. It stands for this:)\n\n{body}\n";
        var lines = command.Text.AsSpan().Count('\n') + 1;
        return new CustomLine(
            text, body,
            [new MentionedPath($"/{command.Name}", $"{lines:N0} {(lines == 1 ? "line" : "lines")}, {command.Place.Origin}", content)]);
    }

    private static string NameIn(string text)
    {
        var line = text.AsSpan().TrimStart();
        var end = line.IndexOfAny(" \t\r\n");
        return (end < 0 ? line : line[..end]).TrimStart('/').ToString();
    }

    // A quotation that is not closed holds no words together.
    private static IReadOnlyList<string> Words(string arguments)
    {
        try
        {
            var line = CommandLine.Parse($"/x {arguments}");
            return [.. Enumerable.Range(0, line.Count).Select(i => line[i])];
        }
        catch (FormatException)
        {
            return arguments.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
    }
}
