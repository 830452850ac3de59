using Berth.Protocol.Events;

namespace Berth.Core.Agent;

/// <summary>What a session's events say about its compactions.</summary>
internal sealed record CompactionState
{
    /// <summary>Why a turn began that only compacts.</summary>
    public const string Cause = "compact";

    /// <summary>What a person has asked for and is not done yet.</summary>
    public CompactionAsked? Asked { get; private init; }

    /// <summary>A summary is being made.</summary>
    public CompactionStarted? Running { get; private init; }

    /// <summary>The last one that succeeded.</summary>
    public ContextCompacted? Last { get; private init; }

    /// <summary>Why the last try failed; null when it did not.</summary>
    public CompactionFailed? Failed { get; private init; }

    /// <summary>How many succeeded or failed.</summary>
    public int Tries { get; private init; }

    /// <summary>
    /// The context's tokens after the last try, whatever came of it. Before it has grown from there by a good part,
    /// another try would only bring the same.
    /// </summary>
    public long TokensThen { get; private init; }

    /// <summary>A provider refused the context as too long, and it has been tried to shorten it since.</summary>
    public bool AnswersRefusal { get; private init; }

    /// <summary>The state after one more event.</summary>
    public CompactionState Apply(SessionEvent happened) => happened switch
    {
        CompactionAsked e => this with { Asked = e },
        CompactionStarted e => this with { Running = e, AnswersRefusal = AnswersRefusal || e.Cause == "refused" },
        ContextCompacted e => this with
        {
            Asked = null, Running = null, Failed = null, Last = e, TokensThen = e.TokensAfter, Tries = Tries + 1,
        },
        CompactionFailed e => this with { Asked = null, Running = null, Failed = e, TokensThen = e.Tokens, Tries = Tries + 1 },
        _ => this,
    };

    /// <summary>The model took the context and gave an answer.</summary>
    public CompactionState Answered() => AnswersRefusal ? this with { AnswersRefusal = false } : this;

    /// <summary>A turn ended.</summary>
    /// <param name="completed">What was asked for at its very end is still to be done.</param>
    public CompactionState TurnEnded(bool completed) =>
        this with { Asked = completed ? Asked : null, Running = null, AnswersRefusal = false };
}
