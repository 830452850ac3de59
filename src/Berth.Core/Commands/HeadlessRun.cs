using Berth.Core.Sessions;
using Berth.Core.Settings;
using Berth.Protocol.Events;
using Berth.Protocol.Messages;

namespace Berth.Core.Commands;

/// <summary>A turn that is started without a terminal: <c>berth run</c>.</summary>
/// <param name="Session">Where it runs.</param>
/// <param name="Slot">Its background slot, when it was asked for in the background.</param>
internal sealed record HeadlessRun(Session Session, int? Slot, StartRun Asked, CommandContext Context)
{
    /// <summary>Chooses or begins the session and checks every option; nothing has happened when this throws.</summary>
    /// <exception cref="SettingsFailure">An option is wrong.</exception>
    public static async Task<HeadlessRun> StartAsync(CommandContext context, StartRun asked)
    {
        if (string.IsNullOrWhiteSpace(asked.Prompt))
        {
            throw new SettingsFailure("The prompt is empty.", "berth run \"PROMPT\", or give it on standard input.");
        }

        var changes = Changes(asked.Model, asked.PermissionMode, asked.Name, asked.Allow, context);
        var session = asked.Resume is null
            ? context.Begin()
            : await ResumedAsync(context, asked.Resume).ConfigureAwait(false);
        int? slot = null;
        if (asked.Background)
        {
            if (session.IsAgent)
            {
                throw new SettingsFailure("A sub-agent's session takes no background slot.", "Without --bg the turn runs here.");
            }

            slot = await context.Board.TakeSlotAsync(session.Project, session.Id).ConfigureAwait(false);
            if (slot is null)
            {
                context.Sessions.ForgetUnborn(session);
                var full = BgCommand.Full().Error!;
                throw new SettingsFailure(full.What, full.Hint);
            }
        }

        foreach (var change in changes)
        {
            await session.ChangeAsync(change).ConfigureAwait(false);
        }

        return new HeadlessRun(session, slot, asked, context);
    }

    /// <summary>Sends the prompt.</summary>
    /// <returns>The events of the run come after this sequence number.</returns>
    /// <exception cref="IOException">It could not be stored; a slot that was taken for it is free again.</exception>
    public async Task<long> SubmitAsync()
    {
        try
        {
            return await CustomLine.Of(Context, Session.Project, Asked.Prompt, Asked.Typed)
                .SubmitAsync(Session, Context.Environment, asksNobody: !Asked.Background).ConfigureAwait(false);
        }
        catch (IOException) when (Asked is { Background: true, Resume: null })
        {
            await Context.Board.FreeAsync(Session.Project, Session.Id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The events that give a session what options ask for.</summary>
    /// <exception cref="SettingsFailure">An option is wrong.</exception>
    public static IReadOnlyList<SessionEvent> Changes(
        string? model, string? mode, string? name, IReadOnlyList<string>? allow, CommandContext context)
    {
        var changes = new List<SessionEvent>();
        if (model is not null)
        {
            context.Settings.RequireModel(model, context.Environment.Variables);
            changes.Add(new ModelChosen(model));
        }

        if (mode is not null)
        {
            if (PermissionModes.Parse(mode) is null)
            {
                throw new SettingsFailure($"There is no permission mode '{mode}'.", $"One of {string.Join(", ", PermissionModes.Words)}.", usage: true);
            }

            changes.Add(new PermissionModeChosen(mode));
        }

        if (!string.IsNullOrWhiteSpace(name))
        {
            changes.Add(new SessionRenamed(name));
        }

        foreach (var rule in allow ?? [])
        {
            if (!Permissions.PermissionRule.TryParse(rule, out _, out var error))
            {
                throw new SettingsFailure($"--allow: {error}", usage: true);
            }

            changes.Add(new RuleGranted(rule));
        }

        return changes;
    }

    private static async Task<Session> ResumedAsync(CommandContext context, string which)
    {
        var (session, error) = await SessionChoice.StoredAsync(context, which).ConfigureAwait(false);
        return session ?? throw new SettingsFailure(error!.Error!.What, error.Error.Hint);
    }
}
