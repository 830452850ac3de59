using Berth.Core.Log;
using Berth.Protocol.Events;

namespace Berth.Bench.Place;

/// <summary>
/// A session of many turns, as the daemon would have stored it: written by the log's own writer, event by event of a
/// real turn (a question, text in small pieces, a tool call, text again).
/// </summary>
internal static class LongSession
{
    /// <summary>What every turn asks.</summary>
    public const string Question = "What does the next part do?";

    private const int Pieces = 10;

    /// <summary>Writes the session into an installation whose daemon does not run.</summary>
    /// <param name="count">How many events it has.</param>
    /// <returns>Its id.</returns>
    public static string Write(Installation place, int count, string id = "5e55107e")
    {
        using var log = SessionLog.Open(Path.Combine(place.Paths.State, "sessions", id), TimeProvider.System, _ => { });
        _ = log.AppendAsync(0, Events(place, id, count), durable: true).AsTask().GetAwaiter().GetResult()
            ?? throw new IOException("The long session could not be written.");
        return id;
    }

    /// <summary>The events of such a session.</summary>
    public static IReadOnlyList<SessionEvent> Events(Installation place, string id, int count)
    {
        var events = new List<SessionEvent>
        {
            new SessionCreated(id, place.Project, place.Project, "session", null, "bench"),
            new WriterOpened("bench", "bench"),
        };
        for (var turn = 1; events.Count < count; turn++)
        {
            events.AddRange(Turn(turn));
        }

        // The last turn has an end like all others, whatever the count.
        events.RemoveRange(count - 1, events.Count - count + 1);
        events.Add(new TurnEnded("completed", null, null, 1.5));
        return events;
    }

    private static IEnumerable<SessionEvent> Turn(int turn)
    {
        var call = new ToolCall($"call_{turn}", "read", $$"""{"path":"src/part{{turn}}.cs"}""");
        yield return new UserMessage(Question);
        yield return new TurnStarted(turn, "message");
        yield return new StepStarted(1, "bench", turn == 1 ? "You are an agent." : null);
        foreach (var piece in Text($"I look at part {turn} first. "))
        {
            yield return piece;
        }

        yield return new StepEnded("tools", new Usage(1_000, 80), [call]);
        yield return new ToolStarted(call.Id);
        yield return new ToolEnded(call.Id, "ok", string.Concat(Enumerable.Repeat("     1\tpublic void Part();\n", 20)), "20 lines");
        yield return new StepStarted(2, "bench");
        foreach (var piece in Text($"## Part {turn}\n\nIt has **two** jobs:\n\n- it reads `input`,\n- it writes what it found.\n\n"))
        {
            yield return piece;
        }

        yield return new StepEnded("stop", new Usage(2_000, 90), []);
        yield return new TurnEnded("completed", null, null, 1.5);
    }

    private static IEnumerable<SessionEvent> Text(string first)
    {
        yield return new TextAdded(first);
        for (var i = 1; i < Pieces; i++)
        {
            yield return new TextAdded($"and then {i} more words of the answer ");
        }
    }
}
