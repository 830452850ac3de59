using Berth.Protocol.Events;

namespace Berth.Core.Sessions;

// The part of a session that brings a person's answers to the calls that wait for them.
internal sealed partial class Session
{
    /// <summary>Answers an open request; the first answer wins.</summary>
    /// <param name="request">Its id; null: the oldest open one.</param>
    /// <param name="answer">"yes", "no" or "always".</param>
    /// <returns>The request that was answered; null when it is not open (any more).</returns>
    /// <exception cref="IOException">The answer could not be stored.</exception>
    public async Task<RequestOpened?> AnswerAsync(string? request, string answer, string? text, TerminalEnvironment brings)
    {
        var open = await WithOpenAsync(() => ValueTask.FromResult(Open(request))).ConfigureAwait(false);
        return open switch
        {
            null => null,
            { Agent: null } => await AnswerOwnAsync(open.Request, answer, text, brings).ConfigureAwait(false),
            _ => await ForwardAnswerAsync(open, answer, text, brings).ConfigureAwait(false),
        };
    }

    private RequestOpened? Open(string? request) =>
        request is null ? state.Requests.FirstOrDefault() : state.Requests.Find(r => r.Request == request);

    private Task<RequestOpened?> AnswerOwnAsync(string request, string answer, string? text, TerminalEnvironment brings) =>
        WithOpenAsync(async () =>
        {
            environment ??= brings;
            if (Open(request) is not { } open)
            {
                return null;
            }

            var answered = new RequestAnswered(open.Request, answer, text);
            await AppendAsync([answered], durable: true).ConfigureAwait(false);
            if (answers.Remove(open.Request, out var waiting))
            {
                waiting.SetResult(answered);
            }

            return open;
        });

    private async Task<RequestAnswered> WaitForAnswerAsync(string request, CancellationToken cancellation)
    {
        var answer = await mailbox.AskAsync(() => new ValueTask<Task<RequestAnswered>>(AnswerTo(request)))
            .ConfigureAwait(false);
        return await answer.WaitAsync(cancellation).ConfigureAwait(false);
    }

    // An answer may have come between the request and this question.
    private Task<RequestAnswered> AnswerTo(string request)
    {
        if (state.Context.Calls.Find(c => c.Answer?.Request == request)?.Answer is { } answered)
        {
            return Task.FromResult(answered);
        }

        if (!answers.TryGetValue(request, out var waiting))
        {
            waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            answers[request] = waiting;
        }

        return waiting.Task;
    }
}
