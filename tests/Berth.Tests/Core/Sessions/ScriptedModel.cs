using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Berth.Core.Models;
using Berth.Core.Sessions;
using Berth.Tests.Testing;

namespace Berth.Tests.Core.Sessions;

/// <summary>
/// A model that says what a test tells it to, and remembers what it was asked. It holds every request against the rules
/// of a strict provider, and against what the same session sent before.
/// </summary>
internal sealed class ScriptedModel : IModel
{
    private readonly Lock gate = new();
    private readonly Queue<Answer> queue = new();
    private readonly List<Func<ModelRequest, Answer?>> rules = [];
    private readonly List<ModelRequest> requests = [];
    private readonly List<string> faults = [];
    private readonly Dictionary<string, List<string[]>> sent = [];

    /// <summary>What came, oldest first.</summary>
    public IReadOnlyList<ModelRequest> Requests
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    /// <summary>What came from one session.</summary>
    public IReadOnlyList<ModelRequest> RequestsOf(Session session) =>
        [.. Requests.Where(r => r.Instructions == ScriptedPolicy.InstructionsOf(session.Id))];

    /// <summary>Requests are held against what the same session sent before.</summary>
    public bool ComparesRequests { get; set; } = true;

    /// <summary>Something was prepared that nobody has asked for yet.</summary>
    public bool HasAnswers
    {
        get
        {
            lock (gate)
            {
                return queue.Count > 0;
            }
        }
    }

    /// <summary>The sessions of this test may be forked.</summary>
    public bool HasForks { get; set; }

    /// <summary>Its tokens are counted from the text; else every request has three, and every answer two.</summary>
    public bool CountsText { get; set; }

    /// <summary>What a strict provider would refuse.</summary>
    public IReadOnlyList<string> Faults
    {
        get
        {
            lock (gate)
            {
                return [.. faults];
            }
        }
    }

    /// <summary>Answers the next request that no rule answers.</summary>
    public ScriptedModel Answers(params IEnumerable<Answer> answers)
    {
        lock (gate)
        {
            foreach (var answer in answers)
            {
                queue.Enqueue(answer);
            }
        }

        return this;
    }

    /// <summary>Answers the next request with text.</summary>
    public ScriptedModel Answers(string text) => Answers(Answer.Of(text));

    /// <summary>Answers every request for which the rule has an answer.</summary>
    public ScriptedModel Always(Func<ModelRequest, Answer?> rule)
    {
        lock (gate)
        {
            rules.Add(rule);
        }

        return this;
    }

    /// <summary>The last request as lines: what the model was told at the end.</summary>
    public string[] LastRequest => Conversation.Lines(Requests[^1]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelPiece> AnswerAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var calls = new List<ModelToolCall>();
        var output = 2L;
        var input = CountsText ? Conversation.Lines(request).Sum(line => (long)line.Length) / 4 + 100 : 3;
        foreach (var step in Choose(request).Steps)
        {
            cancellation.ThrowIfCancellationRequested();
            switch (step)
            {
                case AnswerStep.Say say:
                    output += CountsText ? say.Text.Length / 4 : 0;
                    yield return new TextPiece(say.Text);
                    break;
                case AnswerStep.Wait wait:
                    yield return new WaitPiece(null, wait.Why);
                    break;
                case AnswerStep.Hold hold:
                    await PassAsync(hold.Gate, cancellation);
                    break;
                case AnswerStep.Call call:
                    calls.Add(new ModelToolCall(call.Id, call.Tool, call.Arguments));
                    break;
                case AnswerStep.Fail fail:
                    throw new ModelFailure(fail.What) { TooLong = fail.TooLong };
                case AnswerStep.Count count:
                    input = count.Input;
                    break;
            }
        }

        yield return new AnswerPiece(calls.Count > 0 ? "tools" : "stop", calls, new TokenCount(input, output, 0));
    }

    private static async Task PassAsync(ModelGate gate, CancellationToken cancellation)
    {
        try
        {
            await gate.PassAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // A connection takes a moment to close.
            await Task.Delay(TimeSpan.FromMilliseconds(5), CancellationToken.None);
            throw;
        }
    }

    private Answer Choose(ModelRequest request)
    {
        lock (gate)
        {
            requests.Add(request);
            Judge(request);
            var chosen = rules.Select(rule => rule(request)).FirstOrDefault(answer => answer is not null);
            return chosen ?? (queue.TryDequeue(out var next) ? next : Answer.Failing("The scripted model has no answer left."));
        }
    }

