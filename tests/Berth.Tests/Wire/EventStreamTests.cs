using System.Buffers;
using System.Text;
using System.Text.Json;
using Berth.Core.Log;
using Berth.Daemon;
using Berth.Protocol.Events;
using Berth.Rendering;
using Berth.Views;
using Xunit;

namespace Berth.Tests.Wire;

/// <summary>What a client gets of a log: a script every line as it stands there, a view the same words in fewer events.</summary>
public sealed class EventStreamTests
{
    private readonly ArrayBufferWriter<byte> output = new();
    private long seq;

    [Fact]
    public void Without_joining_the_lines_come_as_they_stand_in_the_log()
    {
        var lines = Lines(new UserMessage("hi"), new TextAdded("a"), new TextAdded("b")).ToList();

        var sent = Sent(joins: false, lines);

        Assert.Equal(string.Join(',', lines.Select(l => Encoding.UTF8.GetString(l))), sent);
    }

    [Fact]
    public void Pieces_that_follow_each_other_become_one_at_the_place_of_the_last()
    {
        var sent = Events(Sent(joins: true, Lines(
            new ReasoningAdded("why "), new ReasoningAdded("not"), new TextAdded("a \"b\"\n"), new TextAdded("方🚢"),
            new StepEnded("stop", new Usage(), []), new TextAdded("c"), new StepRetrying(1, 5, "busy"), new TextAdded("d"))));

        Assert.Equal(
            [
                (2, new ReasoningAdded("why not")), (4, new TextAdded("a \"b\"\n方🚢")), (5, "step_ended"), (6, new TextAdded("c")),
                (7, "step_retrying"), (8, new TextAdded("d")),
            ],
            sent.Select(e => (e.Seq, e.Event is TextAdded or ReasoningAdded ? (object)e.Event : EventJson.NameOf(e.Event))));
    }

    [Fact]
    public void Joined_or_not_the_same_rows_are_drawn()
    {
        SessionEvent[] events =
        [
            new UserMessage("hi"), new TurnStarted(1, "message"), new StepStarted(1, "m"), new ReasoningAdded("I "), new ReasoningAdded("think."),
            new TextAdded("## Head"), new TextAdded("ing\n\nSome **bo"), new TextAdded("ld** text.\n\n```cs\nint"), new TextAdded(" i;\n```\n\n- a\n"),
            new TextAdded("- b\n"), new StepEnded("stop", new Usage(1, 1), []), new TurnEnded("completed", null, null, 1),
        ];

        Assert.Equal(Rows(Events(Sent(joins: false, Lines(events)))), Rows(Events(Sent(joins: true, Lines(events)))));
    }

    private static List<string> Rows(IEnumerable<StoredEvent> events)
    {
        var transcript = new Transcript(new MarkdownView());
        foreach (var e in events)
        {
            transcript.Apply(e);
        }

        var rows = new List<Row>();
        transcript.Commit(new DrawContext(60, DateTimeOffset.UnixEpoch, _ => []), rows);
        return rows.ConvertAll(r => r.Text);
    }

    private IEnumerable<byte[]> Lines(params SessionEvent[] events)
    {
        seq = 0;
        foreach (var e in events)
        {
            var json = new ArrayBufferWriter<byte>();
            EventJson.Write(json, new StoredEvent(++seq, DateTimeOffset.UnixEpoch, e));
            var line = new ArrayBufferWriter<byte>();
            LogLine.Seal(line, json.WrittenSpan);
            yield return line.WrittenSpan[..^1].ToArray();
        }
    }

    private string Sent(bool joins, IEnumerable<byte[]> lines)
    {
        output.Clear();
        var stream = new EventStream(output, joins);
        stream.Begin();
        foreach (var line in lines)
        {
            stream.Add(line);
        }

        Assert.True(stream.End());
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static List<StoredEvent> Events(string sent) =>
        [.. JsonDocument.Parse($"[{sent}]").RootElement.EnumerateArray().Select(e => EventJson.Read(Encoding.UTF8.GetBytes(e.GetRawText())))];
}
