using System.Collections.Immutable;
using System.Text;

namespace Berth.Tests.Testing;

/// <summary>One answer of the scripted server: what it says, how fast, how it breaks. Scripts never change.</summary>
internal sealed record ModelScript
{
    /// <summary>The HTTP status; null when the script sends every byte of the answer itself.</summary>
    public int? Status { get; private init; } = 200;

    /// <summary>The body of an answer that is no stream.</summary>
    public string? Body { get; private init; }

    /// <summary>Headers besides the usual ones.</summary>
    public ImmutableList<(string Name, string Value)> Headers { get; private init; } = [];

    /// <summary>What is said, in order.</summary>
    public ImmutableList<ModelStep> Steps { get; private init; } = [];

    /// <summary>The time from one step to the next; null for as fast as possible.</summary>
    public TimeSpan? Pace { get; private init; }

    /// <summary>Token counts; null when none are given.</summary>
    public ModelUsage? Usage { get; private init; } = new(11, 7, 0);

    /// <summary>The wire's word for the end; null for the usual one.</summary>
    public string? Stop { get; private init; }

    /// <summary>Answers with text, each string one token.</summary>
    public static ModelScript Text(params IEnumerable<string> tokens) => new ModelScript().ThenText(tokens);

    /// <summary>Answers with this many numbered words, "w1 w2 …", each one token.</summary>
    /// <param name="mark">Stands in every word, so that streams cannot be taken for each other.</param>
    public static ModelScript Words(int count, string mark = "w") =>
        Text(Enumerable.Range(1, count).Select(i => $"{mark}{i} "));

    /// <summary>Answers with a tool call.</summary>
    public static ModelScript Call(string tool, string arguments, string? id = null) =>
        new ModelScript().ThenCall(tool, arguments, id);

    /// <summary>Answers with an error in the wire's own form.</summary>
    public static ModelScript Error(int status, string message) => new()
    {
        Status = status,
        Body = $$"""{"type":"error","error":{"type":"scripted","message":{{ModelServerJson.Quote(message)}} } }""",
    };

    /// <summary>Answers with this status and body, whatever they are.</summary>
    public static ModelScript Http(int status, string body, string contentType = "application/json") =>
        new ModelScript { Status = status, Body = body }.WithHeader("Content-Type", contentType);

    /// <summary>Sends these bytes instead of an HTTP answer; the connection stays unless the script cuts it.</summary>
    public static ModelScript Bytes(string bytes) => new ModelScript { Status = null }.ThenBytes(bytes);

    /// <summary>A stream with these bytes as its body and nothing else.</summary>
    public static ModelScript Stream(string bytes) => new ModelScript().ThenBytes(bytes).AndNoMore();

    /// <summary>Goes on with text.</summary>
    public ModelScript ThenText(params IEnumerable<string> tokens) =>
        this with { Steps = Steps.AddRange(tokens.Select(t => new ModelStep.Say(t))) };

    /// <summary>Goes on with reasoning.</summary>
    public ModelScript ThenReasoning(params IEnumerable<string> tokens) =>
        this with { Steps = Steps.AddRange(tokens.Select(t => new ModelStep.Think(t))) };

    /// <summary>Goes on with a tool call, streamed in fragments.</summary>
    public ModelScript ThenCall(string tool, string arguments, string? id = null) =>
        With(new ModelStep.Call(tool, arguments, id));

    /// <summary>Goes on with these bytes in the body (Latin-1: a character is a byte).</summary>
    public ModelScript ThenBytes(string bytes) => With(new ModelStep.Send(Encoding.Latin1.GetBytes(bytes)));

    /// <summary>Waits until the test opens the gate.</summary>
    public ModelScript HoldFor(ModelGate gate) => With(new ModelStep.Hold(gate));

    /// <summary>Waits this long.</summary>
    public ModelScript Pause(TimeSpan time) => With(new ModelStep.Pause(time));

    /// <summary>Says nothing more and keeps the connection until the client leaves.</summary>
    public ModelScript FallSilent() => With(new ModelStep.Hold(new ModelGate()));

    /// <summary>Ends the connection here, in an orderly way or by a reset.</summary>
    public ModelScript Cut(bool reset = false) => With(new ModelStep.Cut(reset));

    /// <summary>Ends the body here in an orderly way, without the wire's last words.</summary>
    public ModelScript AndNoMore() => With(new ModelStep.EndBody());

    /// <summary>Lets this time pass from one step to the next.</summary>
    public ModelScript Every(TimeSpan pace) => this with { Pace = pace };

    /// <summary>Counts tokens so.</summary>
    public ModelScript Counts(long input, long output, long cached = 0) =>
        this with { Usage = new(input, output, cached) };

    /// <summary>Counts no tokens.</summary>
    public ModelScript CountsNothing() => this with { Usage = null };

    /// <summary>Ends with this word of the wire.</summary>
    public ModelScript Stops(string word) => this with { Stop = word };

    /// <summary>Adds a header to the answer.</summary>
    public ModelScript WithHeader(string name, string value) => this with { Headers = Headers.Add((name, value)) };

    private ModelScript With(ModelStep step) => this with { Steps = Steps.Add(step) };
}

/// <summary>One step of a script.</summary>
internal abstract record ModelStep
{
    internal sealed record Say(string Token) : ModelStep;

    internal sealed record Think(string Token) : ModelStep;

    internal sealed record Call(string Tool, string Arguments, string? Id) : ModelStep;

    internal sealed record Send(byte[] Bytes) : ModelStep;

    internal sealed record Hold(ModelGate Gate) : ModelStep;

    internal sealed record Pause(TimeSpan Time) : ModelStep;

    internal sealed record Cut(bool Reset) : ModelStep;

    internal sealed record EndBody : ModelStep;
}

/// <summary>Token counts of an answer; the cached ones are part of the input.</summary>
internal sealed record ModelUsage(long Input, long Output, long Cached);

/// <summary>Where a script waits for a test.</summary>
internal sealed class ModelGate
{
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A script has come to the gate and waits.</summary>
    public Task Reached => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Lets everyone through, now and later.</summary>
    public void Open() => _open.TrySetResult();

    internal Task PassAsync(CancellationToken cancellation)
    {
        _reached.TrySetResult();
        return _open.Task.WaitAsync(cancellation);
    }
}
