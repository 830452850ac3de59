namespace Berth.Views;

// The part of a transcript that has an answer coming: text, reasoning, a countdown, and what waits behind them.
internal sealed partial class Transcript
{
    private AnswerBlock Answer()
    {
        reasoning?.End();
        reasoning = null;
        if (answer is null)
        {
            answer = new AnswerBlock(markdown);
            Add(answer);
        }

        return answer;
    }

    private ReasoningBlock Reasoning()
    {
        answer?.End();
        answer = null;
        if (reasoning is null)
        {
            reasoning = new ReasoningBlock();
            Add(reasoning);
        }

        return reasoning;
    }

    private void EndAnswer()
    {
        EndRetry();
        answer?.End();
        reasoning?.End();
        (answer, reasoning) = (null, null);
    }

    private void EndRetry()
    {
        if (wait is not null)
        {
            wait.Ended = true;
            wait = null;
        }

        if (retry is not null)
        {
            retry.Ended = true;
            retry = null;
        }
    }

    // Messages sent during a turn stand where the model got them, in the history as well.
    private void TakeQueued()
    {
        foreach (var block in queued)
        {
            ((MessageBlock)block).Take();
            Add(block);
        }

        queued.Clear();
    }
}
