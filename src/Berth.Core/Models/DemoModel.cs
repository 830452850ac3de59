using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Berth.Core.Models;

/// <summary>
/// An offline, scripted stand-in for a model, so that everything can be tried on a machine without any. It is honest
/// about being one, really calls tools, and answers the same thing to the same conversation.
/// </summary>
internal sealed class DemoModel(TimeProvider time) : IModel
{
    private const string Explanation =
        """
        I am **demo**, a scripted stand-in: no model is behind me and nothing leaves this machine. My tools are real.

        - `run: CMD` runs a shell command and repeats its output
        - `bg: CMD` runs it in the background and answers when it has ended
        - `write PATH: TEXT` writes a file
        - `agents: A | B | C` gives each task to a sub-agent
        - `wait N` talks for N seconds

        A real model: `/models /add NAME provider:openai model:M base_url:URL key:K`, then `/model NAME`.
        """;

    private const string Tide =
        "the tide comes in and lifts the boats at the berth and the tide goes out and sets them down again";

    private static readonly TimeSpan WordEvery = TimeSpan.FromMilliseconds(50);
    private static readonly string[] TideWords = Tide.Split(' ');

    /// <inheritdoc/>
    public async IAsyncEnumerable<ModelPiece> AnswerAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (request.IsForSummary)
        {
            var summary = SummaryOf(request);
            yield return new TextPiece(summary);
            yield return new AnswerPiece("stop", [], new TokenCount(WordsIn(request), WordsIn(summary), 0));
            yield break;
        }

        var words = 0;
        var news = DemoNews.Of(request.Messages);
        var line = news.Message is { } message ? DemoLine.Read(message) : null;
        var call = line is null ? null : CallFor(line, request.Messages.Count);
        var isOffered = call is not null && request.Tools.Any(t => t.Name == call.Tool);
        var spoken = string.Join("\n\n", news.Reports.Append(line switch
        {
            null or DemoLine.Wait => "",
            DemoLine.Other => Explanation,
            _ when !isOffered => $"I would call the tool `{call!.Tool}` for that, but it is not offered to me here.",
            DemoLine.Run { InBackground: true } run => $"I start `{run.Command}` in the background.",
            DemoLine.Run run => $"I run `{run.Command}`.",
            DemoLine.Write write => $"I write `{write.Path}`.",
            DemoLine.Agents { Tasks.Count: 1 } => "I hand this task to a sub-agent.",
            DemoLine.Agents agents => $"I hand {agents.Tasks.Count} tasks to sub-agents.",
            _ => "",
        }).Where(part => part.Length > 0));

        foreach (var piece in LinesOf(spoken))
        {
            cancellation.ThrowIfCancellationRequested();
            words += WordsIn(piece);
            yield return new TextPiece(piece);
        }

        if (line is DemoLine.Wait wait)
        {
            if (words > 0)
            {
                yield return new TextPiece("\n\n");
            }

            await foreach (var piece in TalkAsync(wait.Time, cancellation))
            {
                words++;
                yield return piece;
            }
        }

        IReadOnlyList<ModelToolCall> calls = isOffered ? [call!] : [];
        yield return new AnswerPiece(
            calls.Count > 0 ? "tools" : "stop", calls, new TokenCount(WordsIn(request), words, 0));
    }

    private async IAsyncEnumerable<TextPiece> TalkAsync(
        TimeSpan duration, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var start = time.GetTimestamp();
        var count = Math.Max(1, (int)Math.Round(duration / WordEvery));
        for (var i = 0; i < count; i++)
        {
            // Against the start, not the last word: small delays must not add up.
            var pause = duration * (i + 1) / count - time.GetElapsedTime(start);
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, time, cancellation);
            }

            cancellation.ThrowIfCancellationRequested();
            var isLast = i == count - 1;
            var isLineEnd = (i + 1) % TideWords.Length == 0;
            yield return new TextPiece(TideWords[i % TideWords.Length] + (isLast ? "." : isLineEnd ? ",\n" : " "));
        }
    }

    private static ModelToolCall? CallFor(DemoLine line, int number) => line switch
    {
        DemoLine.Run run => Call(number, "bash", run, static (writer, run) =>
        {
            writer.WriteString("command", run.Command);
            if (run.InBackground)
            {
                writer.WriteBoolean("background", true);
            }
        }),
        DemoLine.Write write => Call(number, "write", write, static (writer, write) =>
        {
            writer.WriteString("path", write.Path);
            writer.WriteString("content", write.Text);
        }),
        DemoLine.Agents agents => Call(number, "RunSubagents", agents, static (writer, agents) =>
        {
            writer.WriteStartArray("subagents");
            foreach (var task in agents.Tasks)
            {
                writer.WriteStartObject();
                writer.WriteString("task", task);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }),
        _ => null,
    };

    // The place in the conversation makes the id unique in it.
    private static ModelToolCall Call<T>(int number, string tool, T line, Action<Utf8JsonWriter, T> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer, line);
            writer.WriteEndObject();
        }

        return new ModelToolCall($"demo{number}", tool, Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    // A stand-in understands nothing, but it can count.
    private static string SummaryOf(ModelRequest request) =>
        $"demo cannot sum up. It was asked {request.Messages.OfType<UserEntry>().Count(m => !m.IsNotice)} times and made "
        + $"{request.Messages.OfType<AssistantEntry>().Sum(m => m.Calls.Count)} calls.";

    private static IEnumerable<string> LinesOf(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            yield return text[start..end];
            start = end;
        }
    }

    // The demo model has no tokens: its counts are words, of the conversation and of its answer.
    private static long WordsIn(ModelRequest request) =>
        WordsIn(request.Instructions) + request.Messages.Sum(message => (long)(message switch
        {
            UserEntry user => WordsIn(user.Text),
            AssistantEntry assistant => WordsIn(assistant.Text) + assistant.Calls.Sum(c => WordsIn(c.Arguments)),
            ToolResultEntry result => WordsIn(result.Output),
            _ => 0,
        }));

    private static int WordsIn(string text)
    {
        var words = 0;
        foreach (var range in text.AsSpan().SplitAny(" \t\r\n"))
        {
            words += range.Start.Value < range.End.Value ? 1 : 0;
        }

        return words;
    }
}
