using Berth.Core.Commands;
using Berth.Core.Sessions;
using Berth.Protocol.Messages;
using Berth.Protocol.Rows;
using Berth.Protocol.Wire;

namespace Berth.Daemon;

// The part of a client that looks: which session, and what of the board.
internal sealed partial class Client
{
    private async Task OpenAsync(WireMessage message)
    {
        var open = message.Read(MessageJson.OpenView);
        var context = await ContextAsync(null).ConfigureAwait(false);
        var session = await ChooseAsync(context, open).ConfigureAwait(false);
        var last = await LookAsync(session, open.After, clean: open.After == 0, open.Watch).ConfigureAwait(false);
        Answer(message.Id, new Opened(session.Id, last), MessageJson.Opened);
    }

    private async Task<Session> ChooseAsync(CommandContext context, OpenView open)
    {
        switch (open.How)
        {
            case "new":
                return await BeginAsync(context, open).ConfigureAwait(false);

            case "continue":
                var newest = (await context.Board.AllAsync(project).ConfigureAwait(false)).FirstOrDefault(r => r.Kind == "session");
                return newest is null
                    ? await BeginAsync(context, open).ConfigureAwait(false)
                    : (await engine.Sessions.FindAsync(newest.Id).ConfigureAwait(false))!;

            case "resume":
            case "attach":
                var (session, error) = open.How == "resume"
                    ? await SessionChoice.StoredAsync(context, open.Which ?? "").ConfigureAwait(false)
                    : await SessionChoice.SlotOrStoredAsync(context, open.Which ?? "").ConfigureAwait(false);
                return session ?? await UnbornAgainAsync(context, open).ConfigureAwait(false) ?? throw new ClientError(error!.Error!);

            default:
                throw new ClientError($"A session cannot be opened by '{open.How}'.", null, true);
        }
    }

    private async Task<Session> BeginAsync(CommandContext context, OpenView open)
    {
        var session = context.Begin();
        var changes = HeadlessRun.Changes(open.Model, open.PermissionMode, open.Name, null, context);
        foreach (var change in changes)
        {
            await session.ChangeAsync(change).ConfigureAwait(false);
        }

        return session;
    }

    // A terminal that comes back after the daemon died may have looked at a session that had no event yet.
    private Task<Session?> UnbornAgainAsync(CommandContext context, OpenView open) => Task.FromResult(
        open is { How: "attach", Which: { Length: 8 } id, After: 0, Again: true } && id.All(char.IsAsciiHexDigitLower)
            ? engine.Sessions.Begin(environment.Directory, project, environment, id)
            : null);

    private async Task<long> LookAsync(Session session, long after, bool clean, bool watched)
    {
        var watcher = new Watcher(outbox.Wake, Tell, watched);
        var sees = await session.WatchAsync(watcher, environment).ConfigureAwait(false);
        after = after == 0 && watched ? session.HistoryStart(hello!.Columns) : after;
        var left = view;
        var follower = new SessionFollower(session, after, joinsPieces: watched);
        view = new View(session, watcher, follower);
        var look = new Look(
            session.Id, sees.Name, sees.Directory, sees.Model, sees.PermissionMode, after, sees.LastSeq, clean,
            Fresh: sees.LastSeq == 0);
        outbox.Add(new OutView(
            follower, WireWriter.Notification(DaemonMethods.Look, look, MessageJson.Look)));
        await LeaveViewAsync(left).ConfigureAwait(false);
        Interlocked.Exchange(ref boardChanged, 1);
        outbox.Wake();
        return sees.LastSeq;
    }

    private async Task LeaveViewAsync(View? left)
    {
        if (left is null)
        {
            return;
        }

        try
        {
            await left.Session.UnwatchAsync(left.Watcher).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever it is, the client is gone from there, and nobody is left to be told.
            engine.Journal($"leaving {left.Session.Id}: {e.Message}");
        }

        engine.Sessions.ForgetUnborn(left.Session);
    }

    /// <summary>The news of the board as a message; empty when there is none.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> NewsAsync()
    {
        if (Interlocked.Exchange(ref boardChanged, 0) == 0 || hello is not { Terminal: true })
        {
            return default;
        }

        try
        {
            TellSettings();
            return WireWriter.Notification(
                DaemonMethods.Board, await BoardNewsAsync().ConfigureAwait(false), MessageJson.BoardNews);
        }
        catch (Exception e)
        {
            // The news can wait for the next change; the stream, which has answers in it, cannot.
            engine.Journal($"news of the board: {e.Message}");
            return default;
        }
    }

    private async Task<BoardNews> BoardNewsAsync()
    {
        var background = await engine.Sessions.Board.BackgroundAsync(project).ConfigureAwait(false);
        var others = background.Where(r => r.Id != view?.Session.Id).ToList();
        var own = view?.Session.Row;
        var sees = view is null ? null : await view.Session.ViewAsync(environment).ConfigureAwait(false);
        return new BoardNews(
            InState(SessionStates.Running), InState(SessionStates.Waiting), InState(SessionStates.Done),
            background,
            own is null ? null : own with { Slot = engine.Sessions.Board.SlotOf(own.Project, own.Id) },
            sees?.Model, sees?.PermissionMode, InState(SessionStates.Error), InState(SessionStates.Interrupted),
            view?.Session.AgentRows, sees is { Orchestrates: true });

        int InState(string state) => others.Count(r => r.State == state);
    }

    // Called by the board for every change of this project; must return at once.
    private void OnBoard(BoardChange? change)
    {
        Interlocked.Exchange(ref boardChanged, 1);
        if (change is { New: { Slot: { } slot } row, Old: { } old } && row.Id != view?.Session.Id
            && BackgroundNotice(slot, old, row) is { } text)
        {
            Tell(text, row.State, rings: true);
        }
        else
        {
            outbox.Wake();
        }
    }

    private static string? BackgroundNotice(int slot, SessionRow old, SessionRow row) => row.State switch
    {
        SessionStates.Waiting when old.State != SessionStates.Waiting =>
            $"[#{slot}] {row.Id} needs an answer (/bg {slot}): {row.WaitingFor}",
        SessionStates.Waiting or SessionStates.Running => null,
        _ when old.State is SessionStates.Running or SessionStates.Waiting => $"[#{slot}] {row.Id} {row.State}: {row.Summary}",
        _ => null,
    };
}