    private void Judge(ModelRequest request)
    {
        var lines = Conversation.Lines(request);
        if (Conversation.FaultOf(request) is { } fault)
        {
            faults.Add($"{fault}\n{string.Join('\n', lines)}");
        }

        if (request.IsForSummary)
        {
            return;
        }

        // Instructions name the session. What was sent stays the beginning of what is sent later; only a fork, which
        // shares them, goes back to an earlier request.
        var before = sent.TryGetValue(request.Instructions, out var known) ? known : sent[request.Instructions] = [];
        // After a compaction another beginning counts; a fork from before it goes on with the old one.
        var isCompacted = lines[0].StartsWith("user: [Context compacted]") && !before.Exists(b => b[0] == lines[0]);
        if (ComparesRequests && !isCompacted && before.Count > 0
            && !(HasForks ? before : [before[^1]]).Exists(b => lines.Take(b.Length).SequenceEqual(b)))
        {
            faults.Add($"What was sent has changed. Before:\n{string.Join('\n', before[^1])}\nNow:\n{string.Join('\n', lines)}");
        }

        before.Add(lines);
    }
}

/// <summary>One answer of the scripted model. Answers never change.</summary>
internal sealed record Answer(ImmutableList<AnswerStep> Steps)
{
    public static Answer Of(params IEnumerable<string> pieces) => new([.. pieces.Select(p => new AnswerStep.Say(p))]);

    /// <summary>A call of bash.</summary>
    public static Answer Bash(string command, string id = "c1", bool background = false) => new Answer([]).ThenBash(command, id, background);

    public static Answer Calling(string tool, string arguments, string id = "c1") => new([new AnswerStep.Call(id, tool, arguments)]);

    public static Answer Failing(string what) => new([new AnswerStep.Fail(what)]);

    /// <summary>What a provider says to a request that does not fit.</summary>
    public static Answer TooLong => new([new AnswerStep.Fail("That is too long.", TooLong: true)]);

    /// <summary>The provider counts so many tokens of input.</summary>
    public Answer ThenCounts(long input) => new(Steps.Add(new AnswerStep.Count(input)));

    /// <summary>Waits for the limits of its key first; null: it waits no longer.</summary>
    public static Answer Waiting(string? why) => new([new AnswerStep.Wait(why)]);

    public static Answer Held(ModelGate gate) => new([new AnswerStep.Hold(gate)]);

    public Answer Then(string text) => new(Steps.Add(new AnswerStep.Say(text)));

    public Answer ThenHold(ModelGate gate) => new(Steps.Add(new AnswerStep.Hold(gate)));

    public Answer ThenFail(string what) => new(Steps.Add(new AnswerStep.Fail(what)));

    public Answer ThenBash(string command, string id, bool background = false) => new(Steps.Add(new AnswerStep.Call(
        id, "bash", $$"""{"command":{{ModelServerJson.Quote(command)}},"background":{{(background ? "true" : "false")}}}""")));

    public Answer ThenCall(string tool, string arguments, string id) => new(Steps.Add(new AnswerStep.Call(id, tool, arguments)));
}

/// <summary>One step of an answer.</summary>
internal abstract record AnswerStep
{
    internal sealed record Say(string Text) : AnswerStep;

    internal sealed record Hold(ModelGate Gate) : AnswerStep;

    internal sealed record Wait(string? Why) : AnswerStep;

    internal sealed record Call(string Id, string Tool, string Arguments) : AnswerStep;

    internal sealed record Fail(string What, bool TooLong = false) : AnswerStep;

    internal sealed record Count(long Input) : AnswerStep;
}

/// <summary>A conversation as a test reads it, and as a strict provider judges it.</summary>
internal static class Conversation
{
    /// <summary>A line each: <c>user: …</c>, <c>assistant: … → bash(c1)</c>, <c>result c1: …</c>.</summary>
    public static string[] Lines(ModelRequest request) => [.. request.Messages.Select(Line)];

    /// <summary>What is wrong: every call is answered exactly once, right after the answer that made it.</summary>
    public static string? FaultOf(ModelRequest request)
    {
        var open = new HashSet<string>();
        var known = new HashSet<string>();
        ModelMessage? before = null;
        foreach (var message in request.Messages)
        {
            if (message is ToolResultEntry result && !open.Remove(result.CallId))
            {
                return $"a result for the call {result.CallId}, which is not open";
            }

            if (message is not ToolResultEntry && open.Count > 0)
            {
                return $"no result for the calls {string.Join(", ", open)}";
            }

            if (message is AssistantEntry answer)
            {
                foreach (var call in answer.Calls)
                {
                    if (!known.Add(call.Id) || !open.Add(call.Id))
                    {
                        return $"the id {call.Id} twice";
                    }
                }

                if (before is null or AssistantEntry)
                {
                    return "an answer to nothing";
                }
            }

            before = message;
        }

        return before is null or AssistantEntry ? "nothing to be answered" : open.Count > 0 ? "open calls at the end" : null;
    }

    private static string Line(ModelMessage message) => message switch
    {
        UserEntry user => $"user: {user.Text}",
        AssistantEntry answer => $"assistant: {answer.Text}{string.Concat(answer.Calls.Select(c => $" → {c.Tool}({c.Id})"))}",
        ToolResultEntry result => $"result {result.CallId}{(result.IsError ? " (error)" : "")}: {result.Output}",
        _ => throw new InvalidOperationException(),
    };
}
