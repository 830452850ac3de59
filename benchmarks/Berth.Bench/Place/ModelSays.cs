using Berth.Tests.Testing;

namespace Berth.Bench.Place;

/// <summary>What the model answers to which message. The words of a message choose the answer.</summary>
internal static class ModelSays
{
    /// <summary>Asks for one word, at once.</summary>
    public const string Hello = "Say hello.";

    /// <summary>Asks for <see cref="FastTokens"/> words as fast as they can be sent.</summary>
    public const string Fast = "Say all words at once.";

    /// <summary>Asks for <see cref="PacedTokens"/> words, one every <see cref="Pace"/>.</summary>
    public const string Paced = "Say the words slowly.";

    /// <summary>Asks for words, one every <see cref="Pace"/>, for longer than any measurement takes.</summary>
    public const string Endless = "Say words until you are stopped.";

    /// <summary>Asks for a call of <c>bash</c>: the command follows.</summary>
    public const string Run = "Run: ";

    /// <summary>Asks for a call of <c>bash</c> in the background: the command follows.</summary>
    public const string RunInBackground = "Run in the background: ";

    /// <summary>Asks for one word that takes a second.</summary>
    public const string Second = "Say it after a second.";

    private const string AgentsWord = "Sub-agents: ";

    /// <summary>Asks for a call of <c>RunSubagents</c>: so many with the same task.</summary>
    public static string Agents(int count, string task) => $"{AgentsWord}{count} {task}";

    public const int FastTokens = 20_000;
    public const int PacedTokens = 200;

    public static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private static readonly ModelScript HelloScript = ModelScript.Text("hello");
    private static readonly ModelScript FastScript = ModelScript.Words(FastTokens);
    private static readonly ModelScript PacedScript = ModelScript.Words(PacedTokens).Every(Pace);
    private static readonly ModelScript SecondScript = new ModelScript().Pause(TimeSpan.FromSeconds(1)).ThenText("said");
    private static readonly ModelScript EndlessScript = ModelScript.Words(6_000).Every(Pace);

    /// <summary>The answer to a request.</summary>
    public static ModelScript Answer(ModelServerRequest request) => request.LastResult is not null
        ? HelloScript
        : request.LastUser switch
        {
            Fast => FastScript,
            Paced => PacedScript,
            Second => SecondScript,
            Endless => EndlessScript,
            var text when text.StartsWith(AgentsWord) => CallOfAgents(text[AgentsWord.Length..]),
            var text when text.StartsWith(Run) => ModelScript.Call(
                "bash", $$"""{"command":{{ModelServerJson.Quote(text[Run.Length..])}}}"""),
            var text when text.StartsWith(RunInBackground) => ModelScript.Call(
                "bash", $$"""{"command":{{ModelServerJson.Quote(text[RunInBackground.Length..])}},"background":true}"""),
            _ => HelloScript,
        };

    private static ModelScript CallOfAgents(string words)
    {
        var space = words.IndexOf(' ');
        var task = $$"""{"task":{{ModelServerJson.Quote(words[(space + 1)..])}}}""";
        return ModelScript.Call("RunSubagents", $$"""{"subagents":[{{string.Join(',', Enumerable.Repeat(task, int.Parse(words[..space])))}}]}""");
    }
}
