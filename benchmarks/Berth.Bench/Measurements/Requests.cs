using System.Diagnostics;
using System.Text;
using Berth.Bench.Place;
using Berth.Core.Agent;
using Berth.Core.Log;
using Berth.Core.Models;
using Berth.Core.Settings;
using Berth.Core.Tools;
using Berth.Protocol.Events;

namespace Berth.Bench.Measurements;

/// <summary>
/// What a turn costs besides the model: the next request is written and its answer read, in a session that has 10, 1,000
/// and 10,000 events. The floor is the encoding of the same text, which nobody can do without.
/// </summary>
internal static class Requests
{
    private const int Pairs = 40;
    private const int Tokens = 200;

    private static readonly ModelSettings Settings = new("bench", "openai", "scripted", new Uri("http://127.0.0.1:1/v1"));

    private static readonly ToolDescription[] Tools =
        [.. ToolTable.All.Select(t => new ToolDescription(t.Name, t.Description, t.Schema))];

    public static Measurement Row { get; } = new("request", "a request is written and its answer read", Run);

    private static IReadOnlyList<Figure> Run(Programs programs) =>
    [
        .. new[] { 10, 1_000, 10_000 }.SelectMany(count => Sizes(programs, count)),
        new($"an answer of {Tokens} tokens is read", Parse(), Unit.Milliseconds),
    ];

    private static IEnumerable<Figure> Sizes(Programs programs, int count)
    {
        using var place = new Installation(programs);
        var session = Path.Combine(place.Paths.State, "sessions", LongSession.Write(place, count));
        var context = Fold(session);
        var openai = Body(Step(context, "openai"));
        yield return Written(count, "openai", context, openai);
        yield return Written(count, "anthropic", context, openai);

        var log = Path.Combine(session, SessionLog.FileName);
        var (bare, folded) = Samples.Paired(Pairs / 4, () => Timed(() => File.ReadAllBytes(log)), () => Timed(() => Fold(session)));
        yield return new Figure(
            $"{count:N0} events are read and folded", folded.Median, Unit.Milliseconds, new Floor("the file's bytes read", bare.Median));
    }

    private static Figure Written(int count, string provider, Context context, string text)
    {
        var (bare, built) = Samples.Paired(
            Pairs, () => Timed(() => Encoding.UTF8.GetBytes(text)), () => Timed(() => Body(Step(context, provider))));
        return new Figure(
            $"a request after {count:N0} events, {provider} ({text.Length / 1024:N0} KB)", built.Median, Unit.Milliseconds,
            new Floor("UTF-8 of its text", bare.Median));
    }

    private static Func<ReadOnlyMemory<byte>> Step(Context context, string provider)
    {
        var request = new ModelRequest(context.Instructions ?? "", context.Messages, Tools);
        var traits = new ServerTraits();
        return provider == "openai"
            ? () => OpenAiRequest.Write(request, Settings, traits)
            : () => AnthropicRequest.Write(request, Settings with { Provider = provider }, traits);
    }

    private static string Body(Func<ReadOnlyMemory<byte>> write) => Encoding.UTF8.GetString(write().Span);

    // A person has just asked something: the next step sends it all.
    private static Context Fold(string session)
    {
        var context = Context.Empty;
        SessionLog.Read(session, stored => context = context.Apply(stored.Event));
        return new SessionEvent[] { new UserMessage(LongSession.Question), new TurnStarted(9_999, "message"), new StepStarted(1, "bench") }
            .Aggregate(context, (so, e) => so.Apply(e));
    }

    private static double Parse()
    {
        var pieces = Enumerable.Range(0, Tokens).Select(i => Encoding.UTF8.GetBytes(
            $$"""{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"word{{i}} "},"finish_reason":null}]}""")).ToList();
        var times = new Samples();
        for (var i = 0; i < Pairs; i++)
        {
            times.Add(Timed(() =>
            {
                var reader = new OpenAiAnswer(new ModelRequest("", [], []), "m");
                var buffer = new PieceBuffer();
                foreach (var piece in pieces)
                {
                    reader.Read("message", piece, buffer);
                }
            }));
        }

        return times.Median;
    }

    private static double Timed(Action action)
    {
        var began = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }
}
