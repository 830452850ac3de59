using Berth.Core.Log;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that gives copies of it away.
internal sealed partial class Session
{
    /// <summary>A fork: its log is open, and what its origin knew is folded already.</summary>
    private Session(SessionHost host, SessionState state, SessionLog log, TerminalEnvironment environment)
        : this(host, state.Created!, environment)
    {
        this.state = state;
        this.log = log;
        shownRow = state.ToRow(slot: null, unread: false);
        published = state.Seq;
    }

    /// <summary>
    /// Makes a session that begins as this one did, up to its last finished step or to the end of a turn. This one is
    /// only read.
    /// </summary>
    /// <param name="turn">The number of a turn that has ended; null: all.</param>
    /// <returns>Null when there is nothing to copy, or that turn has no end.</returns>
    /// <exception cref="IOException">Nothing was made.</exception>
    public Task<Session?> ForkAsync(SessionForked forked, int? turn, TerminalEnvironment brings) => WithOpenAsync(() =>
    {
        var point = turn is { } number ? EndOf(number) : state.LastFinished;
        if (log is null || point is not { Created: not null, HasContent: true })
        {
            return ValueTask.FromResult<Session?>(null);
        }

        var (copy, first) = log.Fork(
            host.FormingOf(forked.Session), host.DirectoryOf(forked.Session), point.Seq, forked, Images.LinkInto);
        return ValueTask.FromResult<Session?>(new Session(host, point.Forked(first, host.DirectoryOf(forked.Session)), copy, brings));
    });

    /// <summary>Puts the session on the board.</summary>
    internal Task ShowAsync() => mailbox.AskAsync(ShowRowAsync);

    private SessionState? EndOf(int turn)
    {
        var directory = host.DirectoryOf(Id);
        var glance = new SessionGlance(directory);
        SessionState? point = null;
        long end = 0;
        SessionLog.Read(
            directory,
            e =>
            {
                glance.Take(e);
                if (end == 0 && e.Event is TurnEnded && glance.Turns == turn)
                {
                    (end, point) = (e.Seq, glance.State);
                }
            },
            (seq, fields) => end > 0 || glance.PassesOver(seq, fields));
        return end == 0 ? null : point ?? SessionGlance.Whole(directory, end);
    }
}
