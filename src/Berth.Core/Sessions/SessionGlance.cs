using Berth.Core.Log;
using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

/// <summary>
/// Reads a session's log without the conversation in it: pieces of answers and outputs of tools are passed over unread.
/// What lists and views show is known then, at a fraction of the cost; the conversation is read when a turn needs it.
/// </summary>
internal sealed class SessionGlance(string directory)
{
    private SessionState state = new();
    private bool turnOpen;
    private bool answerOpen;
    private bool isQueued;

    /// <summary>The state after what was read; null when the conversation belongs to it, because something is under way.</summary>
    public SessionState? State => turnOpen || answerOpen || isQueued ? null : state.WithConversationIn(directory);

    /// <summary>How many turns began so far.</summary>
    public int Turns => state.Turns;

    /// <summary>A session's state as its files tell it.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static SessionState Read(string directory)
    {
        var glance = new SessionGlance(directory);
        SessionLog.Read(directory, glance.Take, glance.PassesOver);
        return glance.State ?? Whole(directory);
    }

    /// <summary>The state with the whole conversation.</summary>
    /// <param name="upTo">The last sequence number that counts.</param>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static SessionState Whole(string directory, long upTo = long.MaxValue)
    {
        var whole = new SessionState();
        SessionLog.Read(directory, e => whole = whole.Apply(e), upTo: upTo);
        return whole;
    }

    /// <summary>Takes an event that was read.</summary>
    public void Take(StoredEvent stored)
    {
        state = state.ApplyBesideConversation(stored);
        switch (stored.Event)
        {
            case UserMessage or NoticeAdded or RemarkAdded or ReminderAdded:
                isQueued = true;
                break;
            case TurnStarted:
                turnOpen = true;
                break;
            case StepEnded step:
                answerOpen = step.Calls.Count > 0;
                break;
            case TurnEnded or SessionForked:
                (turnOpen, answerOpen) = (false, false);
                break;
        }
    }

    /// <summary>Whether a line need not be read.</summary>
    /// <param name="fields">The line from the name of its kind on.</param>
    public bool PassesOver(long seq, ReadOnlySpan<byte> fields)
    {
        var isStep = fields.StartsWith("step_started\""u8);
        if (isStep || fields.StartsWith("text_added\""u8) || fields.StartsWith("tool_ended\""u8)
            || fields.StartsWith("tool_started\""u8) || fields.StartsWith("reasoning_added\""u8)
            || fields.StartsWith("writer_opened\""u8))
        {
            isQueued &= !isStep;
            answerOpen |= isStep;
            state = state.PassOver(seq);
            return true;
        }

        return false;
    }
}
