using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Protocol.Events;
using Berth.Protocol.Rows;

namespace Berth.Core.Sessions;

// The part of a session that makes it a sub-agent's: it works for its parent until that has the result, and it never may
// more than its parent and its definition let it.
internal sealed partial class Session
{
    private volatile AgentWork? work;

    /// <summary>A sub-agent's session, shown under its parent and never in a slot.</summary>
    public bool IsAgent => birth.Kind == SessionKinds.Agent;

    /// <summary>Begins to work. Its log begins with what it has from its parent, and with its task.</summary>
    /// <exception cref="IOException">It could not be stored; nothing happened.</exception>
    internal Task BeginWorkAsync(AgentWork given, IReadOnlyList<SessionEvent> begins, string task, bool asksNobody) =>
        WithOpenAsync(async () =>
        {
            work = given;
            await BeginAsync([.. begins, new UserMessage(task)], "message", asksNobody).ConfigureAwait(false);
            return true;
        });

    /// <summary>Its parent has the result. From here on it is a session like any other.</summary>
    internal async Task EndWorkAsync(string status)
    {
        work = null;
        try
        {
            await mailbox.AskAsync(async () =>
            {
                if (shownRow is null && !ownsLog)
                {
                    return;
                }

                await OpenAsync().ConfigureAwait(false);
                try
                {
                    await AppendAsync([new AgentReleased(status)], durable: true).ConfigureAwait(false);
                }
                finally
                {
                    CloseIfCold();
                }
            }).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or System.Threading.Channels.ChannelClosedException)
        {
            // Its log ends with its last turn then: whoever opens it finds that ended, and nothing waits for it.
        }
    }

    /// <summary>Whether a turn is open, and whether nothing can begin one by itself.</summary>
    internal Task<(bool HasTurn, bool IsSettled)> StandsAsync() => mailbox.AskAsync(() =>
    {
        var hasTurn = turn is not null || state.TurnOpen;
        return ValueTask.FromResult((hasTurn, !hasTurn && state.LiveTasks.IsEmpty && !wakePlanned && !MayWake));
    });

    // While it works, what its parent may now is what it may; its own log has what that was at its beginning.
    private SessionFacts AsAgent(SessionFacts own)
    {
        if (own.Agent is not { } agent)
        {
            return own;
        }

        if (work is not { } now)
        {
            return own with { PermissionMode = PermissionModes.Stricter(own.PermissionMode, agent.Mode) };
        }

        var parents = now.Parent.Facts();
        return own with
        {
            PermissionMode = PermissionModes.Stricter(host.Policy.PermissionMode(parents), agent.Mode),
            Rules = [.. own.Rules.Union(parents.Rules)],
            IsForeground = () => own.IsForeground() || parents.IsForeground(),
        };
    }

    // A sub-agent starts none itself, and has no tool that its definition does not leave it.
    private IReadOnlyList<Tool> OfferedTools() => state.Agent is not { } agent
        ? ToolTable.All
        : [.. ToolTable.All.Where(t => t.Name != RunSubagentsTool.Name && (agent.Tools?.Contains(t.Name) ?? true))];
}
